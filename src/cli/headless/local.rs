//! Local sources opened for one pass, and opened again as the screen has them.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::open::{self, Opening};
use crate::ingest::tail::may_appear;
use crate::ingest::{self, Discovered};
use crate::source::local::scan::Opened;
use crate::source::local::{LocalSource, Options};

/// Logs that do not exist yet are looked for so often.
const AWAITED: Duration = Duration::from_millis(200);

/// Opened local sources.
pub(super) struct Local {
    /// Opened for one pass.
    pub(super) opened: Opened,
    found: Discovered,
    options: Options,
}

impl Local {
    /// Finds and opens what an opening names.
    ///
    /// # Errors
    /// A text for the user: a wrong option, or nothing that can be read.
    pub(super) fn open(opening: &Opening<'_>) -> Result<Self, String> {
        let options = open::local_options(opening)?;
        let mut found = open::discover(opening.sources, options.follow)?;
        while found.sets.is_empty() {
            // Only where logs are followed that do not exist yet.
            std::thread::sleep(AWAITED);
            found = ingest::discover(&found.arguments, &ingest::discover::Options::default());
        }
        let opened = Opened::open(&found, options.clone());
        if opened.is_empty() {
            let said: Vec<&str> = opened.notices().iter().map(|notice| &*notice.message).collect();
            return Err(format!("nothing to read\n{}", said.join("\n")).trim_end().to_owned());
        }
        Ok(Self { opened, found, options })
    }

    /// Whether following is wanted, and there are files to follow; pipes go on by themselves.
    pub(super) fn can_grow(&self) -> bool {
        let may_appear = || !may_appear(&self.found.arguments, &self.found.names()).is_empty();
        let can_grow = self.found.sets.iter().any(|set| set.can_grow);
        self.options.follow && (can_grow || may_appear())
    }

    /// The sources as the screen has them, for what one pass cannot answer.
    pub(super) fn source(&self, follow: bool) -> Arc<LocalSource> {
        let options = Options { follow, ..self.options.clone() };
        LocalSource::open(self.found.clone(), options)
    }
}
