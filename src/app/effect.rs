//! What update wants to be done: commands for the shell.

use super::message::Timer;
use super::state::{Asked, BreakdownChoice, Slot};
use crate::query::{SearchRequest, Sort};

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the source, and stop what runs in that slot.
    Ask(Slot, SearchRequest),
    /// Stop what runs in that slot.
    Cancel(Slot),
    /// Start a timer of so many milliseconds.
    SetTimer(Timer, u32),
    /// Stop a timer.
    ClearTimer(Timer),
    /// Start or stop following the source's growth.
    Follow(bool),
    /// Tell what was sent to servers lately.
    Inspect,
    /// Put a text on the clipboard.
    Copy(String),
    /// Write a text to a new file.
    WriteFile { path: String, text: String },
    /// Add a query to the history that is kept.
    Remember(String),
    /// Read the list of saved queries.
    ListSaved,
    /// Read a saved query.
    LoadSaved(String),
    /// Write a saved query.
    SaveQuery { name: String, view: Box<SavedView> },
    /// Delete a saved query.
    DeleteSaved(String),
    /// Use a theme.
    SetTheme(String),
    /// List what can be opened instead of what is open.
    ListSources,
    /// Open what was picked.
    OpenSources(Vec<String>),
    /// Open another data view of the cluster that is open: a name or a pattern.
    OpenDataView(String),
    /// Open the same again with another time field (`-` is none).
    UseTimeField(String),
    /// Stop the program as Ctrl-Z does, until it is brought back.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// What a saved query keeps of the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Query, pills and time.
    pub asked: Asked,
    /// Columns; empty is the summary.
    pub columns: Vec<String>,
    /// The order; `None` leaves it as it is.
    pub sort: Option<Sort>,
    /// The breakdown.
    pub breakdown: BreakdownChoice,
}

impl Eq for SavedView {}
