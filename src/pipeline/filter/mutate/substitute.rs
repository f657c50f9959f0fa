//! `gsub`: replaces what a regular expression matches.

use std::sync::Arc;

use serde_json::Value as Json;

use super::super::super::fields::{Field, Fields};
use super::super::super::reference::Reference;
use super::super::super::state::State;
use super::super::super::template::Template;
use super::Failed;
use crate::grok::{Regex, Scratch};

#[derive(Debug)]
pub(super) struct Substitution<F> {
    needle: Needle<F>,
    replacement: Template<F>,
}

#[derive(Debug)]
enum Needle<F> {
    Fixed(Arc<Regex>),
    Dynamic(Template<F>),
}

impl Substitution<Reference> {
    pub(super) fn parse(needle: &str, replacement: &str) -> Result<Self, String> {
        let template = Template::parse(needle);
        let needle = match template.constant() {
            Some(text) => Needle::Fixed(Arc::new(Regex::compile(text).map_err(|e| e.to_string())?)),
            None => Needle::Dynamic(template),
        };
        Ok(Self { needle, replacement: Template::parse(replacement) })
    }

    pub(super) fn reads(&self) -> Vec<String> {
        let mut reads = self.replacement.reads();
        if let Needle::Dynamic(template) = &self.needle {
            reads.extend(template.reads());
        }
        reads
    }

    pub(super) fn resolve(&self, fields: &Fields) -> Substitution<Field> {
        let needle = match &self.needle {
            Needle::Fixed(regex) => Needle::Fixed(regex.clone()),
            Needle::Dynamic(template) => Needle::Dynamic(template.resolve(fields)),
        };
        Substitution { needle, replacement: self.replacement.resolve(fields) }
    }
}

impl Substitution<Field> {
    pub(super) fn run(&self, state: &mut State<'_>, field: &Field) -> Result<(), Failed> {
        let Some(value @ (Json::String(_) | Json::Array(_))) =
            state.get(field).map(|got| got.json())
        else {
            return Ok(());
        };
        let regex = match &self.needle {
            Needle::Fixed(regex) => regex.clone(),
            Needle::Dynamic(template) => {
                let text = template.render_text(state);
                Arc::new(Regex::compile(&text).ok().ok_or(Failed)?)
            }
        };
        let replacement = self.replacement.render_text(state);
        let memory = &mut state.scratch.grok;
        match value {
            Json::String(text) => {
                let changed = replace_all(memory, &regex, &text, &replacement);
                if changed != text {
                    state.set_text(field, changed.as_bytes());
                }
            }
            Json::Array(mut items) => {
                for item in &mut items {
                    if let Json::String(text) = item {
                        *text = replace_all(memory, &regex, text, &replacement);
                    }
                }
                state.set(field, Json::Array(items));
            }
            _ => {}
        }
        Ok(())
    }
}

fn replace_all(memory: &mut Scratch, regex: &Regex, text: &str, replacement: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut from, mut copied) = (0, 0);
    while from <= text.len() && regex.find_at(memory, text.as_bytes(), from) {
        let Some((start, end)) = memory.span(0) else { break };
        out.push_str(&text[copied..start]);
        append(&mut out, memory, regex, text, replacement);
        copied = end;
        // After an empty match the next character stays and the search goes on behind it.
        from = match text[end..].chars().next() {
            Some(c) if start == end => end + c.len_utf8(),
            None if start == end => break,
            _ => end,
        };
    }
    out.push_str(&text[copied..]);
    out
}

/// Appends the replacement, with `\0`, `\1` and `\k<name>` filled in.
fn append(out: &mut String, memory: &Scratch, regex: &Regex, text: &str, replacement: &str) {
    let mut rest = replacement;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut put = |group: Option<usize>| {
            if let Some((start, end)) = group.and_then(|group| memory.span(group)) {
                out.push_str(&text[start..end]);
            }
        };
        match rest.chars().next() {
            Some(digit @ '0'..='9') => {
                put(Some(digit as usize - '0' as usize));
                rest = &rest[1..];
            }
            Some('&') => {
                put(Some(0));
                rest = &rest[1..];
            }
            Some('k') if rest[1..].starts_with('<') && rest.contains('>') => {
                let end = rest.find('>').unwrap_or(rest.len() - 1);
                put(regex.group(&rest[2..end]));
                rest = &rest[end + 1..];
            }
            Some('\\') => {
                out.push('\\');
                rest = &rest[1..];
            }
            _ => out.push('\\'),
        }
    }
    out.push_str(rest);
}
