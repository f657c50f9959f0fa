//! Cursors: a row's sort key as bytes, valid for any query and either direction.

use super::order::SortKey;
use crate::query::Cursor;
use crate::query::aggregate::Key;
use crate::store::Place;
use crate::time::Millis;

/// The cursor of a row.
pub(super) fn encode(key: &SortKey) -> Cursor {
    let mut bytes = Vec::with_capacity(40);
    bytes.extend(key.place.set.to_be_bytes());
    bytes.extend(key.place.member.to_be_bytes());
    bytes.extend(key.place.offset.to_be_bytes());
    bytes.push(u8::from(key.time.is_some()));
    bytes.extend(key.time.unwrap_or_default().0.to_be_bytes());
    match &key.value {
        None => bytes.push(b'-'),
        Some(Key::Bool(value)) => bytes.extend([b'b', u8::from(*value)]),
        Some(Key::Int(value)) => push(&mut bytes, b'i', &value.to_be_bytes()),
        Some(Key::Float(value)) => push(&mut bytes, b'f', &value.to_bits().to_be_bytes()),
        Some(Key::Time(value)) => push(&mut bytes, b't', &value.to_be_bytes()),
        Some(Key::Nanos(value)) => push(&mut bytes, b'n', &value.to_be_bytes()),
        Some(Key::Ip(value)) => push(&mut bytes, b'a', &value.to_be_bytes()),
        Some(Key::Text(value)) => push(&mut bytes, b's', value),
    }
    Cursor(bytes.into())
}

fn push(bytes: &mut Vec<u8>, tag: u8, value: &[u8]) {
    bytes.push(tag);
    bytes.extend(value);
}

/// The sort key of a cursor; `None` if another source made it.
pub(super) fn decode(cursor: &Cursor) -> Option<SortKey> {
    let mut rest: &[u8] = &cursor.0;
    let set = u32::from_be_bytes(take(&mut rest)?);
    let member = u32::from_be_bytes(take(&mut rest)?);
    let offset = u64::from_be_bytes(take(&mut rest)?);
    let [has_time] = take(&mut rest)?;
    let at = Millis(i64::from_be_bytes(take(&mut rest)?));
    let [tag] = take(&mut rest)?;
    let value = match tag {
        b'-' => None,
        b'b' => Some(Key::Bool(take::<1>(&mut rest)? == [1])),
        b'i' => Some(Key::Int(i64::from_be_bytes(take(&mut rest)?))),
        b'f' => Some(Key::Float(f64::from_bits(u64::from_be_bytes(take(&mut rest)?)))),
        b't' => Some(Key::Time(i64::from_be_bytes(take(&mut rest)?))),
        b'n' => Some(Key::Nanos(i128::from_be_bytes(take(&mut rest)?))),
        b'a' => Some(Key::Ip(u128::from_be_bytes(take(&mut rest)?))),
        b's' => Some(Key::Text(rest.to_vec().into())),
        _ => return None,
    };
    let time = (has_time == 1).then_some(at);
    Some(SortKey { value, time, place: Place { set, member, offset } })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, encode};
    use crate::query::Cursor;
    use crate::query::aggregate::Key;
    use crate::source::local::order::SortKey;
    use crate::store::Place;
    use crate::time::Millis;

    proptest! {
        #[test]
        fn a_cursor_holds_its_sort_key(
            place in (any::<u32>(), any::<u32>(), any::<u64>()),
            time in prop::option::of(any::<i64>()),
            text in prop::collection::vec(any::<u8>(), 0..5),
            number in any::<i64>(),
            kind in 0..6,
        ) {
            let value = match kind {
                0 => None,
                1 => Some(Key::Text(text.into())),
                2 => Some(Key::Int(number)),
                3 => Some(Key::Bool(number > 0)),
                4 => Some(Key::Ip(number.unsigned_abs().into())),
                _ => Some(Key::Float(number as f64)),
            };
            let (set, member, offset) = place;
            let place = Place { set, member, offset };
            let key = SortKey { value, time: time.map(Millis), place };
            prop_assert_eq!(decode(&encode(&key)), Some(key));
        }

        #[test]
        fn foreign_cursors_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&Cursor(bytes.into()));
        }
    }
}
