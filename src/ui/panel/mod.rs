//! The panels: one file each. A panel reads the state and draws; it decides nothing.

pub mod footer;
pub mod pills;
pub mod query;
pub mod screen;
pub mod title;
