//! What a record's bytes alone tell of a clause, so that it need not be decoded.
//!
//! In: a piece of a clause and a decoder. Out: for a record yes, no, or that it must be decoded.
//! Told by fields that are the whole record (`event.original`; `message` where nothing is cut off)
//! and by fields with a value that is known beforehand.

use crate::event::Value;
use crate::ingest::format::{Decoder, Origin};
use crate::query::evaluate::FieldTest;

use super::plan::Conjunct;
use super::tree::{Test, Tree, passes};

/// The pieces of a clause, as far as they can be told from bytes.
pub(super) struct Glances {
    /// `None` for a piece of which nothing can be told.
    all: Vec<Option<Glance>>,
}

impl Glances {
    /// Of pieces, each with the numbers of its fields, in a file of that path.
    pub(super) fn of<'a>(
        pieces: impl Iterator<Item = (&'a Conjunct, &'a [usize])>,
        decoder: &Decoder,
        path: &str,
    ) -> Self {
        let glance = |(piece, numbers)| Glance::of(piece, numbers, decoder, path);
        Self { all: pieces.map(glance).collect() }
    }

    /// Whether a record matches all pieces; `None` if only decoding tells.
    pub(super) fn all_tell(&self, record: &[u8]) -> Option<bool> {
        if self.all.iter().all(Option::is_none) || is_altered(record) {
            return None;
        }
        let mut answer = Some(true);
        for glance in &self.all {
            match glance.as_ref().and_then(|glance| glance.tells(record)) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => answer = None,
            }
        }
        answer
    }

    /// Fills in whether a record matches each piece; false if only decoding tells.
    pub(super) fn tell(&self, record: &[u8], told: &mut Vec<bool>) -> bool {
        told.clear();
        if self.all.iter().any(Option::is_none) || is_altered(record) {
            return false;
        }
        for glance in self.all.iter().flatten() {
            match glance.tells(record) {
                Some(answer) => told.push(answer),
                None => return false,
            }
        }
        true
    }
}

/// Colours are left out of records before they are decoded.
fn is_altered(record: &[u8]) -> bool {
    memchr::memchr(0x1b, record).is_some()
}

/// A piece of a clause, as far as it can be told from bytes.
struct Glance {
    /// For each part of the format.
    sights: Vec<Sight>,
}

/// A tree of which some branches cannot be told.
enum Sight {
    Told(bool),
    Unknown,
    Whole(FieldTest),
    And(Vec<Sight>),
    Or(Vec<Sight>),
    Not(Box<Sight>),
}

impl Glance {
    /// A piece of a clause for a file of that path; `None` if nothing can be told of it.
    fn of(piece: &Conjunct, numbers: &[usize], decoder: &Decoder, path: &str) -> Option<Self> {
        let sight = |(part, tree): (usize, &Tree)| {
            Sight::of(tree, &|test| of_test(test, part as u8, numbers, decoder, path))
        };
        let sights: Vec<Sight> = piece.trees.iter().enumerate().map(sight).collect();
        sights.iter().any(Sight::looks).then_some(Self { sights })
    }

    /// Whether the record matches, whatever part of the format it has.
    fn tells(&self, record: &[u8]) -> Option<bool> {
        let mut sights = self.sights.iter();
        let first = sights.next()?.tells(record)?;
        sights.all(|sight| sight.tells(record) == Some(first)).then_some(first)
    }
}

fn of_test(test: &Test, part: u8, numbers: &[usize], decoder: &Decoder, path: &str) -> Sight {
    let Some(at) = numbers.get(test.field).copied() else { return Sight::Unknown };
    if let Some(values) = decoder.possible(part, at, path) {
        return of_values(test, &values, decoder.origin(part, at) == Origin::Constant);
    }
    match decoder.origin(part, at) {
        Origin::Absent => Sight::Told(false),
        Origin::Whole => Sight::Whole(test.holds.clone()),
        _ => Sight::Unknown,
    }
}

fn of_values(test: &Test, values: &[Value<'_>], is_in_all: bool) -> Sight {
    match values.iter().any(|value| passes(&test.holds, *value)) {
        false => Sight::Told(false),
        true if is_in_all => Sight::Told(true),
        true => Sight::Unknown,
    }
}

impl Sight {
    fn of(tree: &Tree, of_test: &dyn Fn(&Test) -> Self) -> Self {
        let all = |inner: &[Tree]| inner.iter().map(|tree| Self::of(tree, of_test)).collect();
        match tree {
            Tree::All => Self::Told(true),
            Tree::None => Self::Told(false),
            Tree::Document(_) => Self::Unknown,
            Tree::Test(test) => of_test(test),
            Tree::Not(inner) => Self::Not(Box::new(Self::of(inner, of_test))),
            Tree::And(inner) => Self::And(all(inner)).shortened(false),
            Tree::Or(inner) => Self::Or(all(inner)).shortened(true),
        }
    }

    /// Leaves out what changes nothing; `decisive` is the answer that ends the search for more.
    fn shortened(self, decisive: bool) -> Self {
        let (Self::And(inner) | Self::Or(inner)) = self else { return self };
        let mut kept = Vec::new();
        for sight in inner {
            match sight {
                Self::Told(answer) if answer == decisive => return Self::Told(decisive),
                Self::Told(_) => {}
                // One that cannot be told is as good as several.
                Self::Unknown if kept.iter().any(|it| matches!(it, Self::Unknown)) => {}
                sight => kept.push(sight),
            }
        }
        match kept.len() {
            0 => Self::Told(!decisive),
            _ if decisive => Self::Or(kept),
            _ => Self::And(kept),
        }
    }

    /// Whether it reads anything, or needs not.
    fn looks(&self) -> bool {
        match self {
            Self::Told(_) | Self::Whole(_) => true,
            Self::Unknown => false,
            Self::And(inner) | Self::Or(inner) => inner.iter().any(Self::looks),
            Self::Not(inner) => inner.looks(),
        }
    }

    fn tells(&self, record: &[u8]) -> Option<bool> {
        match self {
            Self::Told(answer) => Some(*answer),
            Self::Unknown => None,
            Self::Whole(test) => Some(test.matches(Value::Text(record))),
            Self::Not(inner) => inner.tells(record).map(|answer| !answer),
            Self::And(inner) => Self::first(inner, record, false),
            Self::Or(inner) => Self::first(inner, record, true),
        }
    }

    /// `decisive` if any of `inner` is; else its opposite, if all can be told.
    fn first(inner: &[Self], record: &[u8], decisive: bool) -> Option<bool> {
        let mut answer = Some(!decisive);
        for sight in inner {
            match sight.tells(record) {
                Some(told) if told == decisive => return Some(decisive),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    }
}
