//! The backtracking matcher: every construct, the exact order of preference, a step limit.
//!
//! In: a [`Node`](super::syntax::Node) and a text. Out: the first match in Oniguruma's order of
//! preference with its captures, or that there is none, or that the limit was reached.

mod compile;
mod run;

pub(super) use compile::{Program, can_be_empty, single_class};
pub(super) use run::{Outcome, Stack, UNSET, holds};
