//! The screen as a whole: keys in, screen out, through the true loop.

mod behaviour;
mod fake;
mod harness;
mod look;
mod record;
mod typing;
