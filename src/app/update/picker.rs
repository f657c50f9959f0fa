//! Lists to choose from: what is in them, and what a choice does.

use serde_json::Value as Json;

use super::Out;
use super::copy::copy;
use super::histogram::breakdown_field;
use super::motion::Motion;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::{
    App, BreakdownChoice, DocumentView, Layer, Picker, PickerItem, PickerKind, mark,
};
use crate::app::work::Choice;
use crate::query::{Breakdown, Hit, Interval};

/// Widths of bars that can be chosen, in milliseconds, with their names.
const WIDTHS: [(&str, i64); 14] = [
    ("1s", 1_000),
    ("5s", 5_000),
    ("10s", 10_000),
    ("30s", 30_000),
    ("1m", 60_000),
    ("5m", 300_000),
    ("10m", 600_000),
    ("30m", 1_800_000),
    ("1h", 3_600_000),
    ("3h", 10_800_000),
    ("6h", 21_600_000),
    ("12h", 43_200_000),
    ("100ms", 100),
    ("10ms", 10),
];

impl App {
    /// Opens a list; `choices` are what its lines do.
    pub(super) fn open_picker(
        &mut self,
        kind: PickerKind,
        title: &str,
        lines: Vec<(PickerItem, Choice)>,
    ) {
        let (items, choices) = lines.into_iter().unzip();
        self.picker = Some(Picker::of(kind, title, items));
        self.work.choices = choices;
        self.focus.open(Layer::Picker);
    }

    pub(super) fn move_picker(&mut self, motion: Motion) {
        let page = usize::from(self.geometry.list_rows);
        if let Some(picker) = &mut self.picker {
            let length = picker.matched.len();
            motion.apply(&mut picker.cursor, &mut picker.top, length, page);
        }
    }

    /// Does what the line under the cursor stands for.
    pub(super) fn submit_picker(&mut self, out: &mut Out) {
        let Some(picker) = &self.picker else { return };
        let Some((index, _)) = picker.current() else { return };
        let listed = self.work.choices.get(index).cloned();
        let Some(choice) = listed.or_else(|| self.typed_choice()) else { return };
        self.focus.close(Layer::Picker);
        self.picker = None;
        match choice {
            Choice::Run(action) => self.act(action, None, out),
            Choice::Breakdown(choice) => self.set_breakdown(choice, out),
            Choice::Interval(interval) => {
                self.histogram.interval = interval;
                self.ask_totals(out);
            }
            Choice::Column(field) => self.toggle_column(&field, out),
            Choice::Saved(name) => out.push(Effect::LoadSaved(name)),
            Choice::Delete(sure) => {
                if let Some(name) = self.work.condemned.take().filter(|_| sure) {
                    out.push(Effect::DeleteSaved(name));
                }
            }
            Choice::Theme(name) => {
                self.theme.clone_from(&name);
                out.push(Effect::SetTheme(name));
            }
            Choice::Value { field, value, negate } => {
                self.filter_value(&field, &value, negate, out);
            }
            Choice::CopyText(text) => copy(&text, out),
            Choice::Source(args) => out.push(Effect::OpenSources(args)),
            Choice::DataView(name) => {
                self.tell(format!("Opens {name} ..."), out);
                out.push(Effect::OpenDataView(name));
            }
            Choice::TimeField(name) => out.push(Effect::UseTimeField(name)),
        }
    }

    /// All actions by name.
    pub(super) fn open_palette(&mut self) {
        let line = |action: &Action| {
            let key = self.keymap.keys_of(action.name()).unwrap_or_default();
            let label = action.name().to_owned();
            let detail = action.title().to_owned();
            (PickerItem { label, detail, key, on: false }, Choice::Run(*action))
        };
        let typing = [Action::Submit, Action::Accept, Action::AcceptFix, Action::Complete];
        let shown = Action::ALL.iter().filter(|action| !typing.contains(action));
        let lines = shown.map(line).collect();
        self.open_picker(PickerKind::Palette, "Actions", lines);
    }

    /// What the bars can be stacked by.
    pub(super) fn open_breakdowns(&mut self) {
        let chosen = self.histogram.breakdown.clone();
        let line = |label: &str, detail: &str, choice: BreakdownChoice| {
            let on = choice == chosen;
            let item = PickerItem {
                label: label.to_owned(),
                detail: detail.to_owned(),
                on,
                ..PickerItem::default()
            };
            (item, Choice::Breakdown(choice))
        };
        let mut lines = vec![
            line("Automatic", "status class, else level", BreakdownChoice::Auto),
            line("None", "plain bars", BreakdownChoice::None),
        ];
        let automatic = self.automatic_breakdowns();
        for by in &automatic {
            let detail = match by {
                Breakdown::StatusClass { .. } => "status classes",
                _ => "levels",
            };
            lines.push(line(breakdown_field(by), detail, BreakdownChoice::By(by.clone())));
        }
        for field in self.status.view.fields.iter().filter(|field| field.aggregatable) {
            let by = Breakdown::Values { field: field.name.clone(), top: 5 };
            if mark(field) != "d" {
                lines.push(line(&field.name, "top values", BreakdownChoice::By(by)));
            }
        }
        self.open_picker(PickerKind::Breakdown, "Break down by", lines);
    }

    /// Widths of bars.
    pub(super) fn open_intervals(&mut self) {
        let chosen = self.histogram.interval;
        let line = |label: &str, interval: Option<Interval>| {
            let on = interval == chosen;
            let item = PickerItem { label: label.to_owned(), on, ..PickerItem::default() };
            (item, Choice::Interval(interval))
        };
        let mut lines = vec![line("Automatic", None)];
        for (label, millis) in WIDTHS {
            lines.push(line(label, Some(Interval::Fixed { millis })));
        }
        lines.push(line("Day", Some(Interval::Day)));
        lines.push(line("Week", Some(Interval::Week)));
        lines.push(line("Month", Some(Interval::Month)));
        lines.push(line("Year", Some(Interval::Year)));
        self.open_picker(PickerKind::Interval, "Interval of the bars", lines);
    }

    /// Columns to add or take away, those that are shown first.
    pub(super) fn open_columns(&mut self) {
        let view = self.status.view.clone();
        let columns = self.table.columns.clone();
        let others = view.fields.iter().map(|field| &field.name);
        let others = others.filter(|name| !columns.contains(name) && **name != self.time_field());
        let lines = columns.iter().chain(others).map(|name| {
            let detail = self.mark_of(name).to_owned();
            let on = columns.contains(name);
            let item = PickerItem { label: name.clone(), detail, on, ..PickerItem::default() };
            (item, Choice::Column(name.clone()))
        });
        let lines = lines.collect();
        self.open_picker(PickerKind::Columns, "Columns", lines);
    }

    /// The values of a record, to filter for or out.
    pub(super) fn open_values(&mut self, hit: &Hit, negate: bool) {
        let title = if negate { "Filter out" } else { "Filter for" };
        let lines = self.value_lines(hit, |field, value| Choice::Value {
            field: field.to_owned(),
            value: value.clone(),
            negate,
        });
        self.open_picker(PickerKind::Values, title, lines);
    }

    /// The values of a record as lines of a list.
    pub(super) fn value_lines(
        &self,
        hit: &Hit,
        choice: impl Fn(&str, &Json) -> Choice,
    ) -> Vec<(PickerItem, Choice)> {
        let mut view = DocumentView::of(hit.clone(), true);
        view.rebuild(&|name| self.mark_of(name));
        let long = ["event.original", "@timestamp"];
        let line = |field: &crate::app::state::DocumentField| {
            let label = format!("{}: {}", field.name, field.text);
            let item = PickerItem { label, detail: field.mark.to_owned(), ..PickerItem::default() };
            (item, choice(&field.name, &field.value))
        };
        let (last, first): (Vec<_>, Vec<_>) =
            view.fields.iter().partition(|field| long.contains(&field.name.as_str()));
        first.into_iter().chain(last).map(line).collect()
    }

    /// Themes.
    pub(super) fn open_themes(&mut self) {
        let line = |name: &String| {
            let on = *name == self.theme;
            let item = PickerItem { label: name.clone(), on, ..PickerItem::default() };
            (item, Choice::Theme(name.clone()))
        };
        let lines = self.themes.iter().map(line).collect();
        self.open_picker(PickerKind::Theme, "Theme", lines);
    }
}
