//! Inspect: the requests behind the present answer are fetched, chosen, scrolled and copied.

use serde_json::json;

use super::Out;
use super::copy::copy;
use crate::app::effect::Effect;
use crate::app::state::{App, Inspect, InspectTab, Layer, Slot};
use crate::query::{Exchange, Search, SortOrder, dsl};

/// Calls that were made for no request: so many of the last are listed.
const OTHERS: usize = 8;

impl App {
    /// Asks for what was sent.
    pub(super) fn open_inspect(out: &mut Out) {
        out.push(Effect::Inspect);
    }

    /// Shows what was sent.
    pub(super) fn on_inspected(&mut self, exchanges: Vec<Exchange>) {
        let again = self.focus.has(Layer::Inspect);
        let before = std::mem::take(&mut self.inspect);
        self.inspect = Inspect {
            calls: self.calls_of_answer(exchanges),
            question: self.work.search.as_ref().map_or_else(String::new, |s| self.console_of(s)),
            read: self.what_was_read(),
            tab: before.tab,
            at: if again { before.at } else { 0 },
            ..Inspect::default()
        };
        if !again {
            // The first that asks something, rather than the opening of a point in time.
            let asks = |call: &Exchange| call.console.contains('\n');
            self.inspect.at = self.inspect.calls.iter().position(asks).unwrap_or(0);
        }
        self.inspect.at = self.inspect.at.min(self.inspect.calls.len().saturating_sub(1));
        if self.inspect.calls.is_empty() {
            self.inspect.tab = InspectTab::Request;
        }
        self.show_call();
        self.focus.open(Layer::Inspect);
    }

    /// Those of the requests whose answers are on the screen, rows first; then a few others.
    fn calls_of_answer(&self, exchanges: Vec<Exchange>) -> Vec<Exchange> {
        let latest = &self.work.latest;
        let slot = |call: &Exchange| {
            latest.iter().find(|(_, asked)| Some(asked.id) == call.request).map(|(slot, _)| *slot)
        };
        let (mut own, others): (Vec<Exchange>, Vec<Exchange>) =
            exchanges.into_iter().partition(|call| slot(call).is_some());
        own.sort_by_key(slot);
        let mut others: Vec<Exchange> =
            others.into_iter().filter(|call| call.request.is_none()).collect();
        own.extend(others.drain(others.len().saturating_sub(OTHERS)..));
        own
    }

    /// The question as Elasticsearch's console would take it.
    fn console_of(&self, search: &Search) -> String {
        let order = match search.sort.order {
            SortOrder::Ascending => "asc",
            SortOrder::Descending => "desc",
        };
        let time_field = self.status.view.time_field_name.as_deref();
        let field = if search.sort.field.is_empty() { "_doc" } else { &search.sort.field };
        let body = json!({
            "query": dsl::to_json(&search.clause_in_range(time_field)),
            "sort": [{ field: { "order": order } }],
        });
        format!("GET /_search\n{}", dsl::indented(&body.to_string()))
    }

    /// How long the parts of the answer took, seen from here, and what there was to read.
    fn what_was_read(&self) -> Vec<String> {
        let mut said = Vec::new();
        for (slot, name) in [
            (Slot::Rows, "rows"),
            (Slot::Totals, "hits and histogram"),
            (Slot::Facets, "values of fields"),
        ] {
            if let Some(took) = self.work.latest.get(&slot).and_then(|asked| asked.took) {
                said.push(format!("{name} after {took} ms"));
            }
        }
        said
    }

    /// Shows the chosen side of the chosen call from its beginning.
    fn show_call(&mut self) {
        let text = self.inspect.text(self.inspect.tab);
        self.inspect.lines = text.lines().map(str::to_owned).collect();
        self.inspect.top = 0;
    }

    /// Chooses the next call, or the one before.
    pub(super) fn step_call(&mut self, step: isize) {
        let last = self.inspect.calls.len().saturating_sub(1);
        self.inspect.at = self.inspect.at.saturating_add_signed(step).min(last);
        self.show_call();
    }

    /// Shows the next side of the call, or the one before.
    pub(super) fn step_inspect_tab(&mut self, forward: bool) {
        if self.inspect.calls.is_empty() {
            return;
        }
        let all = InspectTab::ALL;
        let here = all.iter().position(|tab| *tab == self.inspect.tab).unwrap_or(0);
        let step = if forward { 1 } else { all.len() - 1 };
        self.inspect.tab = all[(here + step) % all.len()];
        self.show_call();
    }

    /// Copies a side of the call, or what is shown.
    pub(super) fn copy_call(&mut self, tab: Option<InspectTab>, out: &mut Out) {
        if self.focus.top() == Some(Layer::Inspect) {
            copy(&self.inspect.text(tab.unwrap_or(self.inspect.tab)), out);
        }
    }
}
