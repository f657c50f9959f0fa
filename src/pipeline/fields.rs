//! Where a field of an event lives: in a slot, or behind a path.

use std::collections::BTreeSet;

use super::reference::Reference;
use crate::event::{Layout, SlotId};

/// A field that a filter reads or writes, resolved when the pipeline is compiled.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    /// A value of its own.
    Slot(SlotId),
    /// An object that holds slots, an element of an array, or a name that no slot has.
    Path(Reference),
}

/// The slots of a pipeline while it is compiled.
#[derive(Debug, Default)]
pub(super) struct Fields {
    layout: Layout,
}

impl Fields {
    /// A layout with a slot for each name that is not the beginning of another.
    pub(super) fn new(names: &BTreeSet<String>) -> Self {
        let mut layout = Layout::default();
        for name in names {
            let holds_another = names.iter().any(|other| {
                other.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
            });
            if !holds_another {
                layout.intern(name);
            }
        }
        Self { layout }
    }

    /// Where the field of a reference lives.
    pub(super) fn resolve(&self, reference: &Reference) -> Field {
        if !reference.is_indexed()
            && let Some(slot) = self.layout.slot(&reference.dotted())
        {
            return Field::Slot(slot);
        }
        Field::Path(reference.clone())
    }

    /// The finished layout.
    pub(super) fn into_layout(self) -> Layout {
        self.layout
    }
}
