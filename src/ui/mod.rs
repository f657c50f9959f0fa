//! Draws the state of the program; decides nothing and changes nothing.

pub mod number;
pub mod stamp;
pub mod text;
pub mod widget;
