//! What a setting is, and who said so: a flag, the address, the environment, the profile.

/// A setting that is used, as told to people. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Setting {
    /// Which.
    pub(in crate::cli) name: &'static str,
    /// What it is set to.
    pub(in crate::cli) value: String,
    /// Who said so: `--user`, `ELASTIC_USERNAME`, a profile's file.
    pub(in crate::cli) origin: String,
}

impl Setting {
    /// A setting.
    pub(super) fn new(name: &'static str, value: impl Into<String>, origin: &str) -> Self {
        Self { name, value: value.into(), origin: origin.to_owned() }
    }
}

/// A value and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told<T> {
    /// The value.
    pub(super) value: T,
    /// Who said so.
    pub(super) origin: String,
}

impl<T> Told<T> {
    /// A value that somebody said.
    pub(super) fn by(origin: impl Into<String>, value: T) -> Self {
        Self { value, origin: origin.into() }
    }
}

/// The environment's variables; empty ones are none.
pub(super) struct Variables<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// The first that is set.
    pub(super) fn first(&self, names: &[&str]) -> Option<Told<String>> {
        names.iter().find_map(|name| Some(Told::by(*name, self.get(name)?)))
    }

    /// The first that is set, with the blanks that it has: a password may begin with one.
    pub(super) fn first_exact(&self, names: &[&str]) -> Option<Told<String>> {
        let exact = |name: &str| (self.0)(name).filter(|value| !value.is_empty());
        names.iter().find_map(|name| Some(Told::by(*name, exact(name)?)))
    }

    /// A variable.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}
