//! What counting and sorting mean, whoever does it: the value that stands for a field's value in a
//! facet, the order of such values, the classes of status codes and levels.
//!
//! In: values of documents. Out: keys, orders, classes. Holds no counts of its own beyond picking
//! the top of somebody's.

mod class;
mod key;
mod sort;
mod top;

pub use class::{LEVEL_FIELDS, STATUS_FIELDS, status_class};
pub use key::{Key, key};
pub use sort::{best, compare};
pub use top::top;
