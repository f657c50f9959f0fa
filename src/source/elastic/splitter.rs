//! Cuts the hits out of an answer while its bytes come, so that no more than one is held in pieces.
//!
//! In: the bytes of an answer of `_search`, in chunks of any size. Out: the text of each hit, and at
//! the end the answer without its hits. What is no JSON is not found out here but by whoever reads
//! the pieces.

use memchr::memchr2;

/// Names of at most so many bytes are looked at.
const NAME: usize = 8;

/// Where in an answer the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Outside of the outer `hits`.
    Envelope,
    /// In the outer `hits`, an object.
    Hits,
    /// In the inner `hits`, the array.
    Array,
}

/// See the module.
#[derive(Debug)]
pub(super) struct HitSplitter {
    within: Within,
    depth: usize,
    in_string: bool,
    escaped: bool,
    name: Vec<u8>,
    hit: Vec<u8>,
    envelope: Vec<u8>,
}

impl HitSplitter {
    /// At the beginning of an answer.
    pub(super) fn new() -> Self {
        Self {
            within: Within::Envelope,
            depth: 0,
            in_string: false,
            escaped: false,
            name: Vec::new(),
            hit: Vec::new(),
            envelope: Vec::new(),
        }
    }

    /// Takes bytes; `emit` is given each hit that is whole.
    pub(super) fn push(&mut self, bytes: &[u8], emit: &mut dyn FnMut(Vec<u8>)) {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at += self.string(&bytes[at..]);
                continue;
            }
            let byte = bytes[at];
            at += 1;
            let was_in_hit = self.in_hit();
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.name.clear();
                }
                b'{' | b'[' => self.open(byte),
                b'}' | b']' => self.close(),
                _ => {}
            }
            if was_in_hit || self.in_hit() {
                self.hit.push(byte);
                if !self.in_hit() {
                    emit(std::mem::take(&mut self.hit));
                }
            } else if self.within != Within::Array || byte == b'[' {
                self.envelope.push(byte);
            }
        }
    }

    /// The answer without its hits.
    pub(super) fn envelope(self) -> Vec<u8> {
        self.envelope
    }

    fn in_hit(&self) -> bool {
        self.within == Within::Array && self.depth > 3
    }

    /// Takes the part of a string that there is, its closing mark included; tells its length.
    fn string(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        if std::mem::take(&mut self.escaped) {
            at = 1;
        }
        loop {
            match memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) {
                None => {
                    at = bytes.len();
                    break;
                }
                Some(found) if bytes[at + found] == b'"' => {
                    at += found + 1;
                    self.in_string = false;
                    break;
                }
                Some(found) => {
                    at += found + 2;
                    if at > bytes.len() {
                        self.escaped = true;
                        at = bytes.len();
                        break;
                    }
                }
            }
        }
        let taken = &bytes[..at];
        if self.in_hit() {
            self.hit.extend_from_slice(taken);
        } else {
            let room = NAME.saturating_sub(self.name.len()).min(taken.len());
            self.name.extend_from_slice(&taken[..room]);
            self.envelope.extend_from_slice(taken);
        }
        at
    }

    fn open(&mut self, byte: u8) {
        let is_hits = self.name == b"hits\"";
        match (self.within, self.depth, byte) {
            (Within::Envelope, 1, b'{') if is_hits => self.within = Within::Hits,
            (Within::Hits, 2, b'[') if is_hits => self.within = Within::Array,
            _ => {}
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        match (self.within, self.depth) {
            (Within::Array, 2) => self.within = Within::Hits,
            (Within::Hits, 1) => self.within = Within::Envelope,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::HitSplitter;

    fn split(answer: &str, chunk: usize) -> (Vec<String>, String) {
        let mut splitter = HitSplitter::new();
        let mut hits = Vec::new();
        for bytes in answer.as_bytes().chunks(chunk) {
            splitter.push(bytes, &mut |hit| hits.push(String::from_utf8(hit).unwrap()));
        }
        (hits, String::from_utf8(splitter.envelope()).unwrap())
    }

    #[test]
    fn hits_are_cut_out_whatever_they_hold() {
        let hits = [
            r#"{"_id":"a","_source":{"hits":{"hits":[{"x":"}]\"\\"}]}},"sort":[1]}"#,
            r#"{"_id":"b", "inner_hits": {"hits": {"hits": [ {"y": 1} ]}} }"#,
        ];
        let answer = format!(
            r#"{{"a":"hits","took":3,"_shards":{{"failures":[{{"reason":"x"}}]}},"hits":{{"total":{{"value":2}},"hits":[{},{}]}},"pit_id":"p"}}"#,
            hits[0], hits[1]
        );
        for chunk in [1, 2, 3, 7, 64, 10_000] {
            let (found, envelope) = split(&answer, chunk);
            assert_eq!(found, hits, "{chunk}");
            let rest: Json = serde_json::from_str(&envelope).unwrap();
            assert_eq!(rest["hits"]["hits"], json!([]), "{envelope}");
            assert_eq!(rest["pit_id"], "p");
            assert_eq!(rest["_shards"]["failures"][0]["reason"], "x");
        }
    }

    #[test]
    fn an_answer_without_hits_is_its_own_envelope() {
        for answer in [
            r#"{"hits":{"total":{"value":0},"hits":[]}}"#,
            r#"{"error":{"hits":[1]}}"#,
            r#"{"hits":[{"a":1}]}"#,
            "",
        ] {
            assert_eq!(split(answer, 3), (Vec::new(), answer.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_texts_come_out_as_they_went_in(
            texts in prop::collection::vec(".{0,20}", 0..8), chunk in 1usize..40
        ) {
            let hits: Vec<Json> =
                texts.iter().map(|text| json!({"_source": {text.as_str(): [text]}})).collect();
            let answer = json!({"hits": {"hits": hits}, "text": texts}).to_string();
            let (found, envelope) = split(&answer, chunk);
            let found: Vec<Json> =
                found.iter().map(|hit| serde_json::from_str(hit).unwrap()).collect();
            prop_assert_eq!(found, hits);
            let expected = json!({"hits": {"hits": []}, "text": texts}).to_string();
            prop_assert_eq!(envelope, expected);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), chunk in 1usize..9) {
            let mut splitter = HitSplitter::new();
            for bytes in bytes.chunks(chunk) {
                splitter.push(bytes, &mut |_| {});
            }
        }
    }
}
