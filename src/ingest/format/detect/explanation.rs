//! Why a file has the format that it has, for `peavey formats --explain`.

use std::fmt;

use crate::ingest::format::wrapper::Wrapper;

/// A format that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Sample lines that it fits.
    pub fits: usize,
    /// Sample lines that may begin records.
    pub of: usize,
}

/// How the choice was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Sample lines looked at.
    pub lines: usize,
    /// The wrapper that was taken off them.
    pub wrapper: Option<Wrapper>,
    /// What was tried.
    pub tried: Vec<Candidate>,
    /// What was taken, in order, with the lines that each has taken.
    pub chosen: Vec<(String, usize)>,
    /// Sample lines that nothing has taken.
    pub unmatched: usize,
}

impl Explanation {
    pub(super) fn new(lines: usize, wrapper: Option<Wrapper>) -> Self {
        Self { lines, wrapper, tried: Vec::new(), chosen: Vec::new(), unmatched: 0 }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} sample lines from the file's head, middle and tail", self.lines)?;
        if let Some(wrapper) = self.wrapper {
            writeln!(f, "taken off each line: {}", wrapper.title())?;
        }
        for tried in self.tried.iter().filter(|tried| tried.fits > 0) {
            writeln!(
                f,
                "  {:<16} fits {:>4} of {}  ({})",
                tried.name, tried.fits, tried.of, tried.title
            )?;
        }
        for (index, (title, lines)) in self.chosen.iter().enumerate() {
            let role = if index == 0 { "main format" } else { "also" };
            writeln!(f, "{role}: {title} ({lines} lines)")?;
        }
        if self.unmatched > 0 {
            writeln!(
                f,
                "{} lines fit none: they continue a record, or stand alone, tagged",
                self.unmatched
            )?;
        }
        Ok(())
    }
}
