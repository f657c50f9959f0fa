//! Top values of the fields that are open in the field list.

use super::Out;
use super::fields::FACET_SIZE;
use crate::app::state::{App, FieldRow, Slot};
use crate::query::{Answer, FacetRequest, Part, Warning};

/// What comes with an answer.
pub(super) struct Told {
    /// Whether it is final.
    pub(super) complete: bool,
    /// What should be known about it.
    pub(super) warnings: Vec<Warning>,
}

impl App {
    /// Asks for the values of open fields: of all, or of those that have no complete answer.
    pub(super) fn ask_facets(&mut self, all: bool, out: &mut Out) {
        let Some(search) = self.work.search.clone() else { return };
        let mut names = Vec::new();
        for (name, open) in &mut self.fields.facets {
            if all || !open.complete {
                open.complete = false;
                names.push((name.clone(), open.size));
            }
        }
        if names.is_empty() {
            return;
        }
        let part = |(name, size): &(String, usize)| {
            Part::Facet(FacetRequest { field: self.facet_field(name), size: *size })
        };
        let parts = names.iter().map(part).collect();
        self.work.facets = names.into_iter().map(|(name, _)| name).collect();
        self.ask(Slot::Facets, search, parts, out);
    }

    /// Takes the values of a field.
    pub(super) fn on_facet(&mut self, part: usize, answer: Answer, told: Told) {
        let Some(name) = self.work.facets.get(part) else { return };
        let Some(open) = self.fields.facets.get_mut(name) else { return };
        match answer {
            Answer::Facet(facet) => {
                open.facet = Some(facet);
                open.error = None;
            }
            Answer::Failed(reason) => open.error = Some(reason),
            _ => return,
        }
        open.complete = told.complete;
        open.warnings = told.warnings;
        self.rebuild_fields();
    }

    /// Asks for more values of the field under the cursor.
    pub(super) fn more_values(&mut self, out: &mut Out) {
        let Some(name) = self.field_here() else { return };
        let Some(open) = self.fields.facets.get_mut(&name) else {
            if matches!(self.fields.current(), Some(FieldRow::Field { .. })) {
                self.open_field(out);
            }
            return;
        };
        open.size = if open.size == FACET_SIZE { 20 } else { open.size * 5 };
        open.complete = false;
        self.ask_facets(false, out);
    }
}
