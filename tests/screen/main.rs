//! The screen as a whole: keys in, screen out, through the true loop.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test may fail"
)]

mod behaviour;
mod data_view;
mod fake;
mod harness;
mod limits;
mod look;
mod record;
mod typing;
