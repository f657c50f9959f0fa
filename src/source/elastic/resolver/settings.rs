//! What `/etc/hosts` and `/etc/resolv.conf` say.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Most name servers that are asked.
const MOST: usize = 3;

/// Whom to ask, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// Name servers, the first first.
    pub(super) servers: Vec<SocketAddr>,
    /// Endings that a short name is tried with.
    pub(super) search: Vec<String>,
    /// Names with fewer dots are tried with the endings first.
    pub(super) dots: usize,
    /// Longest wait for one server.
    pub(super) timeout: Duration,
    /// How often each is asked.
    pub(super) attempts: usize,
    /// Names and addresses that are known without asking.
    pub(super) known: Vec<(String, IpAddr)>,
}

impl Settings {
    /// Those of this machine.
    pub(super) fn of_system() -> Self {
        let text = |path| fs::read(path).unwrap_or_default();
        let text = |path| String::from_utf8_lossy(&text(path)).into_owned();
        Self::read(&text("/etc/resolv.conf"), &text("/etc/hosts"))
    }

    /// Reads the two files.
    pub(super) fn read(resolv: &str, hosts: &str) -> Self {
        let mut settings = Self {
            servers: Vec::new(),
            search: Vec::new(),
            dots: 1,
            timeout: Duration::from_secs(5),
            attempts: 2,
            known: known(hosts),
        };
        for line in resolv.lines() {
            let line = line.split(['#', ';']).next().unwrap_or_default();
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") => {
                    let place = words.next().unwrap_or_default();
                    let address = place.split('%').next().unwrap_or_default().parse().ok();
                    settings.servers.extend(address.map(|ip: IpAddr| SocketAddr::new(ip, 53)));
                }
                Some("search" | "domain") => settings.search = words.map(str::to_owned).collect(),
                Some("options") => words.for_each(|option| settings.option(option)),
                _ => {}
            }
        }
        settings.servers.truncate(MOST);
        if settings.servers.is_empty() {
            settings.servers.push((Ipv4Addr::LOCALHOST, 53).into());
        }
        settings
    }

    fn option(&mut self, option: &str) {
        let Some((name, Ok(number))) =
            option.split_once(':').map(|(name, number)| (name, number.parse::<u64>()))
        else {
            return;
        };
        match name {
            "ndots" => self.dots = number.min(15) as usize,
            "timeout" => self.timeout = Duration::from_secs(number.clamp(1, 30)),
            "attempts" => self.attempts = number.clamp(1, 5) as usize,
            _ => {}
        }
    }

    /// What is known of a name without asking.
    pub(super) fn known(&self, name: &str) -> Vec<IpAddr> {
        let name = name.trim_end_matches('.');
        let named = self.known.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let found: Vec<IpAddr> = named.map(|(_, address)| *address).collect();
        let lower = name.to_ascii_lowercase();
        if found.is_empty() && (lower == "localhost" || lower.ends_with(".localhost")) {
            return vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        }
        found
    }

    /// The whole names that a name may stand for, best first.
    pub(super) fn candidates(&self, name: &str) -> Vec<String> {
        if let Some(whole) = name.strip_suffix('.') {
            return vec![whole.to_owned()];
        }
        let ends = self.search.iter().map(|end| format!("{name}.{}", end.trim_matches('.')));
        let mut names: Vec<String> = ends.collect();
        let is_whole = name.matches('.').count() >= self.dots;
        names.insert(if is_whole { 0 } else { names.len() }, name.to_owned());
        names
    }
}

/// The lines of `/etc/hosts`.
fn known(hosts: &str) -> Vec<(String, IpAddr)> {
    let mut known = Vec::new();
    for line in hosts.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        let Some(Ok(address)) = words.next().map(str::parse::<IpAddr>) else { continue };
        known.extend(words.map(|name| (name.to_owned(), address)));
    }
    known
}
