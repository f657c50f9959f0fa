//! `convert`: values of another type.

use serde_json::Value as Json;

use super::super::super::fields::Field;
use super::super::super::state::{State, display, float};
use super::Failed;

/// What a value is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversion {
    Integer,
    /// With `,` as the decimal point.
    IntegerEu,
    Float,
    FloatEu,
    Boolean,
    Text,
}

impl Conversion {
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        Ok(match name {
            "integer" => Self::Integer,
            "integer_eu" => Self::IntegerEu,
            "float" => Self::Float,
            "float_eu" => Self::FloatEu,
            "boolean" => Self::Boolean,
            "string" => Self::Text,
            other => return Err(format!("cannot convert to `{other}`")),
        })
    }

    fn apply(self, value: &Json) -> Result<Json, Failed> {
        if matches!(value, Json::Null | Json::Object(_)) {
            return Ok(value.clone());
        }
        match self {
            Self::Integer => integer(value, |text| text.replace(',', "")),
            Self::IntegerEu => integer(value, european),
            Self::Float => real(value, |text| text.replace(',', "")),
            Self::FloatEu => real(value, european),
            Self::Text => Ok(Json::String(display_scalar(value))),
            Self::Boolean => Ok(boolean(value)),
        }
    }
}

/// Converts a field, element by element where it is a list.
pub(super) fn run(state: &mut State<'_>, field: &Field, to: Conversion) -> Result<(), Failed> {
    let Some(value) = state.get(field).map(|got| got.json()) else { return Ok(()) };
    let converted = match &value {
        Json::Null | Json::Object(_) => return Ok(()),
        Json::Array(items) => {
            let items: Result<_, _> = items.iter().map(|item| to.apply(item)).collect();
            Json::Array(items?)
        }
        one => to.apply(one)?,
    };
    state.set(field, converted);
    Ok(())
}

fn display_scalar(value: &Json) -> String {
    match value {
        Json::Bool(value) => value.to_string(),
        other => display(other),
    }
}

fn european(text: &str) -> String {
    text.replace('.', "").replace(',', ".")
}

fn integer(value: &Json, clean: impl Fn(&str) -> String) -> Result<Json, Failed> {
    Ok(match value {
        Json::Bool(value) => i64::from(*value).into(),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => (number.as_f64().ok_or(Failed)?.trunc() as i64).into(),
        },
        Json::String(text) => {
            let text = clean(text.trim()).replace('_', "");
            let (sign, digits) = match text.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, text.strip_prefix('+').unwrap_or(&text)),
            };
            let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
            if let Some(hex) = hex {
                let value = i64::from_str_radix(hex, 16).ok().ok_or(Failed)?;
                return Ok((sign * value).into());
            }
            if let Ok(whole) = digits.parse::<i64>() {
                return Ok((sign * whole).into());
            }
            let valid = digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
            let value: f64 = digits.parse().ok().filter(|_| valid).ok_or(Failed)?;
            (sign * value.trunc() as i64).into()
        }
        _ => return Err(Failed),
    })
}

fn real(value: &Json, clean: impl Fn(&str) -> String) -> Result<Json, Failed> {
    Ok(match value {
        Json::Bool(value) => float(f64::from(u8::from(*value))),
        Json::Number(number) => float(number.as_f64().ok_or(Failed)?),
        Json::String(text) => {
            let text = clean(text.trim());
            let hex = text.strip_prefix("0x").and_then(|hex| i64::from_str_radix(hex, 16).ok());
            if let Some(hex) = hex {
                return Ok(float(hex as f64));
            }
            let valid = text.bytes().all(|b| b.is_ascii_digit() || b".eE+-_".contains(&b));
            if !valid || text.ends_with('.') {
                return Err(Failed);
            }
            float(text.replace('_', "").parse().ok().ok_or(Failed)?)
        }
        _ => return Err(Failed),
    })
}

fn boolean(value: &Json) -> Json {
    let text = display_scalar(value).to_lowercase();
    match text.as_str() {
        "true" | "t" | "yes" | "y" | "1" | "1.0" => Json::Bool(true),
        "false" | "f" | "no" | "n" | "0" | "0.0" | "" => Json::Bool(false),
        _ => value.clone(),
    }
}
