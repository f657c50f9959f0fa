//! JSON documents of any shape: nested objects, arrays, dotted names.
//!
//! Only what is wanted is taken; everything else is skipped without being built. The whole text
//! must still be one JSON object.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::put;
use crate::event::{Event, Slot, SlotId, Span};

/// The wanted names, as a tree of name parts.
#[derive(Debug, Clone, Default)]
pub struct Projection {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    slot: Option<SlotId>,
    /// The object itself is wanted (geo points, nested objects), not only fields in it.
    whole: bool,
    children: Vec<(Box<str>, usize)>,
}

impl Projection {
    /// Wants nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Wants the values of a dotted name in `slot`; `whole` also takes an object of that name.
    pub fn want(&mut self, name: &str, slot: SlotId, whole: bool) {
        let mut at = 0;
        for part in name.split('.') {
            at = if let Some((_, child)) =
                self.nodes[at].children.iter().find(|(key, _)| **key == *part)
            {
                *child
            } else {
                self.nodes.push(Node::default());
                let child = self.nodes.len() - 1;
                self.nodes[at].children.push((part.into(), child));
                child
            };
        }
        self.nodes[at].slot = Some(slot);
        self.nodes[at].whole |= whole;
    }

    /// Reads a document. `false` if it is no JSON object; slots may be filled in part then.
    pub fn read(&self, text: &[u8], event: &mut Event) -> bool {
        self.read_at(text, 0, event)
    }

    /// Reads a document that begins at a place of the text; spans are of the whole text.
    pub fn read_at(&self, text: &[u8], start: usize, event: &mut Event) -> bool {
        let Some(document) = text.get(start..) else { return false };
        let mut deserializer = serde_json::Deserializer::from_slice(document);
        let mut sink = Sink { projection: self, event, text };
        let seed = At { sink: &mut sink, node: 0, top: true };
        seed.deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok()
    }

    fn step(&self, node: usize, key: &str) -> Option<usize> {
        let children = &self.nodes[node].children;
        if let Some((_, child)) = children.iter().find(|(name, _)| **name == *key) {
            return Some(*child);
        }
        if !key.contains('.') {
            return None;
        }
        key.split('.').try_fold(node, |at, part| {
            let child = self.nodes[at].children.iter().find(|(name, _)| **name == *part)?;
            Some(child.1)
        })
    }
}

struct Sink<'a> {
    projection: &'a Projection,
    event: &'a mut Event,
    text: &'a [u8],
}

impl Sink<'_> {
    fn put(&mut self, node: usize, value: Slot) {
        if let Some(slot) = self.projection.nodes[node].slot {
            put(self.event, slot, value, self.text);
        }
    }

    fn put_text(&mut self, node: usize, value: &str) {
        if self.projection.nodes[node].slot.is_none() {
            return;
        }
        let slot = match place(self.text, value) {
            Some(span) => Slot::Record(span),
            None => Slot::Arena(self.event.store(value.as_bytes())),
        };
        self.put(node, slot);
    }

    /// Puts what lies in a value that had to be built.
    fn put_tree(&mut self, node: usize, value: &Json) {
        match value {
            Json::Object(object) => {
                for (key, value) in object {
                    if let Some(child) = self.projection.step(node, key) {
                        self.put_tree(child, value);
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.put_tree(node, item)),
            Json::String(text) => {
                let span = self.event.store(text.as_bytes());
                self.put(node, Slot::Arena(span));
            }
            Json::Null => {}
            Json::Bool(flag) => self.put(node, Slot::Bool(*flag)),
            Json::Number(number) => {
                let value = match number.as_i64() {
                    Some(number) => Slot::Int(number),
                    None => Slot::Float(number.as_f64().unwrap_or_default()),
                };
                self.put(node, value);
            }
        }
    }
}

/// A place in the document whose values go to a node.
struct At<'s, 'a> {
    sink: &'s mut Sink<'a>,
    node: usize,
    top: bool,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let node = &self.sink.projection.nodes[self.node];
        if self.top {
            return deserializer.deserialize_map(self);
        }
        if node.whole {
            let value: Json = serde::Deserialize::deserialize(deserializer)?;
            if value.is_object() || value.is_array() {
                let slot = node.slot;
                self.sink.put_tree(self.node, &value);
                if let Some(slot) = slot {
                    self.sink.event.set(slot, Slot::Tree(Box::new(value)));
                }
            } else {
                self.sink.put_tree(self.node, &value);
            }
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(step) =
            map.next_key_seed(Key { projection: self.sink.projection, node: self.node })?
        {
            match step {
                Some(node) => {
                    map.next_value_seed(At { sink: &mut *self.sink, node, top: false })?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq
            .next_element_seed(At { sink: &mut *self.sink, node: self.node, top: false })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.sink.put(self.node, Slot::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.sink.put(self.node, Slot::Int(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        let value = i64::try_from(value).map_or(Slot::Float(value as f64), Slot::Int);
        self.sink.put(self.node, value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.sink.put(self.node, Slot::Float(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.sink.put_text(self.node, value);
        Ok(())
    }
}

/// A key, answered with the node that its value goes to.
struct Key<'a> {
    projection: &'a Projection,
    node: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.projection.step(self.node, key))
    }
}

/// The whole document; `None` if the text is no JSON object. Bytes that are no UTF-8 are replaced.
#[must_use]
pub fn document(text: &[u8]) -> Option<Map<String, Json>> {
    match serde_json::from_slice(text) {
        Ok(Json::Object(object)) => Some(object),
        Ok(_) => None,
        Err(_) if std::str::from_utf8(text).is_err() => {
            serde_json::from_str(&String::from_utf8_lossy(text)).ok()
        }
        Err(_) => None,
    }
}

/// The text of a member: in the document as it stands, or unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// At this place of the document.
    In(std::ops::Range<usize>),
    /// Somewhere else.
    Owned(Vec<u8>),
}

impl Text {
    /// The text, given the document.
    #[must_use]
    pub fn bytes<'a>(&'a self, document: &'a [u8]) -> &'a [u8] {
        match self {
            Self::In(range) => document.get(range.clone()).unwrap_or_default(),
            Self::Owned(text) => text,
        }
    }
}

/// The string members of these names at the top of a document; `None` if it is no JSON object or
/// one of them is no string.
#[must_use]
pub fn strings<const N: usize>(document: &[u8], names: [&str; N]) -> Option<[Option<Text>; N]> {
    let mut found = [const { None }; N];
    let mut deserializer = serde_json::Deserializer::from_slice(document);
    deserializer.deserialize_map(Members { document, names, found: &mut found }).ok()?;
    deserializer.end().ok()?;
    Some(found)
}

struct Members<'a, const N: usize> {
    document: &'a [u8],
    names: [&'a str; N],
    found: &'a mut [Option<Text>; N],
}

impl<'de, const N: usize> Visitor<'de> for Members<'_, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Name(&self.names))? {
            match key {
                Some(index) => self.found[index] = Some(map.next_value_seed(Whole(self.document))?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A key, answered with its index among names.
struct Name<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

/// A string, with its place in the document.
struct Whole<'a>(&'a [u8]);

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Whole<'_> {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(match place(self.0, text) {
            Some(span) => Text::In(span.start as usize..span.end as usize),
            None => Text::Owned(text.as_bytes().to_vec()),
        })
    }
}

/// Where `part` stands in `whole`, if it was borrowed from it.
fn place(whole: &[u8], part: &str) -> Option<Span> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len() && !part.is_empty())
        .then_some(Span { start: start as u32, end: end as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Layout;
    use std::sync::Arc;

    fn read(wanted: &[&str], text: &str) -> Option<String> {
        let mut layout = Layout::default();
        let mut projection = Projection::new();
        for name in wanted {
            let slot = layout.intern(name).expect("room");
            projection.want(name, slot, name.ends_with("point"));
        }
        let mut event = Event::new(Arc::new(layout));
        let matched = projection.read(text.as_bytes(), &mut event);
        let shown: Vec<String> = (0..wanted.len())
            .map(|index| {
                let slot = SlotId(index as u16);
                format!("{:?}", super::super::owned(&event, slot, text.as_bytes()).to_string())
            })
            .collect();
        matched.then(|| shown.join(" ").replace("\\\"", "'").replace('"', ""))
    }

    fn check(wanted: &[&str], text: &str, expected: &str) {
        assert_eq!(read(wanted, text).as_deref().unwrap_or("no document"), expected, "{text}");
    }

    #[test]
    fn nested_and_dotted() {
        let text = r#"{"a":{"b":1,"x":[{"y":2}]},"a.c":"z","d":{"e.f":true},"n":null}"#;
        check(&["a.b", "a.c", "d.e.f", "n", "a", "q"], text, "1 'z' true null null null");
    }

    #[test]
    fn arrays_hold_all_their_values() {
        check(
            &["t", "o.k"],
            r#"{"t":["x","y\n"],"o":[{"k":1},{"k":2.5},{}]}"#,
            "['x','y\\\\n'] [1,2.5]",
        );
    }

    #[test]
    fn whole_objects() {
        check(&["point", "point.lat"], r#"{"point":{"lat":1,"lon":2}}"#, "{'lat':1,'lon':2} 1");
    }

    #[test]
    fn numbers() {
        check(&["a", "b"], r#"{"a":18446744073709551615,"b":-1}"#, "1.8446744073709552e+19 -1");
    }

    #[test]
    fn no_documents() {
        for text in ["", "[1]", "{", r#"{"a":1} x"#, "null", "12", r#"{"a":}"#] {
            check(&["a"], text, "no document");
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_the_tree(text in r#"\{("[ab]":(1|"x"|\[1,2\]|\{"[ab]":3\}),?){0,3}\}"#) {
            let tree = document(text.as_bytes()).is_some();
            proptest::prop_assert_eq!(read(&["a", "b.a"], &text).is_some(), tree);
        }

        #[test]
        fn never_panics(text in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = document(&text);
        }
    }
}
