//! Which of a document's values it is sorted by, and how two documents compare.

use std::cmp::Ordering;

use super::Key;
use crate::query::SortOrder;

/// The value that a document with several is sorted by: its smallest ascending, its largest
/// descending.
#[must_use]
pub fn best<'a>(keys: impl IntoIterator<Item = Key<'a>>, order: SortOrder) -> Option<Key<'a>> {
    let keys = keys.into_iter();
    match order {
        SortOrder::Ascending => keys.min(),
        SortOrder::Descending => keys.max(),
    }
}

/// Which of two documents comes first, by their best values; one without a value is last.
#[must_use]
pub fn compare(a: Option<&Key<'_>>, b: Option<&Key<'_>>, order: SortOrder) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => match order {
            SortOrder::Ascending => a.cmp(b),
            SortOrder::Descending => b.cmp(a),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_last_either_way() {
        let (one, two) = (Key::Int(1), Key::Int(2));
        for (order, first) in
            [(SortOrder::Ascending, Ordering::Less), (SortOrder::Descending, Ordering::Greater)]
        {
            assert_eq!(compare(Some(&one), Some(&two), order), first);
            assert_eq!(compare(None, Some(&two), order), Ordering::Greater);
            assert_eq!(compare(Some(&one), None, order), Ordering::Less);
        }
        assert_eq!(best([Key::Int(2), Key::Int(1)], SortOrder::Ascending), Some(Key::Int(1)));
        assert_eq!(best([Key::Int(1), Key::Int(2)], SortOrder::Descending), Some(Key::Int(2)));
    }
}
