//! Clusters as sources of the command line: an address is read, connected to, and kept alive.

mod admission;
pub(super) mod command;
mod connect;
mod follow;
pub(super) mod memory;
mod options;
mod progress;
mod prompt;
pub(super) mod proof;
mod rows;
mod views;

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use self::options::ClusterOptions;

pub(super) use self::views::{ViewRow, Views};

pub(super) use self::admission::admitted;
use self::connect::{Surroundings, Target};
use super::SourceOptions;
use super::open::{self, Opening};
use crate::config::cluster::Profiles;
use crate::query::aggregate::Key;
use crate::query::{Cursor, Exchange, Search, SearchRequest, Status};
use crate::source::elastic::{Address, Cluster, ElasticSource, Secret};
use crate::source::{Replies, Source};
use crate::time::TimeSpec;

/// Longest wait for a cluster to close what was opened there.
const FAREWELL: Duration = Duration::from_secs(1);

/// Whether sources mean one cluster.
pub(super) fn is_meant(sources: &[String]) -> bool {
    matches!(sources, [one] if Address::is_meant(one))
}

/// The address of a cluster as it may be kept in a file: without user and password.
#[must_use]
pub(super) fn address_to_keep(text: &str) -> Option<String> {
    let address = Address::is_meant(text).then(|| Address::parse(text).ok()).flatten()?;
    Some(address.shown())
}

/// Asks on the terminal for the password that a new user is to have.
///
/// # Errors
/// If there is no terminal, the person gives up, or types two different ones.
pub(super) fn new_password(user: &str) -> Result<Secret, String> {
    prompt::chosen_password(user)
}

/// A connected cluster and the threads that talk to it.
pub(super) struct ClusterSource {
    source: Arc<ElasticSource>,
    runtime: Option<Runtime>,
}

impl ClusterSource {
    /// Connects to the cluster of an opening.
    ///
    /// # Errors
    /// A text for the user: a wrong address or option, or what the cluster answers.
    pub(super) fn open(opening: &Opening<'_>) -> Result<Self, String> {
        refuse_local_options(opening.source, opening.format)?;
        let text = opening.sources.first().map(String::as_str).unwrap_or_default();
        let mut target = reach(text, &opening.source.cluster)?;
        let Some(pattern) = target.pattern.clone() else {
            return Err(Views::reach(text, &opening.source.cluster)?.missing());
        };
        let runtime = threads()?;
        let time_field = opening.source.time_field.clone().or_else(|| target.time_field.clone());
        let source = admitted(&mut target, &mut |connection| {
            let connecting = ElasticSource::connect(connection, &pattern, time_field.as_deref());
            runtime.block_on(connecting)
        })?;
        Ok(Self { source, runtime: Some(runtime) })
    }
}

/// The user's profiles, if there is a home.
pub(super) fn profiles() -> Option<Profiles> {
    open::paths().map(|paths| Profiles::of(&paths))
}

/// Reads an address as typed, with the process's environment and the user's profiles, and finds its
/// credentials.
///
/// # Errors
/// A text for the user: a wrong address, option or profile, or a secret that is nowhere.
pub(super) fn read(text: &str, options: &ClusterOptions) -> Result<Target, String> {
    let prompt = |user: &str, host: &str| memory::password(user, host, prompt::password);
    let around = Surroundings {
        variable: &|name| std::env::var(name).ok(),
        prompt: &prompt,
        profiles: profiles(),
    };
    let mut target = connect::target(text, options, &around)?;
    memory::recall(&mut target.connection);
    Ok(target)
}

/// Whether an address names no data view, neither itself nor in its profile: one is to be picked.
pub(super) fn lacks_view(text: &str) -> bool {
    match Address::parse(text) {
        Ok(Address { pattern: None, cluster: Cluster::Profile(name) }) => {
            let loaded = profiles().and_then(|profiles| profiles.load(&name).ok());
            loaded.is_none_or(|(profile, _)| profile.data_views.is_empty())
        }
        Ok(address) => address.pattern.is_none(),
        Err(_wrong) => false,
    }
}

/// The same; warnings are said once.
///
/// # Errors
/// As above.
pub(super) fn reach(text: &str, options: &ClusterOptions) -> Result<Target, String> {
    let target = read(text, options)?;
    for warning in memory::unsaid(&target.warnings) {
        eprintln!("peavey: {}", open::clean(warning));
    }
    Ok(target)
}

/// What the screen opens with where nothing else is said: the time range of the profile.
pub(super) fn time_range(sources: &[String]) -> Option<TimeSpec> {
    let [text] = sources else { return None };
    let Ok(Address { cluster: Cluster::Profile(name), .. }) = Address::parse(text) else {
        return None;
    };
    let (profile, _) = profiles()?.load(&name).ok()?;
    profile.time_range
}

/// Threads that talk to a cluster.
fn threads() -> Result<Runtime, String> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("cluster")
        .enable_all()
        .build()
        .map_err(|error| format!("no thread can be started: {error}"))
}

impl Drop for ClusterSource {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let source = Arc::clone(&self.source);
        // On a thread of its own: whoever drops this may not be allowed to wait.
        let farewell = std::thread::spawn(move || {
            let closed = async { tokio::time::timeout(FAREWELL, source.session().close()).await };
            if runtime.block_on(closed).is_err() {
                tracing::debug!("a point in time was left open");
            }
            runtime.shutdown_background();
        });
        let _ = farewell.join();
    }
}

impl Source for ClusterSource {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.source.status()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken) {
        self.source.ask(request, replies, cancel);
    }

    fn follow(&self, on: bool) {
        self.source.follow(on);
    }

    fn sort_value(&self, search: &Search, cursor: &Cursor) -> Option<Key<'static>> {
        self.source.sort_value(search, cursor)
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.source.exchanges()
    }
}

/// Options that only mean something for files would be ignored in silence.
fn refuse_local_options(source: &SourceOptions, format: Option<&str>) -> Result<(), String> {
    let given = [
        ("--mapping", source.mapping.is_some()),
        ("--set", !source.set.is_empty()),
        ("--time-format", source.time_format.is_some()),
        ("--source-tz", source.source_tz.is_some()),
        ("a forced log format", format.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(format!("{name} is for files; a cluster knows its fields itself")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::address_to_keep;

    #[test]
    fn what_is_remembered_of_an_address_holds_no_password() {
        let kept = address_to_keep("https://eva:own@h/logs-*");
        assert_eq!(kept.as_deref(), Some("https://h:9200/logs-*"));
        assert_eq!(address_to_keep("http.log"), None);
    }
}
