//! The bars: answers, the automatic breakdown, moving, selecting a span, picking a class.

use super::Out;
use super::motion::Motion;
use crate::app::state::{App, BreakdownChoice, FilterKind, Pane};
use crate::event::ViewField;
use crate::query::aggregate::{LEVEL_FIELDS, STATUS_FIELDS};
use crate::query::{Breakdown, Histogram};

/// Values that a breakdown by values is stacked by; the rest is "other".
const TOP: usize = 5;

impl App {
    /// Takes bars.
    pub(super) fn on_bars(&mut self, bars: Histogram, complete: bool, out: &mut Out) {
        let start = |bars: &Histogram, at: usize| bars.buckets.get(at).map(|bar| bar.start);
        let cursor = self.histogram.bars.as_ref().and_then(|b| start(b, self.histogram.cursor));
        let anchor = self.histogram.anchor;
        let anchor = self.histogram.bars.as_ref().and_then(|b| start(b, anchor?));
        let find = |at| bars.buckets.partition_point(|bar| bar.start <= at).saturating_sub(1);
        let last = bars.buckets.len().saturating_sub(1);
        self.histogram.cursor = cursor.map_or(last, find);
        self.histogram.anchor = anchor.map(find);
        let series = bars.series.len();
        self.histogram.series = self.histogram.series.filter(|at| *at < series);
        let empty = complete && holds_nothing(&bars);
        self.histogram.bars = Some(bars);
        self.histogram.complete = complete;
        self.histogram.error = None;
        if empty && self.histogram.breakdown == BreakdownChoice::Auto {
            self.reject_breakdown(out);
        }
    }

    /// The automatic breakdown turned out to hold nothing here: the next candidate is tried.
    fn reject_breakdown(&mut self, out: &mut Out) {
        if let Some(by) = self.histogram.by.take() {
            self.histogram.rejected.push(by);
            self.choose_breakdown_field();
            self.ask_totals(out);
        }
    }

    /// Finds what the bars are to be stacked by.
    pub(super) fn choose_breakdown_field(&mut self) {
        self.histogram.by = match &self.histogram.breakdown {
            BreakdownChoice::None => None,
            BreakdownChoice::By(by) => Some(by.clone()),
            BreakdownChoice::Auto => {
                let mut candidates = self.automatic_breakdowns();
                candidates.retain(|by| !self.histogram.rejected.contains(by));
                candidates.into_iter().next()
            }
        };
    }

    /// Status and level fields of the data view, as breakdowns, best first.
    pub(super) fn automatic_breakdowns(&self) -> Vec<Breakdown> {
        let view = &self.status.view;
        // Text is counted by its keyword.
        let countable = |name: &&str| -> Option<String> {
            let name = self.facet_field(name);
            let field = view.field(&name)?;
            let fits = matches!(field.kind.as_str(), "number" | "string" | "conflict");
            (fits && field.aggregatable).then_some(name)
        };
        let status = STATUS_FIELDS.iter().filter_map(countable);
        let status = status.map(|field| Breakdown::StatusClass { field });
        let level = LEVEL_FIELDS.iter().filter_map(countable);
        let level = level.map(|field| Breakdown::Level { field });
        status.chain(level).collect()
    }

    /// The breakdown that fits a field: classes for statuses and levels, else its top values.
    pub(super) fn breakdown_of(&self, field: &str) -> Breakdown {
        let automatic = self.automatic_breakdowns();
        let field = self.facet_field(field);
        let known = automatic.into_iter().find(|by| breakdown_field(by) == field);
        known.unwrap_or(Breakdown::Values { field, top: TOP })
    }

    /// Stacks the bars by the field under the cursor.
    pub(super) fn break_down_here(&mut self, out: &mut Out) {
        let Some(field) = self.field_here() else { return };
        let by = self.breakdown_of(&field);
        self.set_breakdown(BreakdownChoice::By(by), out);
    }

    pub(super) fn set_breakdown(&mut self, choice: BreakdownChoice, out: &mut Out) {
        self.histogram.breakdown = choice;
        self.histogram.series = None;
        self.histogram.rejected.clear();
        self.ask_totals(out);
    }

    /// Moves along the bars.
    pub(super) fn move_bars(&mut self, motion: Motion) {
        let bars = self.histogram.bars.as_ref().map_or(0, |bars| bars.buckets.len());
        let mut top = 0;
        motion.apply(&mut self.histogram.cursor, &mut top, bars, 20);
    }

    /// Picks a class of the legend; after the last comes none.
    pub(super) fn step_series(&mut self, step: isize) {
        let count = self.histogram.bars.as_ref().map_or(0, |bars| bars.series.len());
        let places = isize::try_from(count).unwrap_or(0) + 1;
        let here = self.histogram.series.map_or(0, |at| at as isize + 1);
        let next = (here + step).rem_euclid(places);
        self.histogram.series = usize::try_from(next - 1).ok();
    }

    /// Begins to select a span at the cursor, or lets go of it.
    pub(super) fn select_span(&mut self) {
        if self.focus.pane == Pane::Histogram && self.histogram.anchor.is_some() {
            self.histogram.anchor = None;
            return;
        }
        let from_table = self.focus.pane != Pane::Histogram;
        if from_table && let Some(at) = self.table.current().and_then(|hit| hit.time) {
            let bars = self.histogram.bars.as_ref().map_or(&[][..], |bars| &bars.buckets);
            let place = bars.partition_point(|bar| bar.start <= at).saturating_sub(1);
            self.histogram.cursor = place;
        }
        self.go_to(Pane::Histogram);
        if self.histogram.bars.as_ref().is_some_and(|bars| !bars.buckets.is_empty()) {
            self.histogram.anchor = Some(self.histogram.cursor);
        }
    }

    pub(super) fn toggle_histogram(&mut self) {
        self.histogram.hidden = !self.histogram.hidden;
        if self.histogram.hidden && self.focus.pane == Pane::Histogram {
            self.go_to(Pane::Table);
        }
    }

    /// Filters for (or out) the picked class of the legend.
    pub(super) fn filter_series(&mut self, negate: bool, out: &mut Out) {
        let (Some(by), Some(bars)) = (self.histogram.by.clone(), &self.histogram.bars) else {
            self.tell("The bars have no classes; B chooses a breakdown.", out);
            return;
        };
        let Some(series) = self.histogram.series.and_then(|at| bars.series.get(at)) else {
            self.tell("Pick a class of the legend with j and k first.", out);
            return;
        };
        let field = breakdown_field(&by).to_owned();
        let listed: Vec<_> = bars.series.iter().filter_map(|series| series.value.clone()).collect();
        let label = series.label.clone();
        let value = series.value.clone();
        if let Breakdown::StatusClass { .. } = by
            && let Some(class) =
                label.strip_suffix("xx").and_then(|class| class.parse::<i64>().ok())
        {
            let bound = |class: i64| self.number_or_text(&field, class * 100);
            let (from, to) = (Some(bound(class)), Some(bound(class + 1)));
            self.put_filter(FilterKind::Between { field, from, to }, negate, out);
            return;
        }
        match value {
            Some(value) => self.put_filter(FilterKind::Is { field, value }, negate, out),
            None if label == "missing" => {
                self.put_filter(FilterKind::Exists { field }, !negate, out);
            }
            None if listed.is_empty() => self.tell("This class has no filter of its own.", out),
            None => {
                let kind = FilterKind::IsOneOf { field, values: listed };
                self.put_filter(kind, !negate, out);
            }
        }
    }

    /// A number as a field of this type compares it.
    fn number_or_text(&self, field: &str, number: i64) -> serde_json::Value {
        let is_number = |field: &ViewField| field.kind == "number";
        if self.status.view.field(field).is_none_or(is_number) {
            number.into()
        } else {
            number.to_string().into()
        }
    }
}

/// The field of a breakdown.
pub(super) fn breakdown_field(by: &Breakdown) -> &str {
    match by {
        Breakdown::Values { field, .. }
        | Breakdown::StatusClass { field }
        | Breakdown::Level { field } => field,
    }
}

/// Whether there are documents but none in a class.
fn holds_nothing(bars: &Histogram) -> bool {
    let classes = bars.series.iter().filter(|series| {
        series.value.is_some() || !matches!(series.label.as_str(), "other" | "missing")
    });
    let counted: u64 = classes.map(|series| series.count).sum();
    counted == 0 && bars.buckets.iter().any(|bar| bar.count > 0)
}
