//! Places among rows of several sources: the row itself, and where it stands in each other source.
//!
//! The neighbours are hints that save a search by time; the row's own key decides. They hold for
//! the order in which they were found and for no other.

use std::sync::Arc;

use super::order::RowKey;
use crate::query::{Cursor, Sort, SortOrder};
use crate::time::Millis;

/// Where a place lies in a source that the row is not of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Neighbour {
    /// Right after this row of the source.
    After(Cursor),
    /// Right before this row of the source.
    Before(Cursor),
}

/// A row's place among all sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// The number of the row's source.
    pub(super) source: usize,
    /// The row's cursor there.
    pub(super) own: Cursor,
    /// The row's time.
    pub(super) time: Option<Millis>,
    /// The order in which the neighbours were found.
    pub(super) sort: Sort,
    /// One for each source; `None` where it is not known, and for the row's own.
    pub(super) neighbours: Vec<Option<Neighbour>>,
}

impl Spot {
    /// Where the place lies in a source, as far as that is known for an order.
    pub(super) fn neighbour(&self, source: usize, sort: &Sort) -> Option<&Neighbour> {
        if self.sort != *sort {
            return None;
        }
        self.neighbours.get(source)?.as_ref()
    }

    /// The row's key when sorting by time.
    pub(super) fn time_key(&self) -> RowKey {
        RowKey { value: None, time: self.time, source: self.source }
    }

    /// As a cursor.
    pub(super) fn to_cursor(&self) -> Cursor {
        let mut bytes = Vec::with_capacity(64 + self.own.0.len() * (1 + self.neighbours.len()));
        bytes.push(MARK);
        bytes.extend((self.source as u32).to_be_bytes());
        bytes.push(u8::from(self.sort.order == SortOrder::Descending));
        bytes.push(u8::from(self.time.is_some()));
        bytes.extend(self.time.unwrap_or_default().0.to_be_bytes());
        push(&mut bytes, self.sort.field.as_bytes());
        push(&mut bytes, &self.own.0);
        for neighbour in &self.neighbours {
            match neighbour {
                None => bytes.push(0),
                Some(Neighbour::After(cursor)) => {
                    bytes.push(1);
                    push(&mut bytes, &cursor.0);
                }
                Some(Neighbour::Before(cursor)) => {
                    bytes.push(2);
                    push(&mut bytes, &cursor.0);
                }
            }
        }
        Cursor(bytes.into())
    }

    /// Reads a cursor; `None` if another source made it.
    pub(super) fn of(cursor: &Cursor) -> Option<Self> {
        let mut rest: &[u8] = &cursor.0;
        let [mark] = take(&mut rest)?;
        let source = u32::from_be_bytes(take(&mut rest)?) as usize;
        let [descending, has_time] = take(&mut rest)?;
        let at = Millis(i64::from_be_bytes(take(&mut rest)?));
        let field = String::from_utf8(text(&mut rest)?.to_vec()).ok()?;
        let own = Cursor(Arc::from(text(&mut rest)?));
        let mut neighbours = Vec::new();
        while let Some([kind]) = take(&mut rest) {
            neighbours.push(match kind {
                0 => None,
                1 => Some(Neighbour::After(Cursor(Arc::from(text(&mut rest)?)))),
                2 => Some(Neighbour::Before(Cursor(Arc::from(text(&mut rest)?)))),
                _ => return None,
            });
        }
        let order = if descending == 1 { SortOrder::Descending } else { SortOrder::Ascending };
        let time = (has_time == 1).then_some(at);
        let sort = Sort { field, order };
        (mark == MARK).then_some(Self { source, own, time, sort, neighbours })
    }
}

/// What a cursor of several sources begins with.
const MARK: u8 = b'M';

fn push(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend((text.len() as u32).to_be_bytes());
    bytes.extend(text);
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_be_bytes(take(rest)?) as usize;
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Neighbour, Spot};
    use crate::query::{Cursor, Sort, SortOrder};
    use crate::time::Millis;

    fn cursor() -> impl Strategy<Value = Cursor> {
        prop::collection::vec(any::<u8>(), 0..9).prop_map(|bytes| Cursor(bytes.into()))
    }

    proptest! {
        #[test]
        fn a_cursor_holds_its_place(
            (source, own) in (0_usize..5, cursor()),
            time in prop::option::of(any::<i64>()),
            (field, descending) in ("[a-zé.]{0,8}", any::<bool>()),
            neighbours in prop::collection::vec(prop::option::of((any::<bool>(), cursor())), 0..4),
        ) {
            let order = if descending { SortOrder::Descending } else { SortOrder::Ascending };
            let neighbour = |(is_after, cursor)| {
                if is_after { Neighbour::After(cursor) } else { Neighbour::Before(cursor) }
            };
            let spot = Spot {
                source,
                own,
                time: time.map(Millis),
                sort: Sort { field, order },
                neighbours: neighbours.into_iter().map(|it| it.map(neighbour)).collect(),
            };
            prop_assert_eq!(Spot::of(&spot.to_cursor()), Some(spot));
        }

        #[test]
        fn foreign_cursors_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Spot::of(&Cursor(bytes.into()));
        }
    }
}
