//! The bytes of one member as text: unpacked and decoded.
//!
//! - [`Text`]: a plain file, read at any offset by any thread.
//! - [`Feed`]: anything, read forwards: packed files, UTF-16, pipes, commands.
//! - [`Files`]: the open descriptors that all texts share.
//!
//! Text is UTF-8 or whatever bytes there were; nothing is replaced here.

mod command;
mod decode;
mod feed;
mod files;
mod live;
mod tar;
mod text;
mod unpack;

#[cfg(test)]
mod tests;

pub use feed::{Fed, Feed, Step, reopen};
pub use files::{Files, open_regular};
pub use tar::is_tar;
pub use text::Text;
pub use unpack::{Damage, unpacked};
