//! Looks names up without the system's library: `/etc/hosts`, then the name servers of
//! `/etc/resolv.conf`.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use hickory_resolver::config::{
    LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Hosts, TokioResolver};

/// Shortest wait for a server; `timeout:0` is not meant as none.
const SHORTEST: Duration = Duration::from_secs(1);

/// Whom to ask, and what is known without asking.
pub(super) struct Settings {
    /// The name servers, and the endings that a short name is tried with.
    pub(super) servers: ResolverConfig,
    /// How to ask.
    pub(super) options: ResolverOpts,
    /// The lines of `/etc/hosts`.
    pub(super) hosts: Hosts,
}

impl Settings {
    /// Those of this machine. Where no name server is named it is the one of this machine, as for
    /// the system's library.
    pub(super) fn of_system() -> Self {
        let (servers, mut options) = read_system_conf().unwrap_or_else(|_none_named| {
            let here = NameServerConfig::udp_and_tcp(Ipv4Addr::LOCALHOST.into());
            (ResolverConfig::from_name_servers(vec![here]), ResolverOpts::default())
        });
        options.timeout = options.timeout.max(SHORTEST);
        Self { servers, options, hosts: Hosts::from_system().unwrap_or_default() }
    }

    /// The addresses of a name, IPv4 first.
    ///
    /// # Errors
    /// A text for the user.
    pub(super) async fn find(self, host: &str) -> Result<Vec<IpAddr>, String> {
        let unknown = || "its name is not known".to_owned();
        // Names with an underscore are common among containers.
        let name = Name::from_str_relaxed(host).map_err(|_no_name| unknown())?;
        if name.num_labels() == 0 {
            return Err(unknown());
        }
        let known = self.known(&name);
        if !known.is_empty() {
            return Ok(known);
        }
        let asked: Vec<String> =
            self.servers.name_servers().iter().map(|server| server.ip.to_string()).collect();
        let mut asking =
            TokioResolver::builder_with_config(self.servers, TokioRuntimeProvider::default())
                .with_options(self.options);
        asking.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        // They were looked at.
        asking.options_mut().use_hosts_file = ResolveHosts::Never;
        let resolver = asking.build().map_err(|error| error.to_string())?;
        let found = resolver.lookup_ip(name).await.map_err(|error| {
            if error.is_no_records_found() {
                return unknown();
            }
            format!("no name server can say what it is (asked: {})", asked.join(", "))
        })?;
        let found: Vec<IpAddr> = found.iter().collect();
        if found.is_empty() { Err(unknown()) } else { Ok(found) }
    }

    /// What is known of a name without asking. The resolver would still ask for the addresses of
    /// the other kind, and wait for that.
    fn known(&self, name: &Name) -> Vec<IpAddr> {
        let kinds = [RecordType::A, RecordType::AAAA];
        let lines = kinds
            .into_iter()
            .filter_map(|kind| self.hosts.lookup_static_host(&Query::query(name.clone(), kind)));
        let addresses = lines.flat_map(|lines| {
            let of_line = lines.answers().iter().filter_map(|line| line.data.ip_addr());
            of_line.collect::<Vec<_>>()
        });
        addresses.collect()
    }
}
