//! Decides over a server's certificates: a pinned one, an authority's, or the system's.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};

use super::certificate::{Certificate, Fingerprint};
use super::refusal::{Distrust, Refused};

/// What a client checks certificates with.
#[derive(Debug)]
pub(super) struct Verifier {
    /// The system's authorities and one's own.
    pub(super) roots: Option<Arc<WebPkiServerVerifier>>,
    /// One's own authorities, of a file.
    pub(super) own: Vec<CertificateDer<'static>>,
    /// The one certificate that is trusted, and no other.
    pub(super) pinned: Option<Fingerprint>,
    /// Accept anything.
    pub(super) verify_nothing: bool,
    /// Names of servers that showed a trusted certificate.
    pub(super) accepted: Mutex<BTreeSet<String>>,
    /// The cryptography.
    pub(super) provider: Arc<CryptoProvider>,
}

/// A chain as it came.
struct Shown<'a> {
    own: &'a CertificateDer<'a>,
    between: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    now: UnixTime,
}

impl Verifier {
    fn check(&self, shown: &Shown<'_>, stapled: &[u8]) -> Result<(), rustls::Error> {
        if let Some(pinned) = self.pinned {
            return self.check_pinned(pinned, shown);
        }
        match &self.roots {
            Some(roots) => roots
                .verify_server_cert(shown.own, shown.between, shown.name, stapled, shown.now)
                .map(|_verified| ()),
            None => Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        }
    }

    /// Whether the pinned certificate is the server's, or vouches for it.
    fn check_pinned(&self, pinned: Fingerprint, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        let is_pinned = |der: &&CertificateDer<'_>| Certificate::read(der).fingerprint == pinned;
        // The server's own certificate is pinned: nothing else has to vouch for it.
        if is_pinned(&shown.own) {
            return Ok(());
        }
        let mut known = shown.between.iter().chain(&self.own);
        let Some(found) = known.find(is_pinned) else {
            let changed = CertificateError::ApplicationVerificationFailure;
            return Err(rustls::Error::InvalidCertificate(changed));
        };
        let mut store = RootCertStore::empty();
        store.add(found.clone().into_owned())?;
        let provider = Arc::clone(&self.provider);
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;
        verifier.verify_server_cert(shown.own, shown.between, shown.name, &[], shown.now)?;
        Ok(())
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
        let verified = ServerCertVerified::assertion();
        if self.verify_nothing {
            return Ok(verified);
        }
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        let Err(error) = self.check(&Shown { own, between, name, now }, stapled) else {
            accepted.insert(name.to_str().into_owned());
            return Ok(verified);
        };
        let is_changed = matches!(
            error,
            rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)
        );
        let why = match self.pinned {
            Some(pinned) if is_changed => Distrust::Changed { pinned },
            _ => match Distrust::of(&error, &name.to_str()) {
                Distrust::UnknownIssuer if accepted.contains(&*name.to_str()) => Distrust::Replaced,
                why => why,
            },
        };
        let chain = std::iter::once(own).chain(between).map(|der| Certificate::read(der));
        let refused = Refused { why, chain: chain.collect() };
        let carried = CertificateError::Other(OtherError(Arc::new(refused)));
        Err(rustls::Error::InvalidCertificate(carried))
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
