//! Whom to trust over TLS: the system's authorities, a file's, or one certificate by fingerprint.
//!
//! Makes the `rustls` configuration of a client. What was wrong with a server's certificate is kept
//! aside, as the HTTP client gives only a word for it.

use std::fs;
use std::sync::{Arc, Mutex};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::connection::Connection;
use super::error::Error;

/// The certificate that a server showed, and why it was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// SHA-256 of the last certificate of the chain (the authority's, where the server sends it).
    pub fingerprint: [u8; 32],
    /// The reason in the library's words.
    pub reason: String,
}

/// Where a verifier leaves what it refused.
pub type Refusals = Arc<Mutex<Option<Refused>>>;

/// Makes the TLS side of a client.
///
/// # Errors
/// If a certificate or key file cannot be read or holds none.
pub fn configuration(connection: &Connection) -> Result<(ClientConfig, Refusals), Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let refusals = Refusals::default();
    let verifier = Verifier {
        roots: roots(connection, &provider)?,
        fingerprint: connection.trust.fingerprint,
        verify_nothing: connection.trust.verify_nothing,
        provider: Arc::clone(&provider),
        refusals: Arc::clone(&refusals),
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
    Ok((configuration, refusals))
}

fn certificates(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |reason: String| Error::Settings(format!("{}: {reason}", path.display()));
    let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(wrong("holds no certificate (PEM)".to_owned())),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The usual check against the system's authorities and the file's; `None` where there are none.
fn roots(
    connection: &Connection,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, Error> {
    let mut store = RootCertStore::empty();
    if let Some(path) = &connection.trust.authority_file {
        store.add_parsable_certificates(certificates(path)?);
    }
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return Ok(None);
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map(Some)
        .map_err(|error| Error::Settings(format!("certificate authorities: {error}")))
}

#[derive(Debug)]
struct Verifier {
    roots: Option<Arc<WebPkiServerVerifier>>,
    fingerprint: Option<[u8; 32]>,
    verify_nothing: bool,
    provider: Arc<CryptoProvider>,
    refusals: Refusals,
}

impl Verifier {
    /// Whether a chain holds the pinned certificate, and that one vouches for the server's name.
    fn holds_pinned(
        &self,
        chain: &[&CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<bool, rustls::Error> {
        let Some(pinned) = self.fingerprint else { return Ok(false) };
        let Some(found) = chain.iter().find(|certificate| fingerprint(certificate) == pinned)
        else {
            return Ok(false);
        };
        // The server's own certificate is pinned: nothing else has to vouch for it.
        if chain.first().is_some_and(|own| own == found) {
            return Ok(true);
        }
        let mut store = RootCertStore::empty();
        store.add((*found).clone().into_owned())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(
            Arc::new(store),
            Arc::clone(&self.provider),
        )
        .build()
        .map_err(|error| rustls::Error::General(error.to_string()))?;
        let (own, between) = chain
            .split_first()
            .ok_or_else(|| rustls::Error::General("no certificate".to_owned()))?;
        let between: Vec<CertificateDer<'_>> =
            between.iter().map(|certificate| (*certificate).clone()).collect();
        verifier.verify_server_cert(own, &between, name, &[], now)?;
        Ok(true)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.verify_nothing {
            return Ok(ServerCertVerified::assertion());
        }
        let chain: Vec<&CertificateDer<'_>> = std::iter::once(own).chain(between).collect();
        let checked = match self.holds_pinned(&chain, name, now) {
            Ok(true) => Ok(ServerCertVerified::assertion()),
            Err(error) => Err(error),
            Ok(false) => match &self.roots {
                Some(roots) => roots.verify_server_cert(own, between, name, stapled, now),
                None => {
                    Err(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer))
                }
            },
        };
        if let Err(error) = &checked
            && let Ok(mut place) = self.refusals.lock()
        {
            let last = chain.last().map_or([0; 32], |certificate| fingerprint(certificate));
            *place = Some(Refused { fingerprint: last, reason: error.to_string() });
        }
        checked
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            own,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            own,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// SHA-256 of a certificate.
fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(certificate).into()
}

/// A fingerprint as Elasticsearch prints it.
#[must_use]
pub fn fingerprint_text(fingerprint: [u8; 32]) -> String {
    let digits = fingerprint.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| std::char::from_digit(u32::from(digit), 16)).collect()
}
