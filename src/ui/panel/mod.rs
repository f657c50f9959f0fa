//! The panels: one file each. A panel reads the state and draws; it decides nothing.

pub mod document;
pub mod fields;
pub mod footer;
pub mod histogram;
pub mod inspect;
pub mod nothing;
pub mod overlay;
pub mod picker;
pub mod pill_editor;
pub mod pills;
pub mod query;
pub mod screen;
pub mod suggestions;
pub mod surroundings;
pub mod table;
pub mod time;
pub mod title;
