//! A record in one line: what matters first, then its other fields by name.
//!
//! Kibana's summary lists every field with its name; a log's reader looks for the status, the
//! level, who said it, and the message. Those come first and bare.

use std::ops::Range;

use ratatui::style::Style;
use serde_json::Value as Json;

use super::super::super::series;
use crate::app::state::value_text;
use crate::event::Document;
use crate::query::Hit;
use crate::query::aggregate::{LEVEL_FIELDS, STATUS_FIELDS};
use crate::theme::{Role, Theme};

/// Which of several sources a record is from.
const SOURCE: [&str; 1] = ["peavey.source"];
const METHOD: [&str; 3] = ["http.request.method", "verb", "method"];
const PATH: [&str; 5] = ["url.original", "url.path", "request", "path", "uri"];
const SPEAKER: [&str; 6] =
    ["log.logger", "logger_name", "process.name", "service.name", "program", "service"];
const MESSAGE: [&str; 5] = ["log_message", "message", "msg", "error.message", "event.original"];

/// Fields that say nothing in a summary: what stands elsewhere on the screen or holds the whole.
const SILENT: [&str; 16] = [
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "event.original",
    "message",
    "log_message",
    "msg",
    "log.file.path",
    "log.offset",
    "event.dataset",
    "event.module",
    "ecs.version",
    "@version",
    "data_stream",
    "_ignored",
];

/// A line with styled parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// The text.
    pub text: String,
    /// Styles of its parts, as bytes, in order.
    pub parts: Vec<(Range<usize>, Style)>,
}

impl Summary {
    fn push(&mut self, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push((start..self.text.len(), style));
    }
}

/// The summary of a hit, about `room` cells of it; line breaks end it unless `lines` are shown.
#[must_use]
pub fn of(hit: &Hit, theme: &Theme, room: usize, lines: bool) -> Summary {
    let document = &hit.document;
    let mut summary = Summary::default();
    let mut used: Vec<&str> = Vec::new();
    let mut lead = |summary: &mut Summary, names: &[&'static str], role: &dyn Fn(&str) -> Role| {
        let (name, text) = first(document, names)?;
        summary.push(&text, theme.style(role(&text)));
        used.push(name);
        Some(text)
    };
    lead(&mut summary, &SOURCE, &|_| Role::Dim);
    let path = first(document, &PATH).filter(|_| first(document, &STATUS_FIELDS).is_some());
    if path.is_some() {
        lead(&mut summary, &STATUS_FIELDS, &series::status_class);
        lead(&mut summary, &METHOD, &|_| Role::Text);
        lead(&mut summary, &PATH, &|_| Role::Text);
    }
    lead(&mut summary, &LEVEL_FIELDS, &series::level_role);
    lead(&mut summary, &SPEAKER, &|_| Role::FieldName);
    let message = first(document, &MESSAGE).or_else(|| raw(hit));
    if let Some((_, message)) = message {
        // An access log's message is the line whose parts stand here already.
        let repeated = path.is_some_and(|(_, path)| message.contains(&path));
        if !repeated {
            let shown = if lines { &message } else { message.lines().next().unwrap_or_default() };
            let end = shown.len().min(room.saturating_mul(8).saturating_add(1024));
            let end = (0..=end).rev().find(|end| shown.is_char_boundary(*end)).unwrap_or(0);
            summary.push(&shown[..end], theme.style(Role::Text));
        }
    }
    let enough = summary.text.len() + room;
    pairs(document, &used, theme, &mut summary, enough.min(room * 2));
    summary
}

/// The other fields by name, until the text is `most` bytes long.
fn pairs(document: &Document, used: &[&str], theme: &Theme, into: &mut Summary, most: usize) {
    let mut stack: Vec<(String, &Json)> =
        document.source.iter().rev().map(|(name, value)| (name.clone(), value)).collect();
    while let Some((name, value)) = stack.pop() {
        if into.text.len() >= most {
            return;
        }
        if SILENT.contains(&name.as_str()) || used.contains(&name.as_str()) {
            continue;
        }
        match value {
            Json::Object(inner) => {
                let inner = inner.iter().rev().map(|(key, value)| (format!("{name}.{key}"), value));
                stack.extend(inner);
            }
            Json::Null => {}
            _ => {
                let text = value_text(value);
                if !text.is_empty() {
                    into.push(&name, theme.style(Role::Dim));
                    into.push(&text, theme.style(Role::Text));
                }
            }
        }
    }
}

/// The first of the fields that has a text.
fn first(document: &Document, names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| {
        let value = document.first(name)?;
        let text = value_text(&value);
        (!text.is_empty()).then(|| (*name, text.to_string()))
    })
}

fn raw(hit: &Hit) -> Option<(&'static str, String)> {
    let raw = hit.raw.as_ref()?;
    let end = raw.len().min(64 * 1024);
    Some(("event.original", String::from_utf8_lossy(&raw[..end]).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::of;
    use crate::event::Document;
    use crate::query::{Cursor, Hit, HitId};
    use crate::theme::Theme;

    fn check(source: serde_json::Value, expect: &str) {
        let serde_json::Value::Object(source) = source else { panic!("an object") };
        let hit = Hit {
            id: HitId("1".into()),
            cursor: Cursor(Arc::from([])),
            time: None,
            level: None,
            document: Arc::new(Document { source }),
            raw: None,
            more_lines: 0,
            provisional: false,
        };
        assert_eq!(of(&hit, &Theme::default(), 200, false).text, expect);
    }

    #[test]
    fn an_access_log_begins_with_status_and_path() {
        check(
            json!({"@timestamp": "2026", "source": {"ip": "10.0.0.1"},
                "http": {"request": {"method": "GET"}, "response": {"status_code": 502}},
                "url": {"path": "/track"}, "message": "10.0.0.1 GET /track 502"}),
            "502 GET /track source.ip 10.0.0.1",
        );
    }

    #[test]
    fn an_application_log_begins_with_level_and_logger() {
        check(
            json!({"log.level": "ERROR", "log": {"logger": "apps.parcels"},
                "message": "pool exhausted\nTraceback", "stream": "app"}),
            "ERROR apps.parcels pool exhausted stream app",
        );
    }

    #[test]
    fn anything_else_is_named() {
        check(json!({"a": 1, "b": {"c": [1, 2]}, "d": null, "e": ""}), "a 1 b.c 1, 2");
    }
}
