//! Certificates are read, whatever their bytes are, and refusals are told in words.

use proptest::prelude::*;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{Certificate, Distrust, Refused, fingerprint_text};

/// Made by `openssl req -x509 -newkey ec ... -subj "/O=Example/CN=Test authority" -days 20000`.
const PEM: &str = "\
-----BEGIN CERTIFICATE-----
MIIB6TCCAY+gAwIBAgIUI70qNNbUAItEmCt/d3MR6g/Nw50wCgYIKoZIzj0EAwIw
KzEQMA4GA1UECgwHRXhhbXBsZTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcN
MjYxMTIyMTk1MzA2WhgPMjA4MTA4MjUxOTUzMDZaMCsxEDAOBgNVBAoMB0V4YW1w
bGUxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEDM6IERuMchTXKGc8L56Cgz2zv+1LTQeaeW5OasIY72HNHwyARbbN6GLd
+uf/WRSbUgBurTnBm3R9cNhSk8BzCKOBjjCBizAdBgNVHQ4EFgQUZCiJoIpf/Oen
T+/dyCp0ENOgwzkwHwYDVR0jBBgwFoAUZCiJoIpf/OenT+/dyCp0ENOgwzkwDwYD
VR0TAQH/BAUwAwEB/zA4BgNVHREEMTAvggplcy5leGFtcGxlgglsb2NhbGhvc3SH
BH8AAAGHEAAAAAAAAAAAAAAAAAAAAAEwCgYIKoZIzj0EAwIDSAAwRQIhAJm/ntvb
E38F7l0xNSq/wXQ8Az6soyzwDMlEDVnEC4u7AiBm+z93fMeXOAs5CbVNv/jQFRYV
KDGndqUSTS0lm1BBfA==
-----END CERTIFICATE-----
";

fn sample() -> Vec<u8> {
    CertificateDer::from_pem_slice(PEM.as_bytes()).unwrap().to_vec()
}

#[test]
fn a_certificate_tells_whose_it_is_and_until_when() {
    let found = Certificate::read(&sample());
    assert_eq!(found.subject, "O=Example, CN=Test authority");
    assert!(found.is_self_signed());
    assert_eq!(found.names, ["es.example", "localhost", "127.0.0.1", "::1"]);
    assert_eq!(found.from.unwrap().to_string(), "2026-11-22T19:53:06.000Z");
    assert_eq!(found.until.unwrap().to_string(), "2081-08-25T19:53:06.000Z");
    assert_eq!(
        fingerprint_text(found.fingerprint),
        "c2db6772306b5460b70e8dd408a2981464d6694a616291a9b35d35a2a6d4f347"
    );
}

#[test]
fn each_reason_has_words_and_what_to_do() {
    let chain = vec![Certificate::read(&sample())];
    for (why, said, advice) in [
        (Distrust::UnknownIssuer, "signed by itself", "--ca-cert FILE"),
        (Distrust::Replaced, "not the one of before, and nobody known", "ask who runs the cluster"),
        (Distrust::Changed { pinned: [0xab; 32] }, "abababab was pinned", "pin c2db6772306b"),
        (
            Distrust::WrongName { asked: "other".to_owned() },
            "for es.example, localhost, 127.0.0.1, ::1, not for other",
            "made anew",
        ),
        (Distrust::Expired, "expired on 2081-", "new certificate"),
        (Distrust::NotYetValid, "valid from 2026-", "clock"),
        (Distrust::Other("odd".to_owned()), "odd", "--ca-fingerprint"),
    ] {
        let refused = Refused { why, chain: chain.clone() };
        assert!(refused.reason().contains(said), "{}", refused.reason());
        assert!(refused.hint().contains(advice), "{}", refused.hint());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reading_of_certificates_panic(
        at in 0usize..400, byte: u8, length in 0usize..500, noise: Vec<u8>
    ) {
        let mut der = sample();
        if let Some(place) = der.get_mut(at) {
            *place = byte;
        }
        der.truncate(length);
        let _ = Certificate::read(&der);
        let _ = Certificate::read(&noise);
    }
}
