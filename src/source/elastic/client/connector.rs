//! The HTTP client under it all: TLS, proxies, the limit for connecting, no redirects.

use super::super::connection::Connection;
use super::super::error::Error;
use super::super::proxy::{Proxies, Proxy};
use super::super::{resolver, tls};
use super::CONNECT;

/// Makes it.
pub(super) fn http(connection: &Connection) -> Result<reqwest::Client, Error> {
    let tls = tls::configuration(connection)?;
    let mut http = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT.min(connection.timeout))
        // Credentials follow no redirect: what answers with one is told instead.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("peavey/", env!("CARGO_PKG_VERSION")))
        // The environment's proxies are part of the connection.
        .no_proxy();
    if let Some(resolver) = resolver::for_client() {
        http = http.dns_resolver(resolver);
    }
    let proxies = connection.hosts.iter().filter_map(|host| connection.proxies.of(host));
    for proxy in proxies {
        http = http.proxy(through(proxy, &connection.proxies)?);
    }
    http.build().map_err(|error| Error::Settings(format!("no HTTP client: {error}")))
}

/// A proxy for the hosts that it is meant for.
fn through(proxy: &Proxy, all: &Proxies) -> Result<reqwest::Proxy, Error> {
    let origin = reqwest::Url::parse(&proxy.origin)
        .map_err(|error| Error::Settings(format!("{}: {error}", proxy.told_by)))?;
    let (all, own) = (all.clone(), proxy.origin.clone());
    let custom = reqwest::Proxy::custom(move |url| {
        let place = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
        let is_meant = all.of(&place).is_some_and(|proxy| proxy.origin == own);
        is_meant.then(|| origin.clone())
    });
    Ok(match &proxy.login {
        Some((user, password)) => custom.basic_auth(user, password.reveal()),
        None => custom,
    })
}
