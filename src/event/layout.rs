//! The names of an event's slots, fixed when a pipeline or a document format is compiled.

use foldhash::HashMap;

/// The place of a field in an [`Event`](super::Event)'s table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u16);

/// Field names to slots. Names are dotted paths (`http.response.status_code`).
///
/// Invariant: no name is a dotted prefix of another; such fields live in the event's overflow.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    names: Vec<Box<str>>,
    by_name: HashMap<Box<str>, SlotId>,
}

impl Layout {
    /// The slot of `name`, made if it is new. `None` if the table is full (65,535 names).
    pub fn intern(&mut self, name: &str) -> Option<SlotId> {
        if let Some(id) = self.by_name.get(name) {
            return Some(*id);
        }
        let id = SlotId(u16::try_from(self.names.len()).ok()?);
        self.names.push(name.into());
        self.by_name.insert(name.into(), id);
        Some(id)
    }

    /// The slot of `name`, if it has one.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<SlotId> {
        self.by_name.get(name).copied()
    }

    /// The name of a slot of this layout.
    #[must_use]
    pub fn name(&self, slot: SlotId) -> &str {
        self.names.get(usize::from(slot.0)).map_or("", |name| name)
    }

    /// All names in slot order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// The number of slots.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
