//! One record opened: its fields as a table, its JSON, its bytes.

use serde_json::{Map, Value as Json};

use super::prompt::Prompt;
use super::table::value_text;
use crate::query::{Hit, HitId};

/// A way to show a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentTab {
    /// One line or more for each field.
    #[default]
    Table,
    /// As JSON that folds.
    Json,
    /// The bytes as they were written.
    Raw,
}

/// One field of the open document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentField {
    /// Dotted name.
    pub name: String,
    /// Type mark (k, t, #, d, ip, b, g, n, a or ?).
    pub mark: &'static str,
    /// The value.
    pub value: Json,
    /// Its text.
    pub text: String,
    /// Whether it is pinned to the top.
    pub pinned: bool,
}

/// One line of the JSON tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonLine {
    /// Nesting depth.
    pub depth: u16,
    /// The key with its quotes and colon, or empty.
    pub key: String,
    /// A scalar, or an opening or closing bracket, with its comma.
    pub text: String,
    /// The dotted path of an object or array that this line opens.
    pub opens: Option<String>,
    /// Whether what it opens is folded away.
    pub folded: bool,
}

/// The open document.
#[derive(Debug, Clone)]
pub struct DocumentView {
    /// The record; all its fields once they have come.
    pub hit: Hit,
    /// Whether all fields have come (rows may hold only some).
    pub whole: bool,
    /// Whether the record is gone from the source.
    pub gone: bool,
    /// Which tab.
    pub tab: DocumentTab,
    /// What names and values are searched for.
    pub search: Prompt,
    /// Fields that the search leaves, pinned ones first.
    pub fields: Vec<DocumentField>,
    /// Lines of the JSON tab.
    pub json: Vec<JsonLine>,
    /// Lines of the Raw tab: the bytes with replacement characters where they are no UTF-8.
    pub raw: Vec<String>,
    /// Dotted paths of folded objects and arrays.
    pub folded: Vec<String>,
    /// Names of pinned fields (kept from document to document).
    pub pinned: Vec<String>,
    /// The line under the cursor, of whichever tab is shown.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
}

impl DocumentView {
    /// A view of a record as far as it is known.
    #[must_use]
    pub fn of(hit: Hit, whole: bool) -> Self {
        Self {
            hit,
            whole,
            gone: false,
            tab: DocumentTab::Table,
            search: Prompt::default(),
            fields: Vec::new(),
            json: Vec::new(),
            raw: Vec::new(),
            folded: Vec::new(),
            pinned: Vec::new(),
            cursor: 0,
            top: 0,
        }
    }

    /// The record's identity.
    #[must_use]
    pub fn id(&self) -> &HitId {
        &self.hit.id
    }

    /// The number of lines of the tab that is shown.
    #[must_use]
    pub fn lines(&self) -> usize {
        match self.tab {
            DocumentTab::Table => self.fields.len(),
            DocumentTab::Json => self.json.len(),
            DocumentTab::Raw => self.raw.len(),
        }
    }

    /// The field under the cursor, in the Table tab.
    #[must_use]
    pub fn current(&self) -> Option<&DocumentField> {
        self.fields.get(self.cursor).filter(|_| self.tab == DocumentTab::Table)
    }

    /// Makes the lines of all tabs anew from the record, the search and what is folded.
    pub fn rebuild(&mut self, mark_of: &dyn Fn(&str) -> &'static str) {
        let mut flat = Vec::new();
        flatten("", &self.hit.document.source, &mut flat);
        let wanted = self.search.text().to_lowercase();
        let mut fields: Vec<DocumentField> = flat
            .into_iter()
            .map(|(name, value)| DocumentField {
                mark: mark_of(&name),
                text: value_text(&value).to_string(),
                pinned: self.pinned.contains(&name),
                name,
                value,
            })
            .filter(|field| {
                field.name.to_lowercase().contains(&wanted)
                    || field.text.to_lowercase().contains(&wanted)
            })
            .collect();
        fields.sort_by(|a, b| {
            let key = |field: &DocumentField| (!field.pinned, field.name != "@timestamp");
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        self.fields = fields;
        self.json.clear();
        let source = Json::Object(self.hit.document.source.clone());
        json_lines(&mut self.json, &self.folded, &JsonPlace::root(), &source);
        self.raw = raw_lines(&self.hit);
        let last = self.lines().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        self.top = self.top.min(last);
    }
}

/// Leaves of an object by dotted name; arrays (of objects too) stay whole.
fn flatten(prefix: &str, object: &Map<String, Json>, into: &mut Vec<(String, Json)>) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Json::Object(inner) if !inner.is_empty() => flatten(&name, inner, into),
            _ => into.push((name, value.clone())),
        }
    }
}

fn raw_lines(hit: &Hit) -> Vec<String> {
    let text = match &hit.raw {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => hit
            .document
            .first("event.original")
            .map_or_else(String::new, |original| value_text(&original).to_string()),
    };
    text.trim_end_matches(['\r', '\n']).split('\n').map(str::to_owned).collect()
}

/// Where a value stands in the JSON.
struct JsonPlace {
    path: String,
    key: String,
    depth: u16,
    comma: &'static str,
}

impl JsonPlace {
    fn root() -> Self {
        Self { path: String::new(), key: String::new(), depth: 0, comma: "" }
    }

    fn inner(&self, name: &str, key: String, comma: &'static str) -> Self {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, key, depth: self.depth.saturating_add(1), comma }
    }
}

fn json_lines(into: &mut Vec<JsonLine>, folded: &[String], place: &JsonPlace, value: &Json) {
    let line = |text: String, opens: Option<String>, folded: bool| JsonLine {
        depth: place.depth,
        key: place.key.clone(),
        text,
        opens,
        folded,
    };
    let (open, close, length) = match value {
        Json::Object(object) => ("{", "}", object.len()),
        Json::Array(items) => ("[", "]", items.len()),
        scalar => {
            into.push(line(format!("{scalar}{}", place.comma), None, false));
            return;
        }
    };
    if length == 0 {
        into.push(line(format!("{open}{close}{}", place.comma), None, false));
        return;
    }
    if folded.contains(&place.path) {
        let text = format!("{open} {length} {close}{}", place.comma);
        into.push(line(text, Some(place.path.clone()), true));
        return;
    }
    into.push(line(open.to_owned(), Some(place.path.clone()), false));
    let comma = |index: usize| if index + 1 < length { "," } else { "" };
    match value {
        Json::Object(object) => {
            for (index, (name, inner)) in object.iter().enumerate() {
                let key = format!("{}: ", Json::String(name.clone()));
                json_lines(into, folded, &place.inner(name, key, comma(index)), inner);
            }
        }
        Json::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let place = place.inner(&index.to_string(), String::new(), comma(index));
                json_lines(into, folded, &place, inner);
            }
        }
        _ => {}
    }
    into.push(JsonLine {
        depth: place.depth,
        key: String::new(),
        text: format!("{close}{}", place.comma),
        opens: None,
        folded: false,
    });
}
