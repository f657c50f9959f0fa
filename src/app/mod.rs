//! State and what happens to it: `App::update(Message) -> Vec<Effect>`.
//!
//! Pure: no clock, no files, no terminal, no waiting. The shell feeds messages in and performs the
//! effects that come out; `ui` draws [`App`] and changes nothing.

mod action;
pub mod state;

pub use action::Action;
pub use state::App;
