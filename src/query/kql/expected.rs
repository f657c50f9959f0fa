//! What might have stood where a text is wrong, as Kibana's parser would list it.
//!
//! In: a text that [`grammar`](super::grammar) refused. Out: the place and the list. Kibana's parser
//! tries alternatives in order and remembers each rule's result per place; it lists what failed at
//! the farthest place, except what failed inside a named part, or was remembered. So the list
//! depends on the order of the trying, and the only way to the same list is to try in the same
//! order: [`machine`] does that over the rules in [`rules`].

mod machine;
mod rules;

/// A place in a text and what might have stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expectation {
    /// The farthest place that was reached, in bytes.
    pub offset: usize,
    /// What might have stood there, separated by commas.
    pub expected: String,
}

/// Tries a refused text again and says what was missing.
pub(super) fn after_failure(text: &str) -> Expectation {
    let (offset, mut labels, _) = machine::Machine::new(text.as_bytes()).run();
    labels.sort_unstable();
    labels.dedup();
    Expectation { offset, expected: labels.join(", ") }
}

/// Whether the rules accept a text: they must say what the grammar says.
pub(super) fn accepts(text: &str) -> bool {
    let (_, _, end) = machine::Machine::new(text.as_bytes()).run();
    end == Some(text.len())
}
