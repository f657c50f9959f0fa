//! The states of several sources as one.

use std::sync::{Arc, Mutex, PoisonError};

use super::view;
use crate::event::DataView;
use crate::query::{Notice, Status};

/// Makes one state of many; keeps the merged view while no source's own changes.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    view: Mutex<Option<Views>>,
}

/// The views of the sources, and the one made of them.
#[derive(Debug)]
struct Views {
    own: Vec<Arc<DataView>>,
    merged: Arc<DataView>,
    /// How often a source's own view has changed: then the same question may mean something else
    /// to it, which is told as a new generation.
    changes: u64,
}

impl Joiner {
    /// The state of all sources, each with its name.
    pub(super) fn join(&self, members: &[(&str, Arc<Status>)]) -> Status {
        let each = || members.iter().map(|(_, status)| status);
        // The names by which records say where they are from.
        let title = members.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" + ");
        let bytes = each().filter_map(|status| status.bytes_total);
        let notices = members.iter().flat_map(|(name, status)| {
            status.notices.iter().map(move |notice| Notice {
                message: format!("{name}: {}", notice.message),
                details: notice.details.clone(),
            })
        });
        let (view, changes) = self.view(members, &title);
        Status {
            generation: each().map(|status| status.generation).sum::<u64>() + changes,
            view,
            title,
            formats: each().flat_map(|status| status.formats.iter().cloned()).collect(),
            bytes_total: bytes.reduce(|a, b| a + b),
            bytes_done: each().map(|status| status.bytes_done).sum(),
            records: each().map(|status| status.records).sum(),
            without_time: each().map(|status| status.without_time).sum(),
            complete: each().all(|status| status.complete),
            first: each().filter_map(|status| status.first).min(),
            last: each().filter_map(|status| status.last).max(),
            notices: notices.collect(),
            time_candidates: Vec::new(),
        }
    }

    fn view(&self, members: &[(&str, Arc<Status>)], title: &str) -> (Arc<DataView>, u64) {
        let mut kept = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        let own: Vec<Arc<DataView>> =
            members.iter().map(|(_, status)| Arc::clone(&status.view)).collect();
        let mut changes = 0;
        if let Some(Views { own: known, merged, changes: before }) = &*kept {
            changes = before + 1;
            let is_same = known.iter().zip(&own).all(|(a, b)| Arc::ptr_eq(a, b));
            if is_same && merged.title == title {
                return (Arc::clone(merged), *before);
            }
        }
        let named = members.iter().zip(&own);
        let views: Vec<(&str, &DataView)> =
            named.map(|((name, _), view)| (*name, &**view)).collect();
        let merged = Arc::new(view::merged(&views, title));
        *kept = Some(Views { own, merged: Arc::clone(&merged), changes });
        (merged, changes)
    }
}
