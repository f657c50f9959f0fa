//! What update remembers and the screen does not show: the search in force, requests under way,
//! what can be undone.

use std::collections::BTreeMap;

use super::state::{Asked, Slot};
use crate::query::{Cursor, HitId, Page, RequestId, Search, Warning};

/// A record and where it stood on the screen, to return to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Place {
    /// The record.
    pub(in crate::app) id: HitId,
    /// Its place in the answer.
    pub(in crate::app) cursor: Cursor,
    /// Lines above it on the screen.
    pub(in crate::app) line: usize,
}

/// Where the table is to be once new rows have come.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum Landing {
    /// On the first row.
    Top,
    /// On the last row.
    End,
    /// On that record, else on what is now in its place.
    Near(Place),
    /// On that record, else on the first row.
    OnOrTop(Place),
}

/// The rows that were asked for, as far as they have come.
#[derive(Debug, Clone)]
pub(in crate::app) struct RowsAsked {
    /// Where to be.
    pub(in crate::app) landing: Landing,
    /// Rows from the anchor on.
    pub(in crate::app) after: Option<Page>,
    /// Rows before the anchor.
    pub(in crate::app) before: Option<Page>,
    /// Whether rows have been shown already (later answers then move nothing).
    pub(in crate::app) shown: bool,
}

/// The extension of the window that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum MoreAsked {
    /// Rows after the window; it ended here when they were asked for.
    After { kept: usize },
    /// Rows before the window; so many of them have been put in.
    Before { put: usize },
}

/// A change that can be undone: what was asked before it and where the cursor was.
#[derive(Debug, Clone)]
pub(in crate::app) struct Snapshot {
    pub(in crate::app) asked: Asked,
    pub(in crate::app) place: Option<Place>,
}

/// A request that was sent, and how long its answer took, in milliseconds, once it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Asking {
    pub(in crate::app) id: RequestId,
    pub(in crate::app) took: Option<i64>,
}

/// What answers of a kind warned of: those of the request before count until the present one is
/// answered completely.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Warned {
    pub(in crate::app) id: RequestId,
    pub(in crate::app) before: Vec<Warning>,
    pub(in crate::app) now: Vec<Warning>,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Work {
    /// Warnings by the kind of request that they came with.
    pub(in crate::app) warned: BTreeMap<Slot, Warned>,
    /// The last number given to a request.
    pub(in crate::app) last_id: RequestId,
    /// The last request of each kind for the question in force.
    pub(in crate::app) latest: BTreeMap<Slot, Asking>,
    /// The search in force.
    pub(in crate::app) search: Option<Search>,
    /// Rows under way, and after they have come.
    pub(in crate::app) rows: Option<RowsAsked>,
    /// The extension under way.
    pub(in crate::app) more: Option<MoreAsked>,
    /// Fields of the facet request under way, in its order.
    pub(in crate::app) facets: Vec<String>,
    /// What the picker's lines stand for, where names do not say it.
    pub(in crate::app) choices: Vec<Choice>,
    /// Which way the find under way goes.
    pub(in crate::app) find_direction: Option<crate::query::Direction>,
    /// Whether the timer for stale answers runs.
    pub(in crate::app) stale_timer: bool,
    /// Changes that can be undone, the newest last.
    pub(in crate::app) undo: Vec<Snapshot>,
    /// Changes that can be redone.
    pub(in crate::app) redo: Vec<Snapshot>,
    /// Whether a list of what can be opened is awaited.
    pub(in crate::app) listing: bool,
    /// What was offered to be opened.
    pub(in crate::app) offered: super::state::Offered,
    /// Whether a source is to be picked before anything can be asked.
    pub(in crate::app) picking: bool,
    /// Whether the first search has been asked.
    pub(in crate::app) started: bool,
    /// Whether the width of the histogram has changed since it was asked for.
    pub(in crate::app) resized: bool,
    /// Saved query that is to be deleted when confirmed.
    pub(in crate::app) condemned: Option<String>,
    /// Whether relative times count from the newest record instead of the clock.
    pub(in crate::app) now_is_end: bool,
}

/// What a line of a picker does when it is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum Choice {
    /// Runs an action.
    Run(super::Action),
    /// Stacks the histogram.
    Breakdown(super::state::BreakdownChoice),
    /// Sets the width of bars.
    Interval(Option<crate::query::Interval>),
    /// Adds a column or takes it away.
    Column(String),
    /// Opens a saved query.
    Saved(String),
    /// Deletes the condemned query, or not.
    Delete(bool),
    /// Uses a theme.
    Theme(String),
    /// Makes a pill of a field's value.
    Value {
        /// The field.
        field: String,
        /// Its value.
        value: serde_json::Value,
        /// Whether to filter it out.
        negate: bool,
    },
    /// Copies a value.
    CopyText(String),
    /// Opens a source.
    Source(Vec<String>),
    /// Opens a data view.
    DataView(String),
    /// Takes another time field.
    TimeField(String),
}
