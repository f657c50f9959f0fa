//! Draws the state of the program; decides nothing and changes nothing.

pub mod number;
pub mod text;
