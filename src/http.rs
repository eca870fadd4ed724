//! Calls that go out over HTTP: no redirects, bounded in time and size, trusting the same authorities as mail connections.

use std::{error::Error, path::Path, sync::LazyLock, time::Duration};

use regex::Regex;
use url::Url;

use crate::tls::{self, TlsSetupError};

/// Longest time for one call, from connecting to the last byte of the answer.
const LONGEST: Duration = Duration::from_secs(30);
/// Longest time until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest answer that is read, bytes.
const BIGGEST: usize = 256 * 1024;
/// Longest text of a server that is repeated to people, characters.
const LONGEST_WORDS: usize = 200;

/// Why a call came to nothing. Holds no address that was called and nothing that was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing answers, or the connection broke. Worth another try.
    #[error("{0}")]
    Unreachable(String),
    /// TLS failed: expired, wrong name, unknown authority.
    #[error("{0}")]
    Tls(String),
    /// The answer is longer than any that is expected.
    #[error("the answer is longer than {BIGGEST} bytes")]
    TooLong,
}

/// Whether secrets may be sent to `url`: it is encrypted, or it stays on this machine.
#[must_use]
pub fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && stays_here(url))
}

fn stays_here(url: &Url) -> bool {
    url.host_str().is_some_and(|host| tls::is_this_machine(host.trim_matches(['[', ']'])))
}

/// A client for calls to `url`. The machine's proxy settings are obeyed, except for calls that stay on it.
///
/// # Errors
///
/// [`TlsSetupError`] if `extra_ca` cannot be used.
pub fn client(url: &Url, extra_ca: Option<&Path>) -> Result<reqwest::Client, TlsSetupError> {
    let mut client = reqwest::Client::builder()
        .use_preconfigured_tls(tls::client_config(extra_ca)?)
        // An answer that sends us elsewhere would have us send secrets there.
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(LONGEST);
    if stays_here(url) {
        client = client.no_proxy();
    }
    client.build().map_err(|error| TlsSetupError::Library(error.to_string()))
}

/// The body of an answer.
///
/// # Errors
///
/// [`CallError`] if the connection breaks or the answer has no end.
pub async fn body(mut response: reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(call_error)? {
        if body.len() + chunk.len() > BIGGEST {
            return Err(CallError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong, without the address: a webhook's is a secret.
#[must_use]
pub fn call_error(error: reqwest::Error) -> CallError {
    if let Some(words) = tls::plain_words(&error) {
        return CallError::Tls(words);
    }
    if error.is_timeout() {
        return CallError::Unreachable("no answer in time".to_owned());
    }
    let error = error.without_url();
    let mut deepest: &dyn Error = &error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    CallError::Unreachable(tidy(&deepest.to_string()))
}

/// A server's words on one line, without addresses of people, cut to a length for people.
#[must_use]
pub fn tidy(words: &str) -> String {
    #[allow(clippy::expect_used)]
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\s<>'()]+@[^\s<>:'()]+").expect("the pattern is fixed"));
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = ADDRESS.replace_all(line.trim(), "(address)");
    line.trim_end_matches('.').chars().take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_encrypted_or_stay_here() {
        let safe = |url: &str| is_safe(&Url::parse(url).unwrap());
        assert!(safe("https://login.microsoftonline.com/x/oauth2/v2.0/token"));
        assert!(safe("http://127.0.0.1:9301/token") && safe("http://[::1]/token") && safe("http://localhost/"));
        assert!(!safe("http://login.example/token") && !safe("ftp://127.0.0.1/") && !safe("http://127.0.0.1.example/"));
    }

    #[test]
    fn a_servers_words_hold_no_address_and_no_line_break() {
        assert_eq!(tidy("The account 'a.b@council.example' is\r\nlocked."), "The account '(address)' is  locked");
    }
}
