//! Everything that the screen shows, and nothing else: one struct for each panel.
//!
//! `ui` reads it, [`update`](super::update) writes it. It holds no handle to anything outside.

mod document;
mod field_list;
mod fields;
mod find;
mod focus;
mod geometry;
mod histogram;
mod inspect;
mod keys;
mod nothing;
mod overlay;
mod picker;
mod pill;
mod progress;
mod prompt;
mod query_bar;
mod surroundings;
mod table;
mod time_picker;

use std::sync::Arc;

pub use document::{DocumentField, DocumentTab, DocumentView, JsonLine};
pub use field_list::{FieldList, FieldRow, OpenFacet, Section};
pub use fields::mark;
pub use find::Find;
pub use focus::{Focus, Layer, Pane};
pub use geometry::Geometry;
pub use histogram::{BreakdownChoice, HistogramState};
pub use inspect::{Inspect, InspectTab};
pub use nothing::{NothingFound, Offer};
pub use overlay::{Ask, AskKind, Help, HelpSection, Passing, Reader};
pub use picker::{Matched, Offered, Picker, PickerItem, PickerKind, SourceRow};
pub use pill::{Operator, PillEditor, PillPart};
pub use progress::{Progress, Running, Slot};
pub use prompt::Prompt;
pub use query_bar::{QueryBar, Suggestion, SuggestionKind, Suggestions};
pub use surroundings::Surroundings;
pub use table::{Follow, Table, Wrap, value_text};
pub use time_picker::{QUICK, QuickRange, TimePart, TimePicker, UNITS};

use super::work::Work;
use crate::config::{Key, Keymap};
pub use crate::query::{Filter, FilterKind, Language, QueryConfig, Question};
use crate::query::{Status, Total, Warning, WarningKind};
pub use crate::time::TimeSpec;
use crate::time::{Millis, TimeRange, Weekday, Zone};

/// What was asked and what can be undone: query, pills and time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// Query and pills.
    pub question: Question,
    /// The time range as written.
    pub span: TimeSpec,
}

/// The state of the screen.
#[derive(Debug, Clone)]
pub struct App {
    /// The wall clock, as the shell last told it.
    pub now: Millis,
    /// The zone of every time shown.
    pub zone: Zone,
    /// The first day of the week in time ranges, if one is set.
    pub week_start: Option<Weekday>,
    /// Sizes of the panels as last drawn.
    pub geometry: Geometry,
    /// Who gets keys.
    pub focus: Focus,
    /// Keys pressed of a longer sequence; what may follow is [`App::continuations`].
    pub pending: Vec<Key>,
    /// A count typed before a key (`12j`).
    pub count: Option<usize>,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// The source: its name, fields, formats, how far it is read.
    pub status: Arc<Status>,
    /// What is asked: query, pills, time.
    pub asked: Asked,
    /// What the time range came to when it was last asked.
    pub range: TimeRange,
    /// The query bar.
    pub query: QueryBar,
    /// The pill under the cursor, an index into the question's filters.
    pub pill: usize,
    /// The pill editor, while its layer is open.
    pub pill_editor: PillEditor,
    /// The time picker, while its layer is open.
    pub time: TimePicker,
    /// Hits, so far or in all.
    pub total: Option<Total>,
    /// Whether [`App::total`] is final.
    pub total_complete: bool,
    /// What is to be known about the answers (failed shards, sampling, damage).
    pub warnings: Vec<Warning>,
    /// Warnings that have been read and put away: only their mark stays.
    pub dismissed: Vec<Warning>,
    /// The bars.
    pub histogram: HistogramState,
    /// The field list.
    pub fields: FieldList,
    /// The rows.
    pub table: Table,
    /// Why there are no rows, and ways out.
    pub nothing: NothingFound,
    /// The open document, while its layer is open.
    pub document: Option<DocumentView>,
    /// Surrounding records, while their layer is open.
    pub surroundings: Option<Surroundings>,
    /// Find.
    pub find: Find,
    /// The list to choose from, while its layer is open.
    pub picker: Option<Picker>,
    /// A question for one line, while its layer is open.
    pub ask: Option<Ask>,
    /// Help, while its layer is open.
    pub help: Help,
    /// A text to read, while its layer is open.
    pub reader: Reader,
    /// The requests behind the answer, while their layer is open.
    pub inspect: Inspect,
    /// A message for a few seconds.
    pub passing: Option<Passing>,
    /// What is being worked on.
    pub progress: Progress,
    /// Ask again every so many milliseconds.
    pub refresh_every: Option<i64>,
    /// The theme's name.
    pub theme: String,
    /// Names of themes to choose from.
    pub themes: Vec<String>,
    /// How queries are read.
    pub query_config: QueryConfig,
    /// What update remembers and nobody draws.
    pub(in crate::app) work: Work,
    /// Whether the screen has been left: the shell ends.
    pub quitting: bool,
}

impl App {
    /// An empty screen over a source that has said nothing yet.
    #[must_use]
    pub fn new(keymap: Arc<Keymap>, zone: Zone) -> Self {
        Self {
            now: Millis::default(),
            zone,
            week_start: None,
            geometry: Geometry::default(),
            focus: Focus::default(),
            pending: Vec::new(),
            count: None,
            keymap,
            status: Arc::new(Status::default()),
            asked: Asked::default(),
            range: TimeRange::ALL,
            query: QueryBar::default(),
            pill: 0,
            pill_editor: PillEditor::default(),
            time: TimePicker::default(),
            total: None,
            total_complete: false,
            warnings: Vec::new(),
            dismissed: Vec::new(),
            histogram: HistogramState::default(),
            fields: FieldList { open: true, ..FieldList::default() },
            table: Table::default(),
            nothing: NothingFound::default(),
            document: None,
            surroundings: None,
            find: Find::default(),
            picker: None,
            ask: None,
            help: Help::default(),
            reader: Reader::default(),
            inspect: Inspect::default(),
            passing: None,
            progress: Progress::default(),
            refresh_every: None,
            theme: String::new(),
            themes: Vec::new(),
            query_config: QueryConfig::default(),
            work: Work::default(),
            quitting: false,
        }
    }

    /// Why what is on the screen is not the answer to the question, where the panels themselves
    /// still show an answer from before.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let rows = self.table.error.as_deref().filter(|_| !self.table.hits.is_empty());
        let bars = self.histogram.error.as_deref().filter(|_| self.histogram.bars.is_some());
        rows.or(bars)
    }

    /// The warnings that are told in words, the worst first: those that change what the numbers
    /// mean and have not been put away.
    #[must_use]
    pub fn told_warnings(&self) -> Vec<&Warning> {
        let mut told: Vec<&Warning> = self.warnings.iter().collect();
        told.retain(|told| told.kind > WarningKind::Note && !self.dismissed.contains(told));
        told.sort_by_key(|told| std::cmp::Reverse(told.kind));
        told
    }
}
