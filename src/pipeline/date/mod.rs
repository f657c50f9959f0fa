//! Dates in text: the formats of Logstash's date filter.
//!
//! In: a format and a text. Out: a [`Stamp`], what the text says; [`Stamp::resolve`] makes an
//! instant of it. Months and weekdays are read in English.

mod iso;
mod joda;
mod numeric;
mod stamp;

pub(super) use joda::Joda;
pub(super) use stamp::{Guess, Stamp, ZoneCache};

/// One format of a date filter.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// `ISO8601`
    Iso8601,
    /// `UNIX`: seconds.
    Unix,
    /// `UNIX_MS`: milliseconds.
    UnixMs,
    /// `TAI64N`
    Tai64n,
    /// Letters as in Joda-Time: `dd/MMM/yyyy:HH:mm:ss Z`.
    Joda(Joda),
}

impl Format {
    /// Reads a format; the reason where it is none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "ISO8601" => Self::Iso8601,
            "UNIX" => Self::Unix,
            "UNIX_MS" => Self::UnixMs,
            "TAI64N" => Self::Tai64n,
            letters => Self::Joda(Joda::parse(letters)?),
        })
    }

    /// What `text` says, if all of it fits.
    pub(super) fn read(&self, text: &[u8]) -> Option<Stamp> {
        match self {
            Self::Iso8601 => iso::read(text),
            Self::Unix => numeric::seconds(text),
            Self::UnixMs => numeric::millis(text),
            Self::Tai64n => numeric::tai64n(text),
            Self::Joda(format) => format.read(text),
        }
    }

    /// Whether numbers (not only text) can be read.
    pub(super) fn is_numeric(&self) -> bool {
        matches!(self, Self::Unix | Self::UnixMs)
    }
}

#[cfg(test)]
mod tests;
