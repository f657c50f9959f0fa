//! Reading and changing what lies behind a path: objects over slots, arrays, unknown names.
//!
//! The slow way to a field. A path that ends at a slot is that slot; one that passes a slot goes
//! on in its tree; one that slots lie under is an object made of them.

use serde_json::{Map, Value as Json};

use super::state::json_of;
use crate::event::{Event, Slot, SlotId};

/// The value behind a path.
pub(super) fn get(event: &Event, record: &[u8], path: &[Box<str>]) -> Option<Json> {
    for taken in (1..=path.len()).rev() {
        let Some(slot) = event.layout().slot(&path[..taken].join(".")) else { continue };
        let value = event.value(slot, record)?;
        let mut tree = json_of(value);
        for name in &path[taken..] {
            tree = child(&tree, name)?.clone();
        }
        return Some(tree);
    }
    let mut object = in_overflow(event, path).cloned();
    let prefix = format!("{}.", path.join("."));
    for slot in slots_under(event, &prefix) {
        let Some(value) = event.value(slot, record) else { continue };
        let tree = object.get_or_insert_with(|| Json::Object(Map::new()));
        let rest: Vec<Box<str>> =
            event.layout().name(slot)[prefix.len()..].split('.').map(Into::into).collect();
        put(tree, &rest, json_of(value));
    }
    object
}

/// Sets the value behind a path.
pub(super) fn set(event: &mut Event, record: &[u8], path: &[Box<str>], value: Json) {
    for taken in (1..=path.len()).rev() {
        let Some(slot) = event.layout().slot(&path[..taken].join(".")) else { continue };
        if taken == path.len() {
            event.set(slot, slot_of(value));
            return;
        }
        let mut tree = event.value(slot, record).map_or(Json::Null, json_of);
        if tree.is_null() {
            tree = Json::Object(Map::new());
        }
        put(&mut tree, &path[taken..], value);
        event.set(slot, Slot::Tree(Box::new(tree)));
        return;
    }
    let prefix = format!("{}.", path.join("."));
    let under = slots_under(event, &prefix);
    if let (false, Json::Object(object)) = (under.is_empty(), &value) {
        remove(event, path);
        for (name, value) in object {
            let mut inner = path.to_vec();
            inner.push(name.as_str().into());
            set(event, record, &inner, value.clone());
        }
        return;
    }
    for slot in under {
        event.set(slot, Slot::Absent);
    }
    let mut tree = Json::Object(std::mem::take(event.overflow_mut()));
    put(&mut tree, path, value);
    if let Json::Object(object) = tree {
        *event.overflow_mut() = object;
    }
}

/// Removes what lies behind a path.
pub(super) fn remove(event: &mut Event, path: &[Box<str>]) {
    for taken in (1..=path.len()).rev() {
        let Some(slot) = event.layout().slot(&path[..taken].join(".")) else { continue };
        if taken == path.len() {
            event.set(slot, Slot::Absent);
        } else if let Slot::Tree(tree) = event.slot(slot) {
            let mut tree = tree.clone();
            take(&mut tree, &path[taken..]);
            event.set(slot, Slot::Tree(tree));
        }
        return;
    }
    for slot in slots_under(event, &format!("{}.", path.join("."))) {
        event.set(slot, Slot::Absent);
    }
    if event.overflow().is_empty() {
        return;
    }
    let mut tree = Json::Object(std::mem::take(event.overflow_mut()));
    take(&mut tree, path);
    if let Json::Object(object) = tree {
        *event.overflow_mut() = object;
    }
}

/// A slot's form of a value that has no text of its own to refer to.
pub(super) fn slot_of(value: Json) -> Slot {
    match value {
        Json::Null => Slot::Null,
        Json::Bool(value) => Slot::Bool(value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Slot::Int(value),
            (None, Some(value)) => Slot::Float(value),
            (None, None) => Slot::Null,
        },
        tree => Slot::Tree(Box::new(tree)),
    }
}

fn slots_under(event: &Event, prefix: &str) -> Vec<SlotId> {
    let names = event.layout().names().enumerate();
    names.filter(|(_, name)| name.starts_with(prefix)).map(|(idx, _)| SlotId(idx as u16)).collect()
}

fn in_overflow<'a>(event: &'a Event, path: &[Box<str>]) -> Option<&'a Json> {
    let mut value = event.overflow().get(&*path[0])?;
    for name in &path[1..] {
        value = child(value, name)?;
    }
    Some(value)
}

fn child<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    match value {
        Json::Object(object) => object.get(name),
        Json::Array(items) => items.get(index(items.len(), name)?),
        _ => None,
    }
}

fn index(len: usize, name: &str) -> Option<usize> {
    let number: i64 = name.parse().ok()?;
    usize::try_from(if number < 0 { number + len as i64 } else { number }).ok()
}

/// Puts a value behind a path, making objects on the way; scalars in the way are replaced.
fn put(tree: &mut Json, path: &[Box<str>], value: Json) {
    let Some((name, rest)) = path.split_first() else {
        *tree = value;
        return;
    };
    if let Json::Array(items) = tree
        && let Some(idx) = index(items.len(), name).filter(|idx| *idx <= items.len() + 1000)
    {
        while items.len() <= idx {
            items.push(Json::Null);
        }
        put(&mut items[idx], rest, value);
        return;
    }
    if !tree.is_object() {
        *tree = Json::Object(Map::new());
    }
    if let Json::Object(object) = tree {
        put(object.entry(&**name).or_insert(Json::Null), rest, value);
    }
}

fn take(tree: &mut Json, path: &[Box<str>]) {
    let Some((name, rest)) = path.split_first() else { return };
    match tree {
        Json::Object(object) if rest.is_empty() => {
            object.shift_remove(&**name);
        }
        Json::Object(object) => {
            if let Some(inner) = object.get_mut(&**name) {
                take(inner, rest);
            }
        }
        Json::Array(items) => {
            let Some(idx) = index(items.len(), name).filter(|idx| *idx < items.len()) else {
                return;
            };
            if rest.is_empty() {
                items.remove(idx);
            } else {
                take(&mut items[idx], rest);
            }
        }
        _ => {}
    }
}
