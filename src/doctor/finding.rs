//! One check's outcome.

/// How a check ended, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It could not be made: not allowed, or not there.
    Skipped,
    /// All is well.
    Ok,
    /// Something that should be looked at.
    Warning,
    /// Something that is broken.
    Problem,
}

impl Grade {
    /// Its name, as printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What a check saw, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's name.
    pub check: &'static str,
    /// How it ended.
    pub grade: Grade,
    /// What was seen, in one sentence without its period.
    pub seen: String,
    /// More of it, a line each.
    pub details: Vec<String>,
    /// What to do.
    pub advice: Option<String>,
    /// The command or request that does it, to be copied.
    pub command: Option<String>,
}

impl Finding {
    /// A finding of a grade.
    #[must_use]
    pub fn new(check: &'static str, grade: Grade, seen: impl Into<String>) -> Self {
        Self { check, grade, seen: seen.into(), details: Vec::new(), advice: None, command: None }
    }

    /// All is well.
    #[must_use]
    pub fn ok(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Grade::Ok, seen)
    }

    /// It could not be checked.
    #[must_use]
    pub fn skipped(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Grade::Skipped, seen)
    }

    /// Something that should be looked at.
    #[must_use]
    pub fn warning(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Grade::Warning, seen)
    }

    /// Something that is broken.
    #[must_use]
    pub fn problem(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Grade::Problem, seen)
    }

    /// With what to do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// With the command or request that does it.
    #[must_use]
    pub fn run(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// With further lines.
    #[must_use]
    pub fn detail(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(lines);
        self
    }
}
