//! The only impure part of the screen: terminal, keys, clock, files, and the loop.
//!
//! [`run`] opens the screen over a source and returns when it is left. State and drawing are
//! elsewhere ([`app`](crate::app), [`ui`](crate::ui)); this module feeds them and does as told.

mod input;
mod latency;
mod log;
mod outside;
mod perform;
mod runtime;
mod signal;
mod start;
mod task;
mod terminal;

pub use input::Input;
pub use latency::Latency;
pub use outside::{InputMaker, Opener, Outside};
pub use runtime::Runtime;
pub use start::{StartOptions, prepare, run};
pub use terminal::Surface;
