//! Values of pills in the type of their field.

use serde_json::{Number, Value as Json};

use crate::event::ViewField;

/// The value as a pill on the field keeps it: numbers and booleans typed, everything else as it is.
///
/// # Errors
/// The field is boolean and the value is not; the message is Kibana's.
pub fn convert(value: &Json, field: &ViewField) -> Result<Json, String> {
    match field.kind.as_str() {
        "boolean" if !value.is_boolean() => match value {
            Json::String(text) if text == "true" => Ok(Json::from(true)),
            Json::String(text) if text == "false" => Ok(Json::from(false)),
            Json::Number(number) if number.as_f64() == Some(1.0) => Ok(Json::from(true)),
            Json::Number(number) if number.as_f64() == Some(0.0) => Ok(Json::from(false)),
            other => {
                let shown = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
                let name = &field.name;
                Err(format!("{shown} is not a valid boolean value for boolean field {name}"))
            }
        },
        "number" => Ok(number(value).unwrap_or_else(|| value.clone())),
        _ => Ok(value.clone()),
    }
}

/// A text as the number that it writes; whole where it is whole.
fn number(value: &Json) -> Option<Json> {
    let text = value.as_str()?.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Json::from(whole));
    }
    let fraction = text.parse::<f64>().ok()?;
    Number::from_f64(fraction).map(Json::Number)
}
