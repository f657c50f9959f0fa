//! `grok`: takes text apart by patterns.

use std::ops::Range;

use serde_json::Value as Json;

use super::super::fields::{Field, Fields};
use super::super::plan::{Effects, Live, Plan};
use super::super::reference::Reference;
use super::super::settings::{Setting, Settings};
use super::super::state::{Got, State};
use super::{Filter, Ran, Setup};
use crate::diagnostic::Diagnostic;
use crate::event::{Slot, Span, Value};
use crate::grok::{Ecs, Found, Kind, Library, Pattern};

#[derive(Debug)]
struct Grok {
    /// Fields and their patterns, in order.
    matches: Vec<(Reference, Vec<String>)>,
    library: Library,
    /// The captures of all patterns.
    fields: Vec<(String, Reference)>,
    overwrite: Vec<String>,
    target: Option<Reference>,
    behaviour: Behaviour,
    place: Range<usize>,
}

#[derive(Debug, Clone)]
struct Behaviour {
    break_on_match: bool,
    keep_empty: bool,
    tag_on_failure: Vec<String>,
    tag_on_timeout: Vec<String>,
}

pub(super) fn plan(settings: &mut Settings, setup: &Setup<'_>) -> Option<Box<dyn Plan>> {
    let place = settings.place_of("match");
    let ecs_place = settings.place_of("ecs_compatibility");
    let ecs = match settings.text("ecs_compatibility").as_deref() {
        None => setup.ecs,
        Some("disabled") => Ecs::Disabled,
        Some("v1") => Ecs::V1,
        Some("v8") => Ecs::V8,
        Some(other) => {
            settings.refuse(ecs_place, format!("`ecs_compatibility` cannot be `{other}`"));
            setup.ecs
        }
    };
    let mut library = Library::builtin(ecs);
    for (name, regex) in settings.pairs("pattern_definitions") {
        if let Some(regex) = regex.scalar() {
            library.add(&name, regex);
        }
    }
    let named_only = settings.boolean("named_captures_only", true);
    if !named_only {
        settings.refuse(place.clone(), "`named_captures_only => false` is not supported yet");
    }
    if settings.take("patterns_dir").is_some() {
        settings.refuse(place.clone(), "`patterns_dir` is not supported yet");
    }
    // The limit here is a number of steps, so that answers can be repeated.
    settings.number("timeout_millis");
    settings.ignore(&["patterns_files_glob", "timeout_scope"]);
    let mut matches: Vec<(Reference, Vec<String>)> = Vec::new();
    for (field, patterns) in settings.pairs("match") {
        let Some(field) = Reference::parse(&field) else {
            settings.refuse(place.clone(), format!("invalid field `{field}`"));
            continue;
        };
        let Some(patterns) = Setting::scalars(&patterns) else {
            settings.refuse(place.clone(), "a pattern must be text");
            continue;
        };
        match matches.iter_mut().find(|(known, _)| *known == field) {
            Some((_, before)) => before.extend(patterns),
            None => matches.push((field, patterns)),
        }
    }
    let target = settings.text("target").and_then(|name| Reference::parse(&name));
    let default = |tag: &str| vec![tag.to_owned()];
    let behaviour = Behaviour {
        break_on_match: settings.boolean("break_on_match", true),
        keep_empty: settings.boolean("keep_empty_captures", false),
        tag_on_failure: settings
            .texts("tag_on_failure")
            .unwrap_or_else(|| default("_grokparsefailure")),
        tag_on_timeout: settings.texts("tag_on_timeout").unwrap_or_else(|| default("_groktimeout")),
    };
    let mut grok = Grok {
        matches,
        library,
        fields: Vec::new(),
        overwrite: settings.texts("overwrite").unwrap_or_default(),
        target,
        behaviour,
        place: place.clone(),
    };
    for text in grok.matches.iter().flat_map(|(_, patterns)| patterns) {
        match Pattern::compile(text, &grok.library, &|_| true) {
            Ok(pattern) => {
                for capture in pattern.captures() {
                    // What is no reference fails when it is set, as in Logstash.
                    if let Some(field) = grok.reference(&capture.field) {
                        grok.fields.push((capture.field.clone(), field));
                    }
                }
            }
            Err(error) => settings.report(error.diagnostic(place.clone())),
        }
    }
    Some(Box::new(grok))
}

impl Grok {
    fn reference(&self, name: &str) -> Option<Reference> {
        let field = Reference::parse(name)?;
        Some(match &self.target {
            None => field,
            Some(target) => Reference::of([target.segments(), field.segments()].concat()),
        })
    }
}

impl Plan for Grok {
    fn effects(&self) -> Effects {
        let mut effects = Effects {
            tags: !self.behaviour.tag_on_failure.is_empty()
                || !self.behaviour.tag_on_timeout.is_empty(),
            ..Effects::default()
        };
        self.matches.iter().for_each(|(field, _)| effects.read(field));
        self.fields.iter().for_each(|(_, field)| effects.write(field));
        effects
    }

    fn bind(&self, fields: &Fields, live: &Live) -> Result<Box<dyn Filter>, Diagnostic> {
        let mut sources = Vec::with_capacity(self.matches.len());
        for (field, patterns) in &self.matches {
            let mut bound = Vec::with_capacity(patterns.len());
            for text in patterns {
                let wanted =
                    |name: &str| self.reference(name).is_none_or(|field| live.has(&field.dotted()));
                let pattern = Pattern::compile(text, &self.library, &wanted)
                    .map_err(|error| error.diagnostic(self.place.clone()))?;
                let targets = pattern
                    .captures()
                    .iter()
                    .map(|capture| Target {
                        field: self.reference(&capture.field).map(|field| fields.resolve(&field)),
                        kind: capture.kind,
                        groups: capture.groups.clone(),
                        overwrite: self.overwrite.contains(&capture.field),
                    })
                    .collect();
                bound.push(Bound { pattern, targets });
            }
            sources.push((fields.resolve(field), bound));
        }
        Ok(Box::new(BoundGrok { sources, behaviour: self.behaviour.clone() }))
    }
}

#[derive(Debug)]
struct BoundGrok {
    sources: Vec<(Field, Vec<Bound>)>,
    behaviour: Behaviour,
}

#[derive(Debug)]
struct Bound {
    pattern: Pattern,
    targets: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    /// `None` where the name is no field reference: setting it fails.
    field: Option<Field>,
    kind: Kind,
    groups: Vec<usize>,
    overwrite: bool,
}

/// Where the text that is matched lies.
#[derive(Debug, Clone, Copy)]
enum Source {
    Record(Span),
    Arena(Span),
}

/// How matching a text went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matched {
    Yes,
    No,
    TimedOut,
}

impl Filter for BoundGrok {
    fn run(&self, state: &mut State<'_>) -> Ran {
        let mut matched = false;
        for (field, patterns) in &self.sources {
            match self.field(state, field, patterns) {
                Matched::No => {}
                Matched::Yes => {
                    matched = true;
                    if self.behaviour.break_on_match {
                        break;
                    }
                }
                Matched::TimedOut => {
                    state.outcome.timed_out = true;
                    self.behaviour.tag_on_timeout.iter().for_each(|tag| state.fail(tag));
                    return Ran::Passed;
                }
            }
        }
        if matched {
            return Ran::Matched;
        }
        self.behaviour.tag_on_failure.iter().for_each(|tag| state.fail(tag));
        Ran::Passed
    }
}

impl BoundGrok {
    fn field(&self, state: &mut State<'_>, field: &Field, patterns: &[Bound]) -> Matched {
        let mut sources = Sources::One(None);
        if let Field::Slot(slot) = field {
            match state.event.slot(*slot) {
                Slot::Record(span) => sources = Sources::One(Some(Source::Record(*span))),
                Slot::Arena(span) => sources = Sources::One(Some(Source::Arena(*span))),
                _ => {}
            }
        }
        if let Sources::One(None) = sources {
            sources = other_sources(state, field);
        }
        match sources {
            Sources::One(source) => match source {
                Some(source) => self.patterns(state, source, patterns),
                None => Matched::No,
            },
            Sources::Many(all) => {
                let mut matched = Matched::No;
                for source in all {
                    match self.patterns(state, source, patterns) {
                        Matched::No => {}
                        Matched::Yes => matched = Matched::Yes,
                        Matched::TimedOut => return Matched::TimedOut,
                    }
                }
                matched
            }
        }
    }

    fn patterns(&self, state: &mut State<'_>, source: Source, patterns: &[Bound]) -> Matched {
        let mut matched = Matched::No;
        for bound in patterns {
            let text = match source {
                Source::Record(span) => bytes(state.record, span),
                Source::Arena(span) => bytes(state.event.arena(), span),
            };
            match bound.pattern.find(&mut state.scratch.grok, text) {
                Found::NoMatch => {}
                Found::TimedOut => return Matched::TimedOut,
                Found::Match => {
                    if bound.targets.iter().all(|target| self.capture(state, source, target)) {
                        matched = Matched::Yes;
                        if self.behaviour.break_on_match {
                            return matched;
                        }
                    }
                }
            }
        }
        matched
    }

    /// Sets a field to what its groups took; false where that is not possible.
    fn capture(&self, state: &mut State<'_>, source: Source, target: &Target) -> bool {
        for group in &target.groups {
            let span = state.scratch.grok.span(*group);
            let value = match span {
                Some((start, end)) if start < end => {
                    value(state, source, (start, end), target.kind)
                }
                Some(_) if self.behaviour.keep_empty => {
                    let end = state.event.arena().len() as u32;
                    Slot::Arena(Span { start: end, end })
                }
                None if self.behaviour.keep_empty => Slot::Null,
                _ => continue,
            };
            let Some(field) = &target.field else { return false };
            put(state, field, value, target.overwrite);
        }
        true
    }
}

enum Sources {
    One(Option<Source>),
    Many(Vec<Source>),
}

/// Values that are no plain text: each element of a list, anything else as text.
fn other_sources(state: &mut State<'_>, field: &Field) -> Sources {
    let texts: Vec<Vec<u8>> = match state.get(field) {
        None | Some(Got::Value(Value::Null) | Got::Tree(Json::Null)) => vec![Vec::new()],
        Some(got) => match got.json() {
            Json::Array(items) => {
                items.iter().map(|item| super::super::state::display(item).into_bytes()).collect()
            }
            _ => vec![got.text().into_owned()],
        },
    };
    let spans = texts.iter().map(|text| Source::Arena(state.event.store(text))).collect();
    Sources::Many(spans)
}

fn bytes(text: &[u8], span: Span) -> &[u8] {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn value(state: &mut State<'_>, source: Source, (start, end): (usize, usize), kind: Kind) -> Slot {
    let within =
        |span: Span| Span { start: span.start + start as u32, end: span.start + end as u32 };
    let (text, slot) = match source {
        Source::Record(span) => (bytes(state.record, within(span)), Slot::Record(within(span))),
        Source::Arena(span) => {
            (bytes(state.event.arena(), within(span)), Slot::Arena(within(span)))
        }
    };
    match kind {
        Kind::Text => slot,
        Kind::Int => int(text),
        Kind::Float => Slot::Float(ruby_float(text)),
    }
}

/// Sets a captured value beside what is there.
fn put(state: &mut State<'_>, field: &Field, value: Slot, overwrite: bool) {
    if let Field::Slot(slot) = field
        && (overwrite || matches!(state.event.slot(*slot), Slot::Absent | Slot::Null))
    {
        state.event.set(*slot, value);
        return;
    }
    let before = if overwrite { None } else { state.get(field) };
    match before {
        None | Some(Got::Value(Value::Null) | Got::Tree(Json::Null)) => state.put(field, value),
        // Lists grow, text becomes a list; what is neither stays as it is.
        Some(Got::Value(Value::Text(_)) | Got::Tree(Json::Array(_) | Json::String(_))) => {
            let value = state.json_of_slot(&value);
            state.append(field, value);
        }
        Some(Got::Value(Value::Tree(Json::Array(_)))) => {
            let value = state.json_of_slot(&value);
            state.append(field, value);
        }
        Some(_) => {}
    }
}

/// Ruby's `to_i`: blanks, sign, digits with single underscores; 0 where there are none.
fn int(text: &[u8]) -> Slot {
    let mut value: i64 = 0;
    let mut rest = text.trim_ascii_start();
    let negative = rest.first() == Some(&b'-');
    if negative || rest.first() == Some(&b'+') {
        rest = &rest[1..];
    }
    let mut last_was_digit = false;
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                let digit = i64::from(byte - b'0');
                match value.checked_mul(10).and_then(|v| v.checked_add(digit)) {
                    Some(more) => value = more,
                    None => return Slot::Float(ruby_float(text).trunc()),
                }
                last_was_digit = true;
            }
            b'_' if last_was_digit => last_was_digit = false,
            _ => break,
        }
    }
    Slot::Int(if negative { -value } else { value })
}

/// Ruby's `to_f`: the longest beginning that is a number, else 0.
fn ruby_float(text: &[u8]) -> f64 {
    let text = text.trim_ascii_start();
    let digits =
        |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let mut end = sign + digits(sign);
    if text.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if end > sign && matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'-' | b'+')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let number: String =
        text[..end].iter().filter(|b| **b != b'_').map(|b| char::from(*b)).collect();
    number.parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::{Slot, int, ruby_float};

    #[test]
    fn numbers_are_read_as_ruby_reads_them() {
        for (text, expect) in
            [("12", 12), (" -7x", -7), ("abc", 0), ("0x1F", 0), ("12.9", 12), ("1_000", 1000)]
        {
            assert_eq!(int(text.as_bytes()), Slot::Int(expect), "{text}");
        }
        for (text, expect) in [("12abc", 12.0), ("1e3", 1000.0), (".5", 0.5), ("x", 0.0)] {
            assert!((ruby_float(text.as_bytes()) - expect).abs() < 1e-9, "{text}");
        }
    }
}
