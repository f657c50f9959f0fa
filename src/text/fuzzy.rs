//! Edit distance with transpositions, as Lucene's fuzzy queries count it.
//!
//! In: a term and how many edits are allowed. Out: whether another term is that near. An edit adds,
//! removes or replaces a character, or swaps two neighbours (which are then left alone).

/// A term and its allowed edits (0 to 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fuzzy {
    term: Box<[char]>,
    edits: usize,
}

impl Fuzzy {
    /// Terms within `edits` (at most 2) of `term`.
    #[must_use]
    pub fn of(term: &str, edits: usize) -> Self {
        Self { term: term.chars().collect(), edits: edits.min(2) }
    }

    /// The edits that are allowed when nobody says how many: none up to two characters, one up
    /// to five, else two.
    #[must_use]
    pub fn automatic(term: &str) -> usize {
        match term.chars().count() {
            0..=2 => 0,
            3..=5 => 1,
            _ => 2,
        }
    }

    /// Whether `other` is near enough.
    #[must_use]
    pub fn matches(&self, other: &str) -> bool {
        let fewest = other.len().div_ceil(4);
        if fewest > self.term.len() + self.edits {
            return false;
        }
        let other: Vec<char> = other.chars().collect();
        if other.len().abs_diff(self.term.len()) > self.edits {
            return false;
        }
        self.distance(&other) <= self.edits
    }

    /// The distance, exact as far as it is allowed.
    fn distance(&self, other: &[char]) -> usize {
        let width = other.len() + 1;
        let mut before: Vec<usize> = vec![0; width];
        let mut last: Vec<usize> = (0..width).collect();
        let mut row: Vec<usize> = vec![0; width];
        for (i, wanted) in self.term.iter().enumerate() {
            row[0] = i + 1;
            for (j, found) in other.iter().enumerate() {
                let replace = last[j] + usize::from(wanted != found);
                let mut best = replace.min(last[j + 1] + 1).min(row[j] + 1);
                let swapped =
                    i > 0 && j > 0 && *wanted == other[j - 1] && self.term[i - 1] == *found;
                if swapped {
                    best = best.min(before[j - 1] + 1);
                }
                row[j + 1] = best;
            }
            std::mem::swap(&mut before, &mut last);
            std::mem::swap(&mut last, &mut row);
        }
        last[other.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(term: &str, edits: usize, near: &[&str], far: &[&str]) {
        let fuzzy = Fuzzy::of(term, edits);
        for other in near {
            assert!(fuzzy.matches(other), "{term}~{edits} {other}");
        }
        for other in far {
            assert!(!fuzzy.matches(other), "{term}~{edits} {other}");
        }
    }

    #[test]
    fn a_swap_is_one_edit() {
        check("error", 0, &["error"], &["errors", "Error"]);
        check("error", 1, &["erorr", "errors", "eror", "arror"], &["terrors", "roerr", "erorrs"]);
        check("ab", 2, &["", "ba", "abcd"], &["abcde"]);
        check("straße", 1, &["strasße", "strase"], &["strasse"]);
    }

    #[test]
    fn short_terms_allow_fewer_edits() {
        assert_eq!(["", "ab", "abc", "abcde", "abcdef"].map(Fuzzy::automatic), [0, 0, 1, 1, 2]);
    }
}
