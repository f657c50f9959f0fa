//! The canonical value of a field, as facets count it and sorting compares it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};

use serde_json::Value as Json;

use crate::event::{FieldType, MappedField, Value};
use crate::query::evaluate::typed;
use crate::time::Millis;

/// A value with its type. Keys of one field are of one variant; the order is ascending by value,
/// text by its bytes.
#[derive(Debug, Clone)]
pub enum Key<'a> {
    /// true or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A fractional number; -0.0 comes before 0.0 and differs from it.
    Float(f64),
    /// Milliseconds since the epoch.
    Time(i64),
    /// Nanoseconds since the epoch.
    Nanos(i128),
    /// An address; IPv4 is mapped into IPv6.
    Ip(u128),
    /// Text, as its bytes.
    Text(Cow<'a, [u8]>),
}

/// The key of one scalar of a field; `None` where the field does not take the value. Text fields,
/// which Elasticsearch does not count, have their whole values as keys.
#[must_use]
pub fn key<'a>(field: &MappedField, value: Value<'a>) -> Option<Key<'a>> {
    match field.kind {
        FieldType::Keyword | FieldType::Text | FieldType::Other => {
            let key = text_key(value)?;
            let is_short = |key: &Cow<'_, [u8]>| typed::is_short_enough(field.ignore_above, key);
            Some(key).filter(is_short).map(Key::Text)
        }
        FieldType::Long | FieldType::Integer | FieldType::Short | FieldType::Byte => {
            typed::whole(field.kind, value).map(Key::Int)
        }
        FieldType::Double | FieldType::Float => typed::real(field.kind, value).map(Key::Float),
        FieldType::Date => typed::millis(field, value).map(Key::Time),
        FieldType::DateNanos => typed::nanos(field, value).map(Key::Nanos),
        FieldType::Boolean => typed::truth(value).map(Key::Bool),
        FieldType::Ip => typed::address(value).map(Key::Ip),
        FieldType::GeoPoint | FieldType::Nested | FieldType::Object => None,
    }
}

fn text_key(value: Value<'_>) -> Option<Cow<'_, [u8]>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        other => typed::with_text(other, <[u8]>::to_vec).map(Cow::Owned),
    }
}

impl Key<'_> {
    /// The same key, on its own.
    #[must_use]
    pub fn into_owned(self) -> Key<'static> {
        match self {
            Self::Bool(value) => Key::Bool(value),
            Self::Int(value) => Key::Int(value),
            Self::Float(value) => Key::Float(value),
            Self::Time(value) => Key::Time(value),
            Self::Nanos(value) => Key::Nanos(value),
            Self::Ip(value) => Key::Ip(value),
            Self::Text(text) => Key::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// As JSON, with its type; dates and addresses as text.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool(value) => Json::from(*value),
            Self::Int(value) => Json::from(*value),
            Self::Float(value) => Json::from(*value),
            Self::Time(_) | Self::Nanos(_) | Self::Ip(_) | Self::Text(_) => {
                Json::from(self.label())
            }
        }
    }

    /// As text for people.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Time(millis) => Millis(*millis).to_string(),
            Self::Nanos(nanos) => nanos_label(*nanos),
            Self::Ip(address) => {
                let address = Ipv6Addr::from(*address);
                address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4).to_string()
            }
            Self::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => other.to_json().to_string(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) => 1,
            Self::Float(_) => 2,
            Self::Time(_) => 3,
            Self::Nanos(_) => 4,
            Self::Ip(_) => 5,
            Self::Text(_) => 6,
        }
    }
}

/// ISO 8601 in UTC with nine decimals.
fn nanos_label(nanos: i128) -> String {
    let second = i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let below = nanos.rem_euclid(1_000_000_000) as u32;
    chrono::DateTime::from_timestamp(second, below)
        .map_or_else(|| nanos.to_string(), |at| at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string())
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) | (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Nanos(a), Self::Nanos(b)) => a.cmp(b),
            (Self::Ip(a), Self::Ip(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Self::Bool(value) => value.hash(state),
            Self::Int(value) | Self::Time(value) => value.hash(state),
            Self::Float(value) => value.to_bits().hash(state),
            Self::Nanos(value) => value.hash(state),
            Self::Ip(value) => value.hash(state),
            Self::Text(text) => text.hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(kind: FieldType, value: Value<'_>, expect: impl Into<Option<Json>>) {
        let field = MappedField { ignore_above: Some(5), ..MappedField::of(kind) };
        assert_eq!(
            key(&field, value).map(|key| key.to_json()),
            expect.into(),
            "{kind:?} {value:?}"
        );
    }

    #[test]
    fn keys_keep_the_type_of_their_field() {
        check(FieldType::Keyword, Value::Text(b"abc"), json!("abc"));
        check(FieldType::Keyword, Value::Int(200), json!("200"));
        check(FieldType::Keyword, Value::Text(b"abcdef"), None);
        check(FieldType::Long, Value::Text(b"3.9"), json!(3));
        check(FieldType::Integer, Value::Int(1 << 40), None);
        check(FieldType::Double, Value::Int(100), json!(100.0));
        check(FieldType::Ip, Value::Text(b"::ffff:10.0.0.4"), json!("10.0.0.4"));
        check(FieldType::Ip, Value::Text(b"2001:DB8:0:0::5"), json!("2001:db8::5"));
        check(FieldType::Boolean, Value::Text(b""), json!(false));
        check(FieldType::Date, Value::Text(b"2024-03-30"), json!("2024-03-30T00:00:00.000Z"));
        check(FieldType::Date, Value::Text(b"now"), None);
        let nanos = "2024-03-31T01:12:45.078218104Z";
        check(FieldType::DateNanos, Value::Text(nanos.as_bytes()), json!(nanos));
    }

    #[test]
    fn minus_zero_comes_first() {
        assert!(Key::Float(-0.0) < Key::Float(0.0));
        assert!(Key::Text(b"Z".into()) < Key::Text(b"a".into()));
    }
}
