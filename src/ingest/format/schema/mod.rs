//! What the fields of local formats are: known names, computed fields, types from samples.

mod classic;
mod ecs;
mod fit;
mod typing;
mod view;

pub use classic::{COMPUTED, Computed, Made, Make, make, make_number};
pub use ecs::{classic, ecs};
pub use fit::{Fit, Fitter, text_number};
pub use typing::{Numbers, Typing, insert, leaves, scalar};
pub use view::view;
