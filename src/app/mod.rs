//! State and what happens to it: `App::update(Message) -> Vec<Effect>`.
//!
//! Pure: no clock, no files, no terminal, no waiting. The shell feeds messages in and performs the
//! effects that come out; `ui` draws [`App`] and changes nothing.

mod action;
mod effect;
mod message;
mod saved;
pub mod state;
mod update;
mod work;

pub use action::Action;
pub use effect::{Effect, SavedView};
pub use message::{Message, Outcome, SavedEntry, Timer};
pub use state::App;
