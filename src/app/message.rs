//! What can happen to the screen: one closed list.

use std::sync::Arc;

use super::state::Geometry;
use crate::config::Key;
use crate::query::{Exchange, Status, Update};
use crate::time::Millis;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// The wall clock; told before other messages whenever it matters.
    ClockTicked(Millis),
    /// A key was pressed.
    KeyPressed(Key),
    /// A text was pasted.
    Pasted(String),
    /// The screen was drawn and its panels have these sizes.
    LaidOut(Geometry),
    /// A part of a request was answered.
    Answered(Update),
    /// The source has changed: more is read, records came, fields were found.
    StatusChanged(Arc<Status>),
    /// Following is wanted from the start.
    FollowWanted,
    /// A timer that was set has run out.
    TimerFired(Timer),
    /// An effect has come to its end.
    Done(Outcome),
}

/// Timers; setting one that runs starts it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// Work has taken long enough to say so.
    Working,
    /// The message in the last line has been read.
    Passing,
    /// Typing has paused: ask for suggestions.
    Suggest,
    /// The source has changed, or the screen its size: ask again.
    Stale,
    /// Ask again every so often.
    Refresh,
}

/// How an effect ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It worked; a sentence for the last line.
    Told(String),
    /// It failed; a sentence that says why.
    Failed(String),
    /// The saved queries have changed or were read.
    SavedListed(Vec<SavedEntry>),
    /// A saved query was read.
    SavedLoaded(Box<crate::app::SavedView>),
    /// What can be opened instead, or more about it.
    SourcesListed(super::state::Offered),
    /// The picked source is open; its status follows.
    SourceOpened,
    /// What was sent to servers lately, oldest first.
    Inspected(Vec<Exchange>),
}

/// A saved query as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedEntry {
    /// Its name, unique in the list.
    pub name: String,
    /// What it looks for.
    pub description: String,
    /// Whether it can be deleted (shipped ones cannot).
    pub own: bool,
}
