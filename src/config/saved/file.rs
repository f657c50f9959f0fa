//! Reads the file of a saved query.

use serde_json::{Number, Value as Json};
use toml::de::DeValue;

use super::{FilterTest, SavedBreakdown, SavedFilter, SavedLanguage, SavedQuery};
use crate::config::Finding;
use crate::config::{Reader, Table, Value};
use crate::diagnostic::Diagnostic;
use crate::query::{Breakdown, Sort, SortOrder};

const KEYS: [&str; 10] = [
    "name",
    "description",
    "language",
    "query",
    "filters",
    "from",
    "to",
    "columns",
    "sort",
    "breakdown",
];
const FILTER_KEYS: [&str; 11] = [
    "field",
    "is",
    "is_one_of",
    "exists",
    "from",
    "to",
    "contains",
    "dsl",
    "negate",
    "disabled",
    "label",
];
/// Values that a breakdown by values shows unless told.
const TOP: usize = 10;

pub(super) fn parse(file: &str, text: &str) -> (SavedQuery, Vec<Finding>) {
    let mut reader = Reader::new(file, text);
    let mut root = reader.root();
    let mut saved = SavedQuery {
        name: string(&mut reader, &mut root, "name").unwrap_or_else(|| stem(file)),
        description: string(&mut reader, &mut root, "description").unwrap_or_default(),
        query: string(&mut reader, &mut root, "query").unwrap_or_default(),
        from: string(&mut reader, &mut root, "from"),
        to: string(&mut reader, &mut root, "to"),
        ..SavedQuery::default()
    };
    if let Some(value) = root.take("language") {
        saved.language = read_language(&mut reader, value);
    }
    if let Some(value) = root.take("columns") {
        saved.columns = reader.strings("columns", value);
    }
    if let Some(value) = root.take("sort") {
        saved.sort = read_sort(&mut reader, value);
    }
    if let Some(value) = root.take("breakdown") {
        saved.breakdown = read_breakdown(&mut reader, value);
    }
    if let Some(value) = root.take("filters") {
        for item in reader.list("filters", value) {
            let table = reader.table("filters", item);
            saved.filters.extend(read_filter(&mut reader, table));
        }
    }
    reader.unknown(root, &KEYS);
    (saved, reader.finish())
}

fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name).to_owned()
}

fn string<'t>(reader: &mut Reader<'t>, table: &mut Table<'t>, name: &str) -> Option<String> {
    let value = table.take(name)?;
    reader.string(name, value)
}

fn boolean<'t>(reader: &mut Reader<'t>, table: &mut Table<'t>, name: &str) -> bool {
    let value = table.take(name);
    value.and_then(|value| reader.boolean(name, value)).unwrap_or(false)
}

fn read_language<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> SavedLanguage {
    let span = value.span();
    match reader.string("language", value).as_deref() {
        Some("lucene") => SavedLanguage::Lucene,
        Some("kql") | None => SavedLanguage::Kql,
        Some(_) => {
            let found = Diagnostic::warning("`language` should be \"kql\" or \"lucene\"");
            reader.report(Some(span), found);
            SavedLanguage::Kql
        }
    }
}

/// Reads `"FIELD:asc"` or `"FIELD:desc"`.
fn read_sort<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<Sort> {
    let span = value.span();
    let text = reader.string("sort", value)?;
    let (field, order) = text.rsplit_once(':').unwrap_or((&text, "asc"));
    let order = match order {
        "asc" => SortOrder::Ascending,
        "desc" => SortOrder::Descending,
        _ => {
            let found = Diagnostic::warning("`sort` should be \"FIELD:asc\" or \"FIELD:desc\"");
            reader.report(Some(span), found);
            return None;
        }
    };
    Some(Sort { field: field.to_owned(), order })
}

/// Reads `"none"`, `"FIELD"` (its top values), `{ values = "FIELD", top = 5 }`,
/// `{ status_class = "FIELD" }` or `{ level = "FIELD" }`.
fn read_breakdown<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> SavedBreakdown {
    if !matches!(value.get_ref(), DeValue::Table(_)) {
        return match reader.string("breakdown", value) {
            None => SavedBreakdown::Auto,
            Some(text) if text == "none" => SavedBreakdown::None,
            Some(text) if text == "auto" => SavedBreakdown::Auto,
            Some(field) => SavedBreakdown::By(Breakdown::Values { field, top: TOP }),
        };
    }
    let mut table = reader.table("breakdown", value);
    let top = table.take("top").and_then(|value| reader.integer("top", value));
    let top = top.and_then(|top| usize::try_from(top).ok()).filter(|top| *top > 0);
    let by = if let Some(field) = string(reader, &mut table, "values") {
        Some(Breakdown::Values { field, top: top.unwrap_or(TOP) })
    } else if let Some(field) = string(reader, &mut table, "status_class") {
        Some(Breakdown::StatusClass { field })
    } else {
        string(reader, &mut table, "level").map(|field| Breakdown::Level { field })
    };
    reader.unknown(table, &["values", "top", "status_class", "level"]);
    by.map_or(SavedBreakdown::Auto, SavedBreakdown::By)
}

fn read_filter<'t>(reader: &mut Reader<'t>, mut table: Table<'t>) -> Option<SavedFilter> {
    let span = table.span.clone();
    let field = string(reader, &mut table, "field").unwrap_or_default();
    let negate = boolean(reader, &mut table, "negate");
    let disabled = boolean(reader, &mut table, "disabled");
    let label = string(reader, &mut table, "label");
    let test = read_test(reader, &mut table);
    reader.unknown(table, &FILTER_KEYS);
    let whole_record = matches!(test, Some(FilterTest::Contains(_) | FilterTest::Dsl(_)));
    let Some(test) = test.filter(|_| whole_record || !field.is_empty()) else {
        let found = Diagnostic::warning(
            "a filter needs `field` and one of `is`, `is_one_of`, `exists`, `from`, `to`; or `contains`; or `dsl`",
        );
        reader.report(Some(span), found);
        return None;
    };
    Some(SavedFilter { field, test, negate, disabled, label })
}

fn read_test<'t>(reader: &mut Reader<'t>, table: &mut Table<'t>) -> Option<FilterTest> {
    if let Some(value) = table.take("is") {
        return scalar(reader, "is", &value).map(FilterTest::Is);
    }
    if let Some(value) = table.take("is_one_of") {
        let items = reader.list("is_one_of", value);
        let values = items.into_iter().filter_map(|item| scalar(reader, "is_one_of", &item));
        return Some(FilterTest::IsOneOf(values.collect()));
    }
    if let Some(text) = string(reader, table, "contains") {
        return Some(FilterTest::Contains(text));
    }
    if let Some(value) = table.take("dsl") {
        let span = value.span();
        let text = reader.string("dsl", value)?;
        return match serde_json::from_str(&text) {
            Ok(dsl) => Some(FilterTest::Dsl(dsl)),
            Err(error) => {
                reader
                    .report(Some(span), Diagnostic::warning(format!("`dsl` is no JSON: {error}")));
                None
            }
        };
    }
    if boolean(reader, table, "exists") {
        return Some(FilterTest::Exists);
    }
    let from = table.take("from").and_then(|value| scalar(reader, "from", &value));
    let to = table.take("to").and_then(|value| scalar(reader, "to", &value));
    (from.is_some() || to.is_some()).then_some(FilterTest::Between { from, to })
}

/// A text, number or boolean; a date of TOML counts as its text.
fn scalar<'t>(reader: &mut Reader<'t>, name: &str, value: &Value<'t>) -> Option<Json> {
    let span = value.span();
    let scalar = match value.get_ref() {
        DeValue::String(text) => Some(Json::String(text.to_string())),
        DeValue::Boolean(flag) => Some(Json::Bool(*flag)),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(Json::from)
        }
        DeValue::Float(number) => {
            number.as_str().parse().ok().and_then(Number::from_f64).map(Json::Number)
        }
        DeValue::Datetime(at) => Some(Json::String(at.to_string())),
        DeValue::Array(_) | DeValue::Table(_) => None,
    };
    if scalar.is_none() {
        let found =
            Diagnostic::warning(format!("`{name}` should be a text, a number or a boolean"));
        reader.report(Some(span), found);
    }
    scalar
}
