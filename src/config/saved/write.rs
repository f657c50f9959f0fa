//! Writes the file of a saved query.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::{FilterTest, SavedBreakdown, SavedFilter, SavedLanguage, SavedQuery};
use crate::query::{Breakdown, SortOrder};

pub(super) fn to_toml(saved: &SavedQuery) -> String {
    let mut table = Table::new();
    let mut text = |name: &str, value: &str| {
        table.insert(name.to_owned(), Value::String(value.to_owned()));
    };
    text("name", &saved.name);
    if !saved.description.is_empty() {
        text("description", &saved.description);
    }
    if saved.language == SavedLanguage::Lucene {
        text("language", "lucene");
    }
    text("query", &saved.query);
    if let Some(from) = &saved.from {
        text("from", from);
    }
    if let Some(to) = &saved.to {
        text("to", to);
    }
    if let Some(sort) = &saved.sort {
        let order = match sort.order {
            SortOrder::Ascending => "asc",
            SortOrder::Descending => "desc",
        };
        text("sort", &format!("{}:{order}", sort.field));
    }
    if !saved.columns.is_empty() {
        let columns = saved.columns.iter().cloned().map(Value::String).collect();
        table.insert("columns".to_owned(), Value::Array(columns));
    }
    if let Some(breakdown) = breakdown(&saved.breakdown) {
        table.insert("breakdown".to_owned(), breakdown);
    }
    if !saved.filters.is_empty() {
        let filters = saved.filters.iter().map(|filter| Value::Table(self::filter(filter)));
        table.insert("filters".to_owned(), Value::Array(filters.collect()));
    }
    toml::to_string_pretty(&table).unwrap_or_default()
}

fn breakdown(breakdown: &SavedBreakdown) -> Option<Value> {
    let by = match breakdown {
        SavedBreakdown::Auto => return None,
        SavedBreakdown::None => return Some(Value::String("none".to_owned())),
        SavedBreakdown::By(by) => by,
    };
    let mut table = Table::new();
    let (name, field) = match by {
        Breakdown::Values { field, top } => {
            let top = i64::try_from(*top).unwrap_or(i64::MAX);
            table.insert("top".to_owned(), Value::Integer(top));
            ("values", field)
        }
        Breakdown::StatusClass { field } => ("status_class", field),
        Breakdown::Level { field } => ("level", field),
    };
    table.insert(name.to_owned(), Value::String(field.clone()));
    Some(Value::Table(table))
}

fn filter(filter: &SavedFilter) -> Table {
    let mut table = Table::new();
    let mut put = |name: &str, value: Value| {
        table.insert(name.to_owned(), value);
    };
    if !filter.field.is_empty() {
        put("field", Value::String(filter.field.clone()));
    }
    match &filter.test {
        FilterTest::Is(value) => put("is", scalar(value)),
        FilterTest::IsOneOf(values) => {
            put("is_one_of", Value::Array(values.iter().map(scalar).collect()));
        }
        FilterTest::Exists => put("exists", Value::Boolean(true)),
        FilterTest::Between { from, to } => {
            for (name, bound) in [("from", from), ("to", to)] {
                if let Some(bound) = bound {
                    put(name, scalar(bound));
                }
            }
        }
        FilterTest::Contains(text) => put("contains", Value::String(text.clone())),
        FilterTest::Dsl(dsl) => put("dsl", Value::String(dsl.to_string())),
    }
    for (name, flag) in [("negate", filter.negate), ("disabled", filter.disabled)] {
        if flag {
            put(name, Value::Boolean(true));
        }
    }
    if let Some(label) = &filter.label {
        put("label", Value::String(label.clone()));
    }
    table
}

/// TOML has no null and no numbers beyond 64 bits; both become texts.
fn scalar(value: &Json) -> Value {
    match value {
        Json::Bool(flag) => Value::Boolean(*flag),
        Json::String(text) => Value::String(text.clone()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(float)) if !number.is_u64() => Value::Float(float),
            _ => Value::String(number.to_string()),
        },
        other => Value::String(other.to_string()),
    }
}
