//! A plugin's attributes: merged, with environment variables, read by type.
//!
//! In: a [`Plugin`] of the tree. Out: typed options and findings about those that are unknown or
//! of a wrong type. Each option is taken once; what is left at the end is unknown.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ast::{Literal, LiteralKind, Plugin};
use crate::diagnostic::Diagnostic;

/// A value of an option.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Setting {
    /// Text or a bare word.
    Text(String),
    /// A number as written.
    Number(String),
    /// A list.
    Array(Vec<Setting>),
    /// Pairs in order.
    Hash(Vec<(String, Setting)>),
}

impl Setting {
    /// A scalar as text.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Setting::Text(text) | Setting::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The scalars of a list, or a scalar by itself.
    pub(super) fn scalars(&self) -> Option<Vec<String>> {
        match self {
            Setting::Array(items) => {
                items.iter().map(|item| item.scalar().map(str::to_owned)).collect()
            }
            Setting::Hash(entries) => {
                let mut flat = Vec::with_capacity(entries.len() * 2);
                for (key, value) in entries {
                    flat.extend([key.clone(), value.scalar()?.to_owned()]);
                }
                Some(flat)
            }
            scalar => Some(vec![scalar.scalar()?.to_owned()]),
        }
    }
}

/// The options of one plugin while they are read.
#[derive(Debug)]
pub(super) struct Settings {
    plugin: String,
    place: Range<usize>,
    options: Vec<(String, Range<usize>, Setting)>,
    findings: Vec<Diagnostic>,
}

impl Settings {
    /// Reads and merges the attributes of a plugin.
    pub(super) fn of(plugin: &Plugin, environment: &BTreeMap<String, String>) -> Self {
        let mut settings = Self {
            plugin: plugin.name.clone(),
            place: plugin.span.clone(),
            options: Vec::new(),
            findings: Vec::new(),
        };
        for attribute in &plugin.attributes {
            let value = settings.setting(&attribute.value, environment);
            let known = settings.options.iter_mut().find(|(name, ..)| *name == attribute.name);
            match known {
                Some((_, _, before)) => *before = merge(before.clone(), value),
                None => settings.options.push((
                    attribute.name.clone(),
                    attribute.span.start..attribute.value.span.end,
                    value,
                )),
            }
        }
        settings
    }

    fn setting(&mut self, literal: &Literal, environment: &BTreeMap<String, String>) -> Setting {
        match &literal.kind {
            LiteralKind::Plugin(plugin) => Setting::Text(plugin.name.clone()),
            LiteralKind::Word(word) => Setting::Text(word.clone()),
            LiteralKind::Text(text) => match expand(text, environment) {
                Ok(text) => Setting::Text(text),
                Err(name) => {
                    let message = format!("environment variable `{name}` is not set");
                    self.findings.push(
                        Diagnostic::error(message)
                            .at(literal.span.clone())
                            .hint(format!("${{{name}:default}} gives a default")),
                    );
                    Setting::Text(text.clone())
                }
            },
            LiteralKind::Number(number) => Setting::Number(number.clone()),
            LiteralKind::Array(items) => {
                Setting::Array(items.iter().map(|item| self.setting(item, environment)).collect())
            }
            LiteralKind::Hash(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = match &key.kind {
                        LiteralKind::Word(key) | LiteralKind::Text(key) => key.clone(),
                        LiteralKind::Number(key) => key.clone(),
                        _ => String::new(),
                    };
                    (key, self.setting(value, environment))
                });
                Setting::Hash(entries.collect())
            }
        }
    }

    /// The place of the plugin's name.
    pub(super) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// The place of an option, else the plugin's.
    pub(super) fn place_of(&self, name: &str) -> Range<usize> {
        let found = self.options.iter().find(|(known, ..)| known == name);
        found.map_or(self.place(), |(_, place, _)| place.clone())
    }

    /// Reports something about an option.
    pub(super) fn refuse(&mut self, place: Range<usize>, message: impl Into<String>) {
        self.findings.push(Diagnostic::error(message).at(place));
    }

    /// Reports a finding as it is.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Takes an option as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<(Range<usize>, Setting)> {
        let idx = self.options.iter().position(|(known, ..)| known == name)?;
        let (_, place, setting) = self.options.remove(idx);
        Some((place, setting))
    }

    fn typed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        read: impl Fn(&Setting) -> Option<T>,
    ) -> Option<T> {
        let (place, setting) = self.take(name)?;
        let value = read(&setting);
        if value.is_none() {
            self.refuse(place, format!("`{name}` of `{}` must be {wanted}", self.plugin));
        }
        value
    }

    /// A text option.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.typed(name, "text", |setting| match setting {
            Setting::Array(items) if items.len() == 1 => items[0].scalar().map(str::to_owned),
            other => other.scalar().map(str::to_owned),
        })
    }

    /// A list of texts; a scalar is a list of one.
    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.typed(name, "a list of texts", Setting::scalars)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, name: &str, default: bool) -> bool {
        let value = self.typed(name, "true or false", |setting| match setting.scalar()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        value.unwrap_or(default)
    }

    /// A number.
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        self.typed(name, "a number", |setting| setting.scalar()?.parse().ok())
    }

    /// Pairs; an array of pairs (`[a, b, c, d]`) is accepted too.
    pub(super) fn pairs(&mut self, name: &str) -> Vec<(String, Setting)> {
        let pairs = self.typed(name, "a hash", |setting| match setting {
            Setting::Hash(entries) => Some(entries.clone()),
            Setting::Array(items) if items.len() % 2 == 0 => {
                let pair = |pair: &[Setting]| Some((pair[0].scalar()?.to_owned(), pair[1].clone()));
                items.chunks(2).map(pair).collect()
            }
            _ => None,
        });
        pairs.unwrap_or_default()
    }

    /// Options that Logstash knows and that change nothing here.
    pub(super) fn ignore(&mut self, names: &[&str]) {
        self.options.retain(|(name, ..)| !names.contains(&name.as_str()));
    }

    /// What was found, unknown options too.
    pub(super) fn finish(mut self) -> Result<(), Vec<Diagnostic>> {
        for (name, place, _) in std::mem::take(&mut self.options) {
            self.refuse(place, format!("unknown option `{name}` of `{}`", self.plugin));
        }
        if self.findings.is_empty() { Ok(()) } else { Err(self.findings) }
    }
}

/// Joins the values of an attribute that is written twice.
fn merge(before: Setting, after: Setting) -> Setting {
    match (before, after) {
        (Setting::Hash(mut entries), Setting::Hash(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, before)) => *before = merge(before.clone(), value),
                    None => entries.push((key, value)),
                }
            }
            Setting::Hash(entries)
        }
        (Setting::Array(mut items), Setting::Array(more)) => {
            items.extend(more);
            Setting::Array(items)
        }
        (Setting::Array(mut items), one) => {
            items.push(one);
            Setting::Array(items)
        }
        (one, Setting::Array(mut items)) => {
            items.insert(0, one);
            Setting::Array(items)
        }
        (one, other) if one == other => one,
        (one, other) => Setting::Array(vec![one, other]),
    }
}

/// Replaces `${NAME}` and `${NAME:default}`; the name of the first that is not set.
pub(super) fn expand(text: &str, environment: &BTreeMap<String, String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
        let len = inside.bytes().take_while(|b| is_name(*b)).count();
        let name = &inside[..len];
        let end = inside.find('}');
        let valid = len > 0 && !name.as_bytes()[0].is_ascii_digit();
        let (Some(end), true) = (end, valid) else {
            out.push_str(&rest[..start + 2]);
            rest = inside;
            continue;
        };
        let default = match inside[len..end].strip_prefix(':') {
            Some(default) => Some(default),
            None if len == end => None,
            None => {
                out.push_str(&rest[..start + 2]);
                rest = inside;
                continue;
            }
        };
        out.push_str(&rest[..start]);
        match (environment.get(name), default) {
            (Some(value), _) => out.push_str(value),
            (None, Some(default)) => out.push_str(default),
            (None, None) => return Err(name.to_owned()),
        }
        rest = &inside[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
