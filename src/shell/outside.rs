//! Everything of the machine that effects touch: files, themes, the clipboard's limits.
//!
//! A field for each, so that tests can leave them out and never write to somebody's home.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::stream::BoxStream;

use super::input::Input;
use super::latency::Latency;
use crate::app::SavedEntry;
use crate::app::SavedView;
use crate::app::state::Offered;
use crate::config::Paths;
use crate::config::saved::{Library, Origin};
use crate::source::Source;
use crate::theme::{Charset, ColorDepth, Theme};

/// Opens sources, and knows which are open.
pub trait Opener: Send + Sync {
    /// Opens sources given as arguments of the command line.
    ///
    /// # Errors
    /// Why they cannot be opened.
    fn open(&self, sources: Vec<String>) -> anyhow::Result<Arc<dyn Source>>;

    /// Opens another data view of the cluster that is open: a name or a pattern.
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn open_view(&self, pattern: &str) -> anyhow::Result<Arc<dyn Source>>;

    /// Opens the same again with another time field (`-` is none).
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn use_time_field(&self, field: &str) -> anyhow::Result<Arc<dyn Source>>;

    /// Lists what can be opened instead: tells it again and again as more is known, until `tell`
    /// says that nobody listens.
    ///
    /// # Errors
    /// Why there is no list.
    fn list(&self, tell: &mut dyn FnMut(Offered) -> bool) -> anyhow::Result<()>;
}

/// Makes the stream of inputs anew, after another program had the terminal.
pub type InputMaker = Box<dyn Fn() -> BoxStream<'static, Input> + Send>;

/// Past queries that are kept in the file.
const HISTORY: usize = 500;

/// The outside, as far as the screen reaches it.
pub struct Outside {
    /// Folders of this user; `None` keeps nothing.
    pub paths: Option<Paths>,
    /// Further folders of saved queries.
    pub queries: Vec<PathBuf>,
    /// Opens sources.
    pub opener: Option<Arc<dyn Opener>>,
    /// Colours that the terminal has.
    pub depth: ColorDepth,
    /// Characters that the terminal has.
    pub charset: Charset,
    /// Whether the next frame panics: for tests of what becomes of the terminal then.
    pub panics: bool,
    /// Makes the stream of inputs.
    pub input_maker: InputMaker,
    /// Measures how long keys take to be seen.
    pub latency: Option<Arc<Latency>>,
}

impl Outside {
    /// An outside that keeps nothing and opens nothing: that of tests.
    #[must_use]
    pub fn none() -> Self {
        Self {
            paths: None,
            queries: Vec::new(),
            opener: None,
            depth: ColorDepth::True,
            charset: Charset::Unicode,
            panics: false,
            input_maker: Box::new(|| Box::pin(futures_util::stream::pending())),
            latency: None,
        }
    }

    /// A way to make inputs later, without holding on to anything else.
    pub(super) fn inputs(&self) -> &(dyn Fn() -> BoxStream<'static, Input> + Send) {
        &self.input_maker
    }

    /// A theme by name: the user's file, else the shipped one, else the default.
    #[must_use]
    pub fn theme(&self, name: &str) -> Theme {
        let name = if name.is_empty() { crate::theme::DEFAULT } else { name };
        if let Some(paths) = &self.paths {
            let file = paths.themes().join(format!("{name}.toml"));
            if let Ok(text) = fs::read_to_string(&file) {
                let (theme, findings) =
                    Theme::from_text(&file.display().to_string(), &text, self.depth, self.charset);
                for finding in findings {
                    tracing::warn!(%finding, "theme");
                }
                return theme;
            }
        }
        let shipped = Theme::shipped(name, self.depth, self.charset);
        shipped.unwrap_or_else(|error| {
            tracing::warn!(%error, "theme");
            Theme::shipped(crate::theme::DEFAULT, self.depth, self.charset)
                .expect("the default theme is compiled in")
        })
    }

    /// Names of themes that can be chosen.
    #[must_use]
    pub fn theme_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Theme::names().map(str::to_owned).collect();
        let own = self.paths.iter().flat_map(|paths| fs::read_dir(paths.themes())).flatten();
        for entry in own.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ext| ext == "toml")
                && let Some(name) = path.file_stem().and_then(|stem| stem.to_str())
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Past queries, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<String> {
        let Some(paths) = &self.paths else { return Vec::new() };
        let text = fs::read_to_string(paths.history()).unwrap_or_default();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let spare = lines.len().saturating_sub(HISTORY);
        lines.into_iter().skip(spare).collect()
    }

    /// Adds a query to those that are kept.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember(&self, query: &str) -> io::Result<()> {
        let Some(paths) = &self.paths else { return Ok(()) };
        let path = paths.history();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = private().append(true).create(true).open(&path)?;
        writeln!(file, "{}", query.replace(['\n', '\r'], " "))
    }

    /// Writes a text to a new file.
    ///
    /// # Errors
    /// There is such a file already, or it cannot be written.
    pub fn write_file(path: &str, text: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(text.as_bytes())
    }

    /// All saved queries in sight.
    fn library(&self) -> Library {
        let here = std::env::current_dir().unwrap_or_default();
        let (library, findings) = Library::load(self.paths.as_ref(), &here, &self.queries);
        for finding in findings {
            tracing::warn!(%finding, "saved query");
        }
        library
    }

    /// Saved queries that can be opened.
    #[must_use]
    pub fn list_saved(&self) -> Vec<SavedEntry> {
        let library = self.library();
        let entries = library.entries().iter().map(|entry| SavedEntry {
            name: entry.query.name.clone(),
            description: entry.query.description.clone(),
            own: matches!(entry.origin, Origin::User(_)),
        });
        entries.collect()
    }

    /// A saved query.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn load_saved(&self, name: &str) -> Result<SavedView, String> {
        let library = self.library();
        let entry = library.find(name).map_err(|error| error.to_string())?;
        Ok(SavedView::from(&entry.query))
    }

    /// Saves a query in the user's folder.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn save_query(&self, name: &str, view: &SavedView) -> Result<(), String> {
        let saved = self.library().save(view.to_saved(name));
        saved.map(drop).map_err(|error| format!("Cannot save \"{name}\": {error}."))
    }

    /// Deletes a saved query of the user's.
    ///
    /// # Errors
    /// Why it cannot be deleted.
    pub fn delete_saved(&self, name: &str) -> Result<(), String> {
        self.library().delete(name).map_err(|error| error.to_string())
    }
}

/// Files that only the user may read, where they are made anew.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}
