//! Finds the addresses of a name.
//!
//! The system's library does it, except in the static binary: there that library would load parts
//! of the machine's own (`/etc/nsswitch.conf` names them), which may be of another version. The
//! static binary reads `/etc/hosts` and asks the name servers of `/etc/resolv.conf` itself.

mod own;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use self::own::Settings;

/// Whether the names are looked up here and not by the system's library.
const IS_OWN: bool = cfg!(target_feature = "crt-static");
/// Longest wait of the HTTP client for a name.
const PATIENCE: Duration = Duration::from_secs(30);

/// The addresses of a name or address.
///
/// # Errors
/// A text for the user.
pub fn lookup(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, String> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = host.to_owned();
    let found = within(limit, move || {
        if IS_OWN { by_own(&name, Settings::of_system()) } else { by_system(&name) }
    })?;
    Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// What is found within the limit; whoever looks up may take longer.
fn within(
    limit: Duration,
    find: impl FnOnce() -> Result<Vec<IpAddr>, String> + Send + 'static,
) -> Result<Vec<IpAddr>, String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(find()));
    told.recv_timeout(limit).map_err(|_late| "no name server answers in time")?
}

fn by_own(name: &str, settings: Settings) -> Result<Vec<IpAddr>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(settings.find(name))
}

fn by_system(name: &str) -> Result<Vec<IpAddr>, String> {
    let found: Vec<IpAddr> = (name, 0)
        .to_socket_addrs()
        .map_err(|error| format!("its name is not known ({error})"))?
        .map(|address| address.ip())
        .collect();
    if found.is_empty() { Err("its name has no address".to_owned()) } else { Ok(found) }
}

/// The resolver for the HTTP client; `None` where its own is right.
#[must_use]
pub(super) fn for_client() -> Option<Arc<Own>> {
    IS_OWN.then(|| Arc::new(Own))
}

/// Looks names up here.
#[derive(Debug)]
pub(super) struct Own;

impl reqwest::dns::Resolve for Own {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let looking =
                tokio::task::spawn_blocking(move || lookup(name.as_str(), 0, PATIENCE)).await;
            let found = looking.map_err(|stopped| stopped.to_string())??;
            Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
