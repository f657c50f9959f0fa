//! The fast matcher: one pass forwards, nothing to go back to.
//!
//! A search prefers some way through a pattern to others; the scanner follows only the preferred
//! one. Where it gets through, that is the match, with the captures that any other matcher must
//! find. Where it does not, it says so ([`Verdict::Unsure`]) and a slower matcher decides. Ways
//! that surely fail (the next byte cannot begin them) are passed over, so that on lines of the
//! expected shape it gets through.
//!
//! Parts without captures that what follows cannot continue are forced: they must take the bytes
//! up to there, in whichever way. Such a part is a [`region`], matched by an automaton.

mod bytes;
mod compile;
mod nfa;
mod region;
mod run;

pub(super) use compile::Scanner;
pub(super) use region::Regions;
pub(super) use run::Verdict;

#[cfg(test)]
mod tests;
