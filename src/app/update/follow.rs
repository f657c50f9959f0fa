//! Following the end of a growing log.

use super::Out;
use crate::app::effect::Effect;
use crate::app::state::{App, Follow};
use crate::app::work::Landing;
use crate::query::SortOrder;

impl App {
    /// Starts or stops following. While following the table is oldest first and stays at its end;
    /// afterwards it has the order that it had before.
    pub(super) fn toggle_follow(&mut self, out: &mut Out) {
        if self.table.follow == Follow::Off {
            self.start_follow(out);
            return;
        }
        self.table.follow = Follow::Off;
        out.push(Effect::Follow(false));
        let landing = self.landing_here();
        if let Some(order) = self.table.order_before_follow.take() {
            self.table.sort.order = order;
        }
        self.search_from(landing, out);
    }

    /// Starts following.
    pub(super) fn start_follow(&mut self, out: &mut Out) {
        self.table.order_before_follow = Some(self.table.sort.order);
        self.table.sort.field = self.time_field().to_owned();
        self.table.sort.order = SortOrder::Ascending;
        self.table.follow = Follow::Live;
        out.push(Effect::Follow(true));
        if self.work.started {
            self.search_from(Landing::End, out);
        }
    }

    /// Asks the question in force again, to be somewhere.
    pub(super) fn search_from(&mut self, landing: Landing, out: &mut Out) {
        if let Err(finding) = self.search(self.asked.clone(), landing, out) {
            self.warn(finding.to_string(), out);
        }
    }

    /// Records that came since following was paused.
    #[must_use]
    pub fn came_since_pause(&self) -> u64 {
        match self.table.follow {
            Follow::Paused { since } => {
                self.total.map_or(0, |total| total.hits.saturating_sub(since))
            }
            Follow::Off | Follow::Live => 0,
        }
    }
}
