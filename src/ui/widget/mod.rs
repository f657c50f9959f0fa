//! Pure widgets: each draws its own inputs and knows nothing of the program's state.

pub mod bar;
pub mod histogram;
