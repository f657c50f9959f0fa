//! What is wrapped around log lines by whoever transports them: containers, orchestrators, syslog.
//!
//! A wrapper is peeled off each physical line; what is inside is recognised again. What the wrapper
//! knows (time, stream, container, host) is added to the event where the inside does not say it.

mod docker_json;
mod prefix;

use std::ops::Range;

use super::ansi;
use crate::time::{Millis, Zone};

/// What stands around each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrapper {
    /// Docker's json-file driver: `{"log":"...\n","stream":"stdout","time":"..."}`.
    DockerJson,
    /// Kubernetes' container runtime interface: `TIME stdout F text`.
    Cri,
    /// `kubectl logs --prefix`, with or without `--timestamps`: `[pod/NAME/CONTAINER] TIME text`.
    Kubectl,
    /// `docker compose logs`, with or without `-t`: `NAME-1  | TIME text`.
    Compose,
    /// `docker logs -t`: `TIME text` with nanoseconds.
    DockerTime,
    /// Syslog around JSON documents.
    SyslogJson,
}

/// What a wrapper says of a line. Spans are of the line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Peeled {
    /// Where the inner text stands; `None` if it had to be unescaped into `owned`.
    pub text: Option<Range<usize>>,
    /// The inner text, if it does not stand in the line.
    pub owned: Vec<u8>,
    /// When the wrapper saw it.
    pub time: Option<Millis>,
    /// The time lacks a year.
    pub yearless: bool,
    /// The next line of the same stream goes on with this one.
    pub open: bool,
    /// Fields, by name.
    pub fields: Vec<(&'static str, Range<usize>)>,
    /// The stream, where lines of two are mixed.
    pub stream: Option<Stream>,
}

/// Where a container wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"stdout" => Some(Self::Stdout),
            b"stderr" => Some(Self::Stderr),
            _ => None,
        }
    }

    /// Its name, the value of the field `stream`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// What is read with a wrapper's stamps that lack a zone or year.
pub use super::stamp::Clock;

impl Wrapper {
    /// All wrappers, the more exact ones first.
    pub const ALL: [Self; 6] = [
        Self::DockerJson,
        Self::Cri,
        Self::Kubectl,
        Self::Compose,
        Self::DockerTime,
        Self::SyslogJson,
    ];

    /// The name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DockerJson => "docker json-file",
            Self::Cri => "CRI",
            Self::Kubectl => "kubectl logs",
            Self::Compose => "docker compose logs",
            Self::DockerTime => "docker logs -t",
            Self::SyslogJson => "syslog",
        }
    }

    /// The fields that it may add.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::DockerJson | Self::Cri => &["stream"],
            Self::Kubectl => &["kubernetes.pod.name", "kubernetes.container.name"],
            Self::Compose => &["container.name"],
            Self::DockerTime => &[],
            Self::SyslogJson => &["host.hostname", "process.name", "process.pid"],
        }
    }

    /// Peels a line; `None` if it is not wrapped so.
    #[must_use]
    pub fn peel(self, line: &[u8], clock: &Clock) -> Option<Peeled> {
        match self {
            Self::DockerJson => docker_json::peel(line),
            Self::Cri => prefix::cri(line),
            Self::Kubectl => prefix::kubectl(line),
            Self::Compose => prefix::compose(line),
            Self::DockerTime => prefix::docker_time(line),
            Self::SyslogJson => prefix::syslog_json(line, clock),
        }
    }

    /// The text inside a line, without colours; the line itself if it is not wrapped so.
    #[must_use]
    pub fn inner(self, line: &[u8]) -> (Vec<u8>, Option<Peeled>) {
        let clock = Clock { zone: Zone::UTC, year: 2024 };
        let peeled = self.peel(line, &clock);
        let mut text = Vec::new();
        match &peeled {
            Some(Peeled { text: Some(range), .. }) => ansi::strip(&line[range.clone()], &mut text),
            Some(peeled) => ansi::strip(&peeled.owned, &mut text),
            None => ansi::strip(line, &mut text),
        }
        (text, peeled)
    }
}

#[cfg(test)]
mod tests;
