//! `mutate`: renames, converts and rewrites fields, in a fixed order whatever the text's.

mod convert;
mod substitute;
mod text;

use serde_json::Value as Json;

use super::super::fields::{Field, Fields};
use super::super::plan::{Effects, Live, Plan};
use super::super::reference::Reference;
use super::super::settings::{Setting, Settings};
use super::super::state::{Got, State, display};
use super::super::template::Template;
use super::common::Name;
use super::{Filter, Ran};
use crate::diagnostic::Diagnostic;
use crate::event::{Slot, Value};
use convert::Conversion;
use substitute::Substitution;
use text::TextChange;

/// One thing that mutate does.
#[derive(Debug)]
enum Action<F> {
    Coerce { field: Name<F>, value: Template<F> },
    Rename { from: Name<F>, to: Name<F> },
    Update { field: Name<F>, value: Template<F> },
    Replace { field: Name<F>, value: Template<F> },
    Convert { field: Name<F>, conversion: Conversion },
    Substitute { field: Name<F>, substitution: Substitution<F> },
    Text { field: Name<F>, change: TextChange },
    Split { field: Name<F>, separator: String },
    Join { field: Name<F>, separator: String },
    Merge { into: Name<F>, from: Name<F> },
    Copy { from: Name<F>, to: Name<F> },
}

#[derive(Debug)]
struct Mutate<F> {
    actions: Vec<Action<F>>,
    tag_on_failure: Vec<String>,
}

/// That an action cannot be done: the rest is left, and the event is tagged.
#[derive(Debug)]
pub(super) struct Failed;

pub(super) fn plan(settings: &mut Settings) -> Option<Box<dyn Plan>> {
    let mut actions = Vec::new();
    for option in ["coerce", "rename", "update", "replace"] {
        each_pair(settings, option, |field, value| {
            let template = Template::parse(value);
            Ok(match option {
                "coerce" => Action::Coerce { field, value: template },
                "rename" => Action::Rename { from: field, to: name(value)? },
                "update" => Action::Update { field, value: template },
                _ => Action::Replace { field, value: template },
            })
        })
        .into_iter()
        .for_each(|action| actions.push(action));
    }
    actions.extend(each_pair(settings, "convert", |field, value| {
        let conversion = Conversion::parse(value)?;
        Ok(Action::Convert { field, conversion })
    }));
    actions.extend(substitutions(settings));
    for (option, change) in [
        ("uppercase", TextChange::Uppercase),
        ("capitalize", TextChange::Capitalize),
        ("lowercase", TextChange::Lowercase),
        ("strip", TextChange::Strip),
    ] {
        let place = settings.place_of(option);
        for text in settings.texts(option).unwrap_or_default() {
            match name(&text) {
                Ok(field) => actions.push(Action::Text { field, change }),
                Err(reason) => settings.refuse(place.clone(), reason),
            }
        }
    }
    actions.extend(each_pair(settings, "split", |field, separator| {
        Ok(Action::Split { field, separator: separator.to_owned() })
    }));
    actions.extend(each_pair(settings, "join", |field, separator| {
        Ok(Action::Join { field, separator: separator.to_owned() })
    }));
    actions.extend(each_pair(settings, "merge", |into, from| {
        Ok(Action::Merge { into, from: name(from)? })
    }));
    actions
        .extend(each_pair(settings, "copy", |from, to| Ok(Action::Copy { from, to: name(to)? })));
    let tag_on_failure = settings.texts("tag_on_failure");
    let tag_on_failure = tag_on_failure.unwrap_or_else(|| vec!["_mutate_error".to_owned()]);
    Some(Box::new(Mutate { actions, tag_on_failure }))
}

fn name(text: &str) -> Result<Name<Reference>, String> {
    Name::parse(text).ok_or_else(|| format!("invalid field `{text}`"))
}

/// An action for each pair of an option; a list as value gives one for each element.
fn each_pair(
    settings: &mut Settings,
    option: &str,
    make: impl Fn(Name<Reference>, &str) -> Result<Action<Reference>, String>,
) -> Vec<Action<Reference>> {
    let place = settings.place_of(option);
    let mut actions = Vec::new();
    for (key, value) in settings.pairs(option) {
        for value in Setting::scalars(&value).unwrap_or_default() {
            match name(&key).and_then(|field| make(field, &value)) {
                Ok(action) => actions.push(action),
                Err(reason) => settings.refuse(place.clone(), reason),
            }
        }
    }
    actions
}

fn substitutions(settings: &mut Settings) -> Vec<Action<Reference>> {
    let place = settings.place_of("gsub");
    let words = settings.texts("gsub").unwrap_or_default();
    if !words.len().is_multiple_of(3) {
        settings.refuse(place.clone(), "`gsub` needs a field, a pattern and a replacement each");
    }
    let mut actions = Vec::new();
    for triple in words.chunks_exact(3) {
        let made = name(&triple[0]).and_then(|field| {
            let substitution = Substitution::parse(&triple[1], &triple[2])?;
            Ok(Action::Substitute { field, substitution })
        });
        match made {
            Ok(action) => actions.push(action),
            Err(reason) => settings.refuse(place.clone(), reason),
        }
    }
    actions
}

impl Plan for Mutate<Reference> {
    fn effects(&self) -> Effects {
        let mut effects = Effects::default();
        for action in &self.actions {
            match action {
                Action::Rename { from, to } => {
                    from.effects(&mut effects, true, true);
                    to.effects(&mut effects, false, true);
                }
                Action::Copy { from, to } => {
                    from.effects(&mut effects, true, false);
                    to.effects(&mut effects, false, true);
                }
                Action::Merge { into, from } => {
                    into.effects(&mut effects, true, true);
                    from.effects(&mut effects, true, false);
                }
                Action::Coerce { field, value }
                | Action::Update { field, value }
                | Action::Replace { field, value } => {
                    field.effects(&mut effects, true, true);
                    effects.reads.extend(value.reads());
                }
                Action::Substitute { field, substitution } => {
                    field.effects(&mut effects, true, true);
                    effects.reads.extend(substitution.reads());
                }
                Action::Convert { field, .. } => {
                    // Values that are no numbers are refused, which tags.
                    effects.tags = true;
                    field.effects(&mut effects, true, true);
                }
                Action::Text { field, .. }
                | Action::Split { field, .. }
                | Action::Join { field, .. } => {
                    effects.tags = true;
                    field.effects(&mut effects, true, true);
                }
            }
        }
        effects
    }

    fn bind(&self, fields: &Fields, _: &Live) -> Result<Box<dyn Filter>, Diagnostic> {
        let actions = self.actions.iter().map(|action| resolve(action, fields)).collect();
        Ok(Box::new(Mutate { actions, tag_on_failure: self.tag_on_failure.clone() }))
    }
}

fn resolve(action: &Action<Reference>, fields: &Fields) -> Action<Field> {
    let of = |name: &Name<Reference>| name.resolve(fields);
    match action {
        Action::Coerce { field, value } => {
            Action::Coerce { field: of(field), value: value.resolve(fields) }
        }
        Action::Rename { from, to } => Action::Rename { from: of(from), to: of(to) },
        Action::Update { field, value } => {
            Action::Update { field: of(field), value: value.resolve(fields) }
        }
        Action::Replace { field, value } => {
            Action::Replace { field: of(field), value: value.resolve(fields) }
        }
        Action::Convert { field, conversion } => {
            Action::Convert { field: of(field), conversion: *conversion }
        }
        Action::Substitute { field, substitution } => {
            Action::Substitute { field: of(field), substitution: substitution.resolve(fields) }
        }
        Action::Text { field, change } => Action::Text { field: of(field), change: *change },
        Action::Split { field, separator } => {
            Action::Split { field: of(field), separator: separator.clone() }
        }
        Action::Join { field, separator } => {
            Action::Join { field: of(field), separator: separator.clone() }
        }
        Action::Merge { into, from } => Action::Merge { into: of(into), from: of(from) },
        Action::Copy { from, to } => Action::Copy { from: of(from), to: of(to) },
    }
}

impl Filter for Mutate<Field> {
    fn run(&self, state: &mut State<'_>) -> Ran {
        for action in &self.actions {
            if run(action, state).is_err() {
                self.tag_on_failure.iter().for_each(|tag| state.fail(tag));
                return Ran::Passed;
            }
        }
        Ran::Matched
    }
}

fn run(action: &Action<Field>, state: &mut State<'_>) -> Result<(), Failed> {
    match action {
        Action::Coerce { field, value } => {
            let field = field.field(state).ok_or(Failed)?;
            let is_null =
                matches!(state.get(&field), Some(Got::Value(Value::Null) | Got::Tree(Json::Null)));
            if is_null {
                replace(state, &field, value)?;
            }
        }
        Action::Rename { from, to } => {
            let (from, to) = (from.field(state).ok_or(Failed)?, to.field(state).ok_or(Failed)?);
            if let Some(value) = state.take(&from) {
                guard_timestamp(state, &to, matches!(value, Slot::Time(_)))?;
                state.put(&to, value);
            }
        }
        Action::Update { field, value } => {
            let field = field.field(state).ok_or(Failed)?;
            if state.get(&field).is_some() {
                replace(state, &field, value)?;
            }
        }
        Action::Replace { field, value } => {
            let field = field.field(state).ok_or(Failed)?;
            replace(state, &field, value)?;
        }
        Action::Convert { field, conversion } => {
            let field = field.field(state).ok_or(Failed)?;
            convert::run(state, &field, *conversion)?;
        }
        Action::Substitute { field, substitution } => {
            let field = field.field(state).ok_or(Failed)?;
            substitution.run(state, &field)?;
        }
        Action::Text { field, change } => {
            let field = field.field(state).ok_or(Failed)?;
            text::run(state, &field, *change)?;
        }
        Action::Split { field, separator } => {
            let field = field.field(state).ok_or(Failed)?;
            if let Some(Json::String(whole)) = state.get(&field).map(|got| got.json()) {
                state.set(&field, text::split(&whole, separator));
            }
        }
        Action::Join { field, separator } => {
            let field = field.field(state).ok_or(Failed)?;
            if let Some(Json::Array(items)) = state.get(&field).map(|got| got.json()) {
                let mut flat = Vec::new();
                flatten(&items, &mut flat);
                state.set_text(&field, flat.join(separator).as_bytes());
            }
        }
        Action::Merge { into, from } => {
            let (into, from) = (into.field(state).ok_or(Failed)?, from.field(state).ok_or(Failed)?);
            merge(state, &into, &from);
        }
        Action::Copy { from, to } => {
            let (from, to) = (from.field(state).ok_or(Failed)?, to.field(state).ok_or(Failed)?);
            copy(state, &from, &to)?;
        }
    }
    Ok(())
}

/// Only instants may be put in `@timestamp`.
fn guard_timestamp(state: &State<'_>, field: &Field, is_time: bool) -> Result<(), Failed> {
    let is_timestamp = matches!(field, Field::Slot(slot) if *slot == state.slots.timestamp);
    if is_timestamp && !is_time { Err(Failed) } else { Ok(()) }
}

fn replace(state: &mut State<'_>, field: &Field, value: &Template<Field>) -> Result<(), Failed> {
    guard_timestamp(state, field, false)?;
    let text = value.render(state).into_owned();
    state.set_text(field, &text);
    Ok(())
}

fn copy(state: &mut State<'_>, from: &Field, to: &Field) -> Result<(), Failed> {
    let value = match from {
        Field::Slot(slot) => state.event.slot(*slot).clone(),
        Field::Path(_) => match state.get(from).map(|got| got.json()) {
            None | Some(Json::Null) => return Ok(()),
            Some(value) => {
                state.set(to, value);
                return Ok(());
            }
        },
    };
    if matches!(value, Slot::Absent | Slot::Null) {
        return Ok(());
    }
    guard_timestamp(state, to, matches!(value, Slot::Time(_)))?;
    state.put(to, value);
    Ok(())
}

fn merge(state: &mut State<'_>, into: &Field, from: &Field) {
    let json = |field: &Field| state.get(field).map(|got| got.json());
    let Some(from) = json(from) else { return };
    let merged = match (json(into), from) {
        (None | Some(Json::Null), from @ (Json::Array(_) | Json::Object(_))) => from,
        (None | Some(Json::Null), one) => Json::Array(vec![one]),
        (Some(Json::Object(mut a)), Json::Object(b)) => {
            a.extend(b);
            Json::Object(a)
        }
        (Some(Json::Object(_)), _) | (Some(_), Json::Object(_)) => return,
        (Some(Json::Array(mut a)), Json::Array(b)) => {
            a.extend(b);
            Json::Array(a)
        }
        (Some(Json::Array(mut a)), b) => {
            a.push(b);
            Json::Array(a)
        }
        (Some(a), Json::Array(mut b)) => {
            b.insert(0, a);
            Json::Array(b)
        }
        (Some(a), b) => Json::Array(vec![a, b]),
    };
    state.set(into, merged);
}

fn flatten(items: &[Json], flat: &mut Vec<String>) {
    for item in items {
        match item {
            Json::Array(inner) => flatten(inner, flat),
            other => flat.push(display(other)),
        }
    }
}
