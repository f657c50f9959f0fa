//! Events as JSON documents.

use serde_json::{Map, Number, Value as Json};

use crate::event::Value;

/// A value as JSON; times as ISO 8601 in UTC, bytes that are no UTF-8 replaced.
#[must_use]
pub fn json(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(flag),
        Value::Int(number) => Json::from(number),
        Value::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::String(String::from_utf8_lossy(text).into_owned()),
        Value::Time(at) => Json::String(at.to_string()),
        Value::Tree(tree) => tree.clone(),
    }
}

/// Puts a value at a dotted name, as nested objects. Where a part of the way is no object, the
/// rest of the name stays dotted beside it, so that nothing is lost.
pub fn insert(object: &mut Map<String, Json>, name: &str, value: Json) {
    if let Some((first, rest)) = name.split_once('.') {
        match object.get_mut(first) {
            Some(Json::Object(inner)) => return insert(inner, rest, value),
            Some(_) => {}
            None => {
                let mut inner = Map::new();
                insert(&mut inner, rest, value);
                object.insert(first.to_owned(), Json::Object(inner));
                return;
            }
        }
    }
    object.insert(name.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_by_name() {
        let mut object = Map::new();
        for (name, value) in [("a.b", 1), ("a.c.d", 2), ("e", 3), ("e.f", 4)] {
            insert(&mut object, name, Json::from(value));
        }
        assert_eq!(Json::Object(object).to_string(), r#"{"a":{"b":1,"c":{"d":2}},"e":3,"e.f":4}"#);
    }
}
