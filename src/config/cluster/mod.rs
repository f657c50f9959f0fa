//! Profiles of clusters: `clusters/NAME.toml` in the configuration folder.
//!
//! In: files that only their owner may change. Out: [`Profile`]s and findings. A profile says where
//! a secret is (a variable, a command, a file), never the secret itself. Connects to nothing.

mod edit;
mod folder;
mod guard;
mod profile;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use folder::{Listed, Profiles, Trouble};
pub use guard::{Guarded, read_guarded};
pub use profile::{Credentials, Profile, SecretPlace, Tls};
