//! Tokens in a row, with room between them if the query allows some.
//!
//! In: the tokens of a text, one by one. Out: whether the phrase is among them.

/// The tokens of a phrase, in lower case.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    tokens: Box<[Box<[u8]>]>,
    slop: usize,
}

/// The longest phrase that is followed with one bit per token.
const MOST_BITS: usize = 128;

impl Phrase {
    pub(super) fn of(tokens: &[String], slop: u32) -> Self {
        let tokens = tokens.iter().map(|token| token.as_bytes().into()).collect();
        Self { tokens, slop: slop as usize }
    }

    /// How many tokens stand before and after the first place of `token`, if they must all stand in
    /// a row.
    pub(super) fn around(&self, token: &[u8]) -> Option<(usize, usize)> {
        let is_row = self.slop == 0 && self.tokens.len() <= MOST_BITS;
        let at = self.tokens.iter().position(|known| **known == *token).filter(|_| is_row)?;
        Some((at, self.tokens.len() - at - 1))
    }

    /// Whether tokens at these places stand near enough: each token's places are moved back by its
    /// place in the phrase, and all must then lie within the slop. A place serves one token only.
    fn is_within_slop(&self, places: &[Vec<usize>]) -> bool {
        let offset = self.tokens.len();
        let mut starts: Vec<usize> = Vec::new();
        for (at, places) in places.iter().enumerate() {
            starts.extend(places.iter().map(|place| place + offset - at));
        }
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().any(|start| self.fits_from(start, offset, places))
    }

    fn fits_from(&self, start: usize, offset: usize, places: &[Vec<usize>]) -> bool {
        let mut used: Vec<usize> = Vec::with_capacity(places.len());
        for (at, places) in places.iter().enumerate() {
            let from = (start + at).saturating_sub(offset);
            let first = places.partition_point(|place| *place < from);
            let near = places[first..]
                .iter()
                .take_while(|place| **place + offset <= start + at + self.slop);
            match near.copied().find(|place| !used.contains(place)) {
                Some(place) => used.push(place),
                None => return false,
            }
        }
        true
    }
}

/// How far a text has been read.
pub(super) struct Progress<'a> {
    phrase: &'a Phrase,
    /// Bit n: the last tokens read are the first n + 1 of the phrase.
    bits: u128,
    /// Where each token of the phrase was met, where bits do not do.
    places: Vec<Vec<usize>>,
    read: usize,
}

impl<'a> Progress<'a> {
    pub(super) fn new(phrase: &'a Phrase) -> Self {
        let needs_places = phrase.slop > 0 || phrase.tokens.len() > MOST_BITS;
        let places = if needs_places { vec![Vec::new(); phrase.tokens.len()] } else { Vec::new() };
        Self { phrase, bits: 0, places, read: 0 }
    }

    /// Takes the next token, in any case; true if the phrase is complete with it.
    pub(super) fn read(&mut self, token: &[u8]) -> bool {
        let wanted = self.phrase.tokens.iter().enumerate();
        let met = wanted.filter(|(_, wanted)| wanted.eq_ignore_ascii_case(token)).map(|(at, _)| at);
        if !self.places.is_empty() {
            met.for_each(|at| self.places[at].push(self.read));
            self.read += 1;
            return false;
        }
        let mask = met.fold(0_u128, |mask, at| mask | 1 << at);
        self.bits = ((self.bits << 1) | 1) & mask;
        self.bits >> (self.phrase.tokens.len() - 1) & 1 == 1
    }

    /// After the last token: whether the phrase was there.
    pub(super) fn end(&self) -> bool {
        !self.places.is_empty() && self.phrase.is_within_slop(&self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(phrase: &str, slop: u32, text: &str, expect: bool) {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let phrase = Phrase::of(&words(phrase), slop);
        let mut progress = Progress::new(&phrase);
        let found = words(text).iter().any(|word| progress.read(word.as_bytes()));
        assert_eq!(found || progress.end(), expect, "{phrase:?} {text}");
    }

    #[test]
    fn tokens_stand_in_a_row() {
        check("a b", 0, "x a b", true);
        check("a b", 0, "a x b", false);
        check("a a b", 0, "a a a b", true);
        check("b a", 0, "a b", false);
    }

    #[test]
    fn slop_leaves_room_and_turns_round() {
        check("a b", 1, "a x b", true);
        check("a b", 1, "b a", false);
        check("a b", 2, "b a", true);
        check("a a", 5, "a x", false);
        check("a b c", 2, "a x b x c", true);
        check("a b c", 1, "a x b x c", false);
    }
}
