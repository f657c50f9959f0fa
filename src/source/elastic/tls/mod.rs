//! Whom to trust over TLS: the system's authorities, a file's, or one certificate by fingerprint.
//!
//! Makes the `rustls` configuration of a client. What was wrong with a server's certificate travels
//! inside the error ([`refused_in`]), as the HTTP client gives only a word for it.

mod certificate;
mod der;
mod refusal;
#[cfg(test)]
mod tests;
mod verifier;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{CertificateError, ClientConfig, OtherError, RootCertStore};

pub use self::certificate::{Certificate, Fingerprint, fingerprint_text};
pub use self::refusal::{Distrust, Refused};

use self::verifier::Verifier;
use super::connection::Connection;
use super::error::Error;

/// Makes the TLS side of a client.
///
/// # Errors
/// If a certificate or key file cannot be read or holds none.
pub fn configuration(connection: &Connection) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let own = match &connection.trust.authority_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    let verifier = Verifier {
        roots: roots(&own, &provider)?,
        own,
        pinned: connection.trust.fingerprint,
        verify_nothing: connection.trust.verify_nothing,
        accepted: Mutex::default(),
        provider: Arc::clone(&provider),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Settings(format!("TLS cannot be set up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut configuration = match &connection.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain = certificates(&identity.certificate)?;
            let key = PrivateKeyDer::from_pem_file(&identity.key).map_err(|error| {
                Error::Settings(format!("{}: no private key: {error}", identity.key.display()))
            })?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| Error::Settings(format!("client certificate: {error}")))?
        }
    };
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(configuration)
}

/// What a server's certificate was refused for, if an error came of that.
#[must_use]
pub fn refused_in(error: &(dyn std::error::Error + 'static)) -> Option<Refused> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        // An I/O error hides what it wraps from `source`.
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner.downcast_ref().or_else(|| wrapped.and_then(|error| error.downcast_ref()));
        if let Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(
            refused,
        )))) = tls
        {
            return refused.downcast_ref::<Refused>().cloned();
        }
        cause = match wrapped {
            Some(wrapped) if tls.is_none() => Some(wrapped),
            _ => inner.source(),
        };
    }
    None
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |reason: String| Error::Settings(format!("{}: {reason}", path.display()));
    let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(wrong("holds no certificate (PEM)".to_owned())),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The usual check against the system's authorities and one's own; `None` where there are none.
fn roots(
    own: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, Error> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(own.iter().cloned());
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return Ok(None);
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map(Some)
        .map_err(|error| Error::Settings(format!("certificate authorities: {error}")))
}
