//! Text with field references in it: `%{[host][name]}-%{+YYYY.MM.dd}` (Logstash's sprintf).

use std::borrow::Cow;

use super::date::Joda;
use super::fields::{Field, Fields};
use super::reference::Reference;
use super::state::State;

/// A template whose references are names (`Reference`) or resolved ([`Field`]).
#[derive(Debug, Clone)]
pub(super) struct Template<F> {
    parts: Vec<Part<F>>,
}

#[derive(Debug, Clone)]
enum Part<F> {
    Text(String),
    /// A field, and the text that stays where there is none.
    Field(F, String),
    /// The event's time in a format.
    Time(Joda),
    /// The event's time in seconds.
    Seconds,
}

impl Template<Reference> {
    /// Reads a template. What looks like a reference and is none stays text.
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("%{") {
            let Some(len) = rest[start..].find('}') else { break };
            let inside = &rest[start + 2..start + len];
            let whole = &rest[start..=start + len];
            plain.push_str(&rest[..start]);
            rest = &rest[start + len + 1..];
            let part = match inside {
                "" | "+" | "+%s" => Some(Part::Seconds),
                _ => match inside.strip_prefix('+') {
                    Some(format) => Joda::parse(format).ok().map(Part::Time),
                    None => Reference::parse(inside).map(|f| Part::Field(f, whole.to_owned())),
                },
            };
            match part {
                None => plain.push_str(whole),
                Some(part) => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(part);
                }
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Part::Text(plain));
        }
        Self { parts }
    }

    /// The fields that are read.
    pub(super) fn reads(&self) -> Vec<String> {
        let names = self.parts.iter().filter_map(|part| match part {
            Part::Field(field, _) => Some(field.stem()),
            Part::Time(_) | Part::Seconds => Some("@timestamp".to_owned()),
            Part::Text(_) => None,
        });
        names.collect()
    }

    /// The text, where nothing in it depends on the event.
    pub(super) fn constant(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    pub(super) fn resolve(&self, fields: &Fields) -> Template<Field> {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => Part::Text(text.clone()),
            Part::Field(field, whole) => Part::Field(fields.resolve(field), whole.clone()),
            Part::Time(format) => Part::Time(format.clone()),
            Part::Seconds => Part::Seconds,
        });
        Template { parts: parts.collect() }
    }
}

impl Template<Field> {
    /// The text for an event.
    pub(super) fn render(&self, state: &State<'_>) -> Cow<'_, [u8]> {
        if let [Part::Text(text)] = self.parts.as_slice() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Field(field, whole) => match state.get(field) {
                    Some(got) if !got.json().is_null() => out.extend_from_slice(&got.text()),
                    _ => out.extend_from_slice(whole.as_bytes()),
                },
                Part::Time(format) => {
                    if let Some(at) = state.timestamp() {
                        out.extend_from_slice(format.format(at).as_bytes());
                    }
                }
                Part::Seconds => {
                    if let Some(at) = state.timestamp() {
                        out.extend_from_slice(at.0.div_euclid(1000).to_string().as_bytes());
                    }
                }
            }
        }
        Cow::Owned(out)
    }

    /// The same as text that is surely UTF-8.
    pub(super) fn render_text(&self, state: &State<'_>) -> String {
        String::from_utf8_lossy(&self.render(state)).into_owned()
    }
}
