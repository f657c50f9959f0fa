//! The nodes of a cluster: which is asked next, and which is left out for a while.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a node that could not be reached is left out.
const LEFT_OUT: Duration = Duration::from_secs(30);

/// A node, as it is named in the connection.
#[derive(Debug)]
pub(super) struct Host {
    /// Scheme, host and port.
    pub(super) origin: String,
    left_out_until: Mutex<Option<Instant>>,
}

impl Host {
    /// A node of which nothing bad is known.
    pub(super) fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), left_out_until: Mutex::new(None) }
    }

    /// Leaves it out for a while, or takes it in again.
    pub(super) fn leave_out(&self, yes: bool) {
        if let Ok(mut until) = self.left_out_until.lock() {
            *until = yes.then(|| Instant::now() + LEFT_OUT);
        }
    }

    /// Host and port, for messages.
    pub(super) fn shown(&self) -> String {
        self.origin.split("://").last().unwrap_or_default().to_owned()
    }

    /// Whether it is on this machine, where packing answers costs more than it saves.
    pub(super) fn is_here(&self) -> bool {
        let shown = self.shown();
        let name = shown.rsplit_once(':').map_or(shown.as_str(), |(name, _)| name);
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost"
            || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    fn is_left_out(&self) -> bool {
        let until = self.left_out_until.lock().ok().and_then(|until| *until);
        until.is_some_and(|until| Instant::now() < until)
    }
}

/// All nodes in the order in which they are to be asked: those that are left out come last, as there
/// may be no other.
pub(super) fn in_turn(hosts: &[Host]) -> Vec<&Host> {
    let (out, good): (Vec<&Host>, Vec<&Host>) = hosts.iter().partition(|host| host.is_left_out());
    good.into_iter().chain(out).collect()
}

#[cfg(test)]
mod tests {
    use super::{Host, in_turn};

    #[test]
    fn a_node_that_failed_is_asked_last() {
        let hosts = ["http://a:1", "http://b:2", "http://c:3"].map(Host::at);
        let order = || in_turn(&hosts).iter().map(|host| host.shown()).collect::<Vec<_>>();
        assert_eq!(order(), ["a:1", "b:2", "c:3"]);
        hosts[0].leave_out(true);
        assert_eq!(order(), ["b:2", "c:3", "a:1"]);
        hosts[0].leave_out(false);
        assert_eq!(order(), ["a:1", "b:2", "c:3"]);
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        let here = |origin: &str| Host::at(origin).is_here();
        assert!(here("http://127.0.0.1:9200") && here("https://localhost:9200"));
        assert!(here("http://[::1]:9200"));
        assert!(!here("https://10.0.0.1:9200") && !here("https://localhost.example:9200"));
    }
}
