//! Outgoing mail over SMTP (RFC 5321).

mod line;
mod sign_in;

use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
    time::Duration,
};

use futures::future::BoxFuture;
use lettre::{
    Message,
    transport::smtp::{
        Error as SmtpError,
        client::{Certificate, CertificateStore, TlsParameters},
    },
};
use line::{Fault, Line};
use regex::Regex;
pub use sign_in::SmtpSignIn;

pub use super::mime::ReturnPath;
use super::{
    courier::{Courier, Delivery, OnTheWay, Outgoing},
    mime,
};
use crate::{
    alerts::Trouble,
    clock::Clock,
    tls::{self, Security, TlsSetupError},
};

/// Longest text of a server that is repeated to people, characters.
const LONGEST_WORDS: usize = 300;

/// Which server takes our mail, and how to get there.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Host name or address; the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in, if the server wants that.
    pub sign_in: Option<SmtpSignIn>,
    /// PEM file with a further authority to trust.
    pub extra_ca: Option<PathBuf>,
    /// Where bounces go.
    pub return_path: ReturnPath,
    /// What we call ourselves in EHLO; the machine's name if absent.
    pub hello_name: Option<String>,
    /// Longest time for one attempt, from connecting to the last answer.
    pub timeout: Duration,
}

/// Hands messages to a mail server. Cheap to clone; the clones share connections.
#[derive(Clone, Debug)]
pub struct SmtpCourier(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: SmtpSettings,
    clock: Clock,
    line: Line,
}

impl SmtpCourier {
    /// A courier to the server in `settings`; does not connect yet.
    ///
    /// # Errors
    ///
    /// [`TlsSetupError`] if the further authority cannot be used, or if `plain` is asked for another machine.
    pub fn new(settings: SmtpSettings, clock: Clock) -> Result<Self, TlsSetupError> {
        let line = Line::new(&settings)?;
        Ok(Self(Arc::new(Inner { settings, clock, line })))
    }

    /// Connects, encrypts, signs in, and leaves again.
    ///
    /// # Errors
    ///
    /// What went wrong, in words that say what to check.
    pub async fn probe(&self) -> Result<(), String> {
        let Inner { settings, line, .. } = &*self.0;
        let place = format!("{}:{}", settings.host, settings.port);
        match tokio::time::timeout(settings.timeout, line.probe()).await {
            Err(_) => Err(format!("{place} gave no answer within {} seconds", settings.timeout.as_secs())),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(format!("{place} answers, but not as a mail server does")),
            Ok(Err(fault)) => Err(format!("{place}: {}", fault_words(&fault))),
        }
    }
}

impl Courier for SmtpCourier {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Delivery> {
        self.send_noting(message, Box::new(|| {}))
    }

    fn send_noting<'a>(&'a self, message: &'a Outgoing, on_the_way: OnTheWay) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            let built = match mime::build(message, self.0.clock.now(), &self.0.settings.return_path) {
                Ok(built) => built,
                Err(error) => return Delivery::Refused(error.to_string()),
            };
            // In a task of its own: if the caller gives up, the dialogue with the server still comes to its end.
            let inner = Arc::clone(&self.0);
            match tokio::spawn(async move { inner.attempt(built, on_the_way).await }).await {
                Ok(delivery) => delivery,
                Err(_) => Delivery::TryLater("sending was interrupted".to_owned()),
            }
        })
    }
}

impl Inner {
    async fn attempt(&self, message: Message, on_the_way: OnTheWay) -> Delivery {
        let plain_recipient = message.envelope().to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii());
        match tokio::time::timeout(self.settings.timeout, self.line.send(&message, on_the_way)).await {
            Ok(Ok(())) => Delivery::Delivered,
            Ok(Err(Fault::Server(error))) => verdict(&error, plain_recipient),
            Ok(Err(fault)) => Delivery::Unavailable(trouble(&fault), fault_words(&fault)),
            Err(_) => {
                let seconds = self.settings.timeout.as_secs();
                let words = format!("the mail server gave no answer within {seconds} seconds");
                Delivery::Unavailable(Trouble::Connection, words)
            }
        }
    }
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, TlsSetupError> {
    let library = |error: SmtpError| TlsSetupError::Library(error.to_string());
    let system_has_none = rustls_native_certs::load_native_certs().certs.is_empty();
    let store = if system_has_none { CertificateStore::WebpkiRoots } else { CertificateStore::Default };
    let mut parameters = TlsParameters::builder(settings.host.clone()).certificate_store(store);
    if let Some(path) = &settings.extra_ca {
        for authority in tls::extra_authorities(path)? {
            parameters = parameters.add_root_certificate(Certificate::from_der(authority.to_vec()).map_err(library)?);
        }
    }
    parameters.build_rustls().map_err(library)
}

/// Whether the failure is about this message and its recipient for good, or about anything that can be mended meanwhile.
fn verdict(error: &SmtpError, plain_recipient: bool) -> Delivery {
    let words = words(error);
    let code = error.status().map(u16::from);
    match code {
        Some(code) if error.is_permanent() && is_about_our_account(code, &error.to_string()) => {
            Delivery::Unavailable(Trouble::SignIn, words)
        }
        Some(_) if error.is_permanent() => Delivery::Refused(words),
        // lettre itself refuses an address with letters that the server has not announced (SMTPUTF8).
        _ if error.is_client() && !plain_recipient => Delivery::Refused(words),
        Some(_) => Delivery::TryLater(words),
        None => Delivery::Unavailable(Trouble::Connection, words),
    }
}

/// The sort of a fault that concerns every message.
fn trouble(fault: &Fault) -> Trouble {
    match fault {
        Fault::Token(_) => Trouble::Token,
        Fault::SignIn(_) | Fault::NoTokens => Trouble::SignIn,
        Fault::Opening(error) if tls::plain_words(error).is_some() || error.is_tls() => Trouble::Tls,
        Fault::Connect(_) | Fault::Opening(_) => Trouble::Unreachable,
        Fault::Server(_) => Trouble::Connection,
    }
}

/// Permanent codes that say something about our settings: the same message will go once these are right. 5xx codes of
/// RFC 5321 section 4.2.3 and RFC 4954 section 6; the 5.7.x ones are what Exchange Online answers when sign-in by password
/// is switched off, nobody is signed in, or the sender may not be used.
fn is_about_our_account(code: u16, said: &str) -> bool {
    matches!(code, 500 | 502 | 503 | 504 | 521 | 530 | 534 | 535 | 538)
        || ["5.7.3 ", "5.7.30 ", "5.7.57 ", "5.7.60 "].iter().any(|status| said.contains(status))
}

fn fault_words(fault: &Fault) -> String {
    match fault {
        Fault::Connect(error) => format!("the mail server cannot be used: {error}"),
        Fault::Token(_) | Fault::NoTokens => fault.to_string(),
        Fault::Opening(error) | Fault::SignIn(error) | Fault::Server(error) => words(error),
    }
}

/// What happened, for people; without addresses, as servers like to repeat the recipient.
fn words(error: &SmtpError) -> String {
    if let Some(words) = tls::plain_words(error) {
        return words;
    }
    let said = without_addresses(&error.to_string());
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => {
            format!(
                "the mail server refused the sign-in; check the user name and the password, or the token's rights ({said})"
            )
        }
        Some(code) if code < 500 => format!("the mail server cannot take the message now ({said})"),
        Some(_) => format!("the mail server refused the message ({said})"),
        None if error.is_timeout() => "the mail server gave no answer in time".to_owned(),
        None => format!("the mail server cannot be used: {said}"),
    }
}

fn without_addresses(text: &str) -> String {
    #[allow(clippy::expect_used)]
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\s<>]+@[^\s<>:]+").expect("the pattern is fixed"));
    let tidy: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    ADDRESS.replace_all(&tidy, "(address)").chars().take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn settings(host: &str) -> SmtpSettings {
        SmtpSettings {
            host: host.into(),
            port: 25,
            security: Security::PlainLoopback,
            sign_in: None,
            extra_ca: None,
            return_path: ReturnPath::Empty,
            hello_name: None,
            timeout: Duration::from_secs(5),
        }
    }

    #[test]
    fn a_password_is_not_sent_unencrypted_to_another_machine() {
        let error = SmtpCourier::new(settings("mail.council.example"), Clock::system()).unwrap_err();
        assert!(error.to_string().contains("starttls"), "{error}");
    }

    #[test]
    fn what_the_server_says_is_repeated_without_addresses() {
        let said = "550 5.1.1 <mum@family.example>: Recipient address rejected\r\nsee help@isp.example";
        assert_eq!(without_addresses(said), "550 5.1.1 <(address)>: Recipient address rejected  see (address)");
    }

    #[test]
    fn a_refused_sign_in_is_no_fault_of_the_message() {
        assert!(is_about_our_account(535, "5.7.8 Error: authentication failed"));
        assert!(is_about_our_account(550, "5.7.30 Basic authentication is not supported for Client Submission"));
        assert!(!is_about_our_account(550, "5.1.1 no such user"));
        assert!(!is_about_our_account(554, "5.7.1 looks like spam"));
        assert!(!is_about_our_account(501, "5.1.3 bad recipient address syntax"));
    }
}
