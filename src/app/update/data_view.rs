//! What is open: another data view, other sources, another time field.

use super::Out;
use crate::app::effect::Effect;
use crate::app::state::{App, Follow, Offered, PickerItem, PickerKind};
use crate::app::work::Choice;
use crate::event::ViewField;

/// What stands for "no time field" where one is named.
const NO_TIME: &str = "-";

impl App {
    /// Whether records have a time, as far as is known.
    #[must_use]
    pub fn has_time(&self) -> bool {
        let view = &self.status.view;
        view.fields.is_empty() || view.time_field_name.is_some()
    }

    /// Lists what can be opened; nothing else can be done before something is.
    #[must_use]
    pub fn pick_source(&mut self, offered: Offered) -> Vec<Effect> {
        self.work.picking = true;
        // Names are there at once; what else is known of data views comes later.
        let more = offered.cluster.is_some().then_some(Effect::ListSources);
        self.offer(offered);
        more.into_iter().collect()
    }

    /// Asks for what could be opened instead.
    pub(super) fn list_sources(&mut self, out: &mut Out) {
        self.work.listing = true;
        out.push(Effect::ListSources);
    }

    /// Shows what can be opened, or more about it.
    pub(super) fn on_offered(&mut self, offered: Offered) {
        let kind = kind_of(&offered);
        let open = self.picker.as_mut().filter(|picker| picker.kind == kind);
        if let Some(picker) = open {
            let (items, choices) = lines(&offered).into_iter().unzip();
            picker.replace(items);
            self.work.choices = choices;
            self.work.offered = offered;
        } else if std::mem::take(&mut self.work.listing) {
            self.offer(offered);
        }
    }

    fn offer(&mut self, offered: Offered) {
        let title = match &offered.cluster {
            Some(cluster) => format!("Data views of {cluster}"),
            None => "Open logs".to_owned(),
        };
        self.work.listing = false;
        self.open_picker(kind_of(&offered), &title, lines(&offered));
        self.work.offered = offered;
    }

    /// What was to be opened could not be: offers the others again where nothing is open.
    pub(super) fn offer_again(&mut self) {
        if self.work.picking && self.picker.is_none() {
            let offered = std::mem::take(&mut self.work.offered);
            self.offer(offered);
        }
    }

    /// What a typed line of the list stands for.
    pub(super) fn typed_choice(&self) -> Option<Choice> {
        let picker = self.picker.as_ref().filter(|picker| picker.kind == PickerKind::DataViews)?;
        let (_, item) = picker.current()?;
        Some(Choice::DataView(item.label.clone()))
    }

    /// Another source has been opened: what belonged to the one before goes.
    pub(super) fn enter_source(&mut self, out: &mut Out) {
        self.work.picking = false;
        if !self.work.started {
            return;
        }
        self.focus.layers.clear();
        self.picker = None;
        // What was said about opening is over; what the source has to say stays.
        self.passing = self.passing.take().filter(|said| said.severity.is_some());
        self.document = None;
        self.surroundings = None;
        self.fields.facets.clear();
        self.histogram.rejected.clear();
        self.histogram.bars = None;
        self.histogram.error = None;
        self.total = None;
        self.table.error = None;
        let view = self.status.view.clone();
        if !view.fields.is_empty() {
            self.table.columns.retain(|column| view.field(column).is_some());
            self.table.column = None;
            if view.field(&self.table.sort.field).is_none() {
                self.table.sort.field.clear();
            }
        }
        if self.table.follow == Follow::Live {
            out.push(Effect::Follow(true));
        }
        self.rebuild_fields();
    }

    /// Dates that can be the time field, to choose from.
    pub(super) fn open_time_fields(&mut self, out: &mut Out) {
        let view = self.status.view.clone();
        let mut names = self.status.time_candidates.clone();
        let is_date = |field: &&ViewField| {
            field.kind == "date" && field.nested_path().is_none() && field.parent().is_none()
        };
        for field in view.fields.iter().filter(is_date) {
            if !names.contains(&field.name) {
                names.push(field.name.clone());
            }
        }
        if names.is_empty() {
            self.tell("The data view has no date field.", out);
            return;
        }
        let chosen = view.time_field_name.as_deref();
        let line = |name: &str, label: &str, on| {
            let item = PickerItem { label: label.to_owned(), on, ..PickerItem::default() };
            (item, Choice::TimeField(name.to_owned()))
        };
        let mut lines: Vec<_> =
            names.iter().map(|name| line(name, name, chosen == Some(name.as_str()))).collect();
        lines.push(line(NO_TIME, "(no time field)", chosen.is_none()));
        self.open_picker(PickerKind::TimeField, "Time field", lines);
    }
}

fn kind_of(offered: &Offered) -> PickerKind {
    if offered.cluster.is_some() { PickerKind::DataViews } else { PickerKind::Sources }
}

fn lines(offered: &Offered) -> Vec<(PickerItem, Choice)> {
    let line = |row: &crate::app::state::SourceRow| {
        let item = PickerItem {
            label: row.label.clone(),
            detail: row.detail.clone(),
            ..PickerItem::default()
        };
        let choice = match offered.cluster {
            Some(_) => Choice::DataView(row.label.clone()),
            None => Choice::Source(row.args.clone()),
        };
        (item, choice)
    };
    offered.rows.iter().map(line).collect()
}
