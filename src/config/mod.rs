//! What a person can set: directories, settings, keys, saved queries.
//!
//! In: TOML files (compiled-in defaults, then the user's). Out: plain structs and [`Finding`]s:
//! a wrong setting is a warning with its line and keeps the default, never a refusal to start.

pub mod cluster;
mod finding;
mod key;
mod keymap;
pub mod paths;
mod read;
pub mod saved;
pub mod settings;

pub use finding::Finding;
pub use key::{Code, Key, KeyError};
pub use keymap::{Binding, DEFAULT as DEFAULT_KEYMAP, Keymap, Meaning};
pub use paths::Paths;
pub use read::{Reader, Table, Value};
pub use settings::Settings;
