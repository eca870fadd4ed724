//! Encrypted connections to mail servers: which authorities are trusted, and what a refusal means in plain words.

use std::{error::Error, io, net::IpAddr, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, CertificateError, ClientConfig, RootCertStore,
        pki_types::{CertificateDer, UnixTime, pem::PemObject},
    },
};

use crate::clock::{london_date, long_date};

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Security {
    /// TLS from the first byte (IMAP port 993, SMTP port 465).
    #[serde(rename = "tls")]
    Tls,
    /// Plain greeting, then STARTTLS or nothing (IMAP port 143, SMTP port 587). RFC 9051 section 6.2.1, RFC 3207.
    #[serde(rename = "starttls")]
    StartTls,
    /// No encryption; allowed to this machine only, where a relay or a test server listens.
    #[serde(rename = "plain")]
    PlainLoopback,
}

/// Why no connection can be prepared at all.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// The file with a further authority cannot be used.
    #[error("the certificate file {path} cannot be used: {cause}")]
    ExtraCa {
        /// The file as configured.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The TLS library refused its own settings.
    #[error("TLS cannot be set up: {0}")]
    Library(String),
    /// `plain` is asked for a host that is not this machine.
    #[error(
        "security \"plain\" would send the password unencrypted to {0}; it is allowed to this machine only \
         (127.0.0.1, ::1 or localhost): use \"tls\" or \"starttls\""
    )]
    PlainElsewhere(String),
}

/// True for the names and addresses of this machine: `localhost`, `127.0.0.0/8`, `::1`.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Certificates in the PEM file at `path`, an authority of the council's own.
///
/// # Errors
///
/// [`TlsSetupError::ExtraCa`] if the file cannot be read or holds no certificate.
pub fn extra_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsSetupError> {
    let refuse = |cause: String| TlsSetupError::ExtraCa { path: path.display().to_string(), cause };
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(|certificates| certificates.collect::<Result<_, _>>())
        .map_err(|error| refuse(error.to_string()))?;
    if found.is_empty() { Err(refuse("it holds no certificate in PEM form".to_owned())) } else { Ok(found) }
}

/// What connects by TLS, trusting the system's authorities (or the built-in list where the system has none) and those in
/// `extra_ca`. The cryptography is named outright: with more than one provider compiled in, rustls would refuse to guess.
///
/// # Errors
///
/// [`TlsSetupError`] if `extra_ca` cannot be used.
pub fn connector(extra_ca: Option<&Path>) -> Result<TlsConnector, TlsSetupError> {
    Ok(TlsConnector::from(Arc::new(client_config(extra_ca)?)))
}

/// The same for what makes its connections by itself.
///
/// # Errors
///
/// As [`connector`].
pub fn client_config(extra_ca: Option<&Path>) -> Result<ClientConfig, TlsSetupError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if let Some(path) = extra_ca {
        for certificate in extra_authorities(path)? {
            roots.add(certificate).map_err(|error| TlsSetupError::ExtraCa {
                path: path.display().to_string(),
                cause: error.to_string(),
            })?;
        }
    }
    Ok(ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsSetupError::Library(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// What went wrong in TLS and what to do about it, if `error` came from there at all.
#[must_use]
pub fn plain_words(error: &(dyn Error + 'static)) -> Option<String> {
    find_tls_error(error).map(words)
}

/// Looks through the chain of causes. An `io::Error` hides what it wraps from `source()`, hence the second way in.
fn find_tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => certificate_words(certificate),
        rustls::Error::InvalidMessage(_) => {
            "it did not answer with TLS; check the port, or use security = \"starttls\"".to_owned()
        }
        other => other.to_string(),
    }
}

fn certificate_words(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired => "the certificate has expired; the server needs a new one".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the certificate expired on {}; the server needs a new one", day(*not_after))
        }
        CertificateError::NotValidYet => {
            "the certificate is not valid yet; check the clock of this machine and of the server".to_owned()
        }
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "the certificate is valid only from {}; check the clock of this machine and of the server",
            day(*not_before)
        ),
        CertificateError::UnknownIssuer => "the certificate was signed by an authority that this machine does not \
             trust; if it is the council's own, name its certificate file as ca_file"
            .to_owned(),
        CertificateError::NotValidForName => {
            "the certificate is for another host name; use the name the certificate was made for".to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names = if presented.is_empty() { "no name".to_owned() } else { presented.join(", ") };
            format!("the certificate is for {names}, not for {}", expected.to_str())
        }
        CertificateError::Revoked => "the certificate was revoked; the server needs a new one".to_owned(),
        other => format!("the certificate is not acceptable: {other}"),
    }
}

fn day(instant: UnixTime) -> String {
    i64::try_from(instant.as_secs())
        .ok()
        .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
        .map_or_else(|| "an unknown day".to_owned(), |at| long_date(london_date(at)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_names_and_addresses_of_this_machine_are_this_machine() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in
            ["mail.council.example", "10.0.0.1", "0.0.0.0", "localhost.council.example", "127.0.0.1.example", ""]
        {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn an_expired_certificate_is_named_with_its_last_day_however_deep_it_is_wrapped() {
        let time = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));
        let not_after = UnixTime::since_unix_epoch(Duration::from_secs(1_780_000_000));
        let error = rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after });
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error));
        let words = plain_words(&wrapped).unwrap();
        assert_eq!(words, "the certificate expired on Thursday 28 May 2026; the server needs a new one");
    }

    #[test]
    fn an_error_from_elsewhere_is_not_blamed_on_tls() {
        assert_eq!(plain_words(&io::Error::other("the disk is full")), None);
    }

    #[test]
    fn a_file_without_a_certificate_is_no_authority() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("empty.pem");
        std::fs::write(&path, "not a certificate\n").unwrap();
        let error = connector(Some(&path)).err().unwrap().to_string();
        assert!(error.contains("empty.pem") && error.contains("no certificate"), "{error}");
        assert!(connector(Some(&directory.path().join("absent.pem"))).is_err());
    }
}
