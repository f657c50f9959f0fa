//! What the data view says about fields, in the words of the screen.

use super::App;
use crate::event::ViewField;

impl App {
    /// The time field of the data view.
    #[must_use]
    pub fn time_field(&self) -> &str {
        self.status.view.time_field_name.as_deref().unwrap_or("@timestamp")
    }

    /// The type mark of a field: k keyword, t text, # number, d date, ip, b boolean, g geo,
    /// n nested, a alias, ! conflict, ? unknown.
    #[must_use]
    pub fn mark_of(&self, name: &str) -> &'static str {
        self.status.view.field(name).map_or("?", mark)
    }
}

/// The type mark of a field.
#[must_use]
pub fn mark(field: &ViewField) -> &'static str {
    let elastic = field.es_types.first().map_or("", String::as_str);
    match field.kind.as_str() {
        "conflict" => "!",
        "date" => "d",
        "number" => "#",
        "ip" => "ip",
        "boolean" => "b",
        "geo_point" | "geo_shape" => "g",
        "nested" => "n",
        "alias" => "a",
        "string" if elastic == "text" || elastic == "match_only_text" => "t",
        "string" => "k",
        _ => "?",
    }
}
