//! Signing in at the mail server (RFC 4954): with a password, or with a token.

use std::fmt;

use data_encoding::BASE64;
use lettre::transport::smtp::{
    Error as SmtpError,
    authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism as Announced},
    client::AsyncSmtpConnection,
    commands::Ehlo,
    extension::ClientId,
};
use secrecy::{ExposeSecret, SecretString};

use super::line::Fault;
use crate::oauth::{Mechanism, Token, TokenSource};

/// Who signs in, and with what.
#[derive(Clone)]
pub enum SmtpSignIn {
    /// With a password.
    Password {
        /// User name.
        user: String,
        /// Their password.
        password: SecretString,
    },
    /// With a token.
    Token {
        /// The mailbox's address.
        user: String,
        /// Where tokens come from.
        source: TokenSource,
    },
}

impl fmt::Debug for SmtpSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "SmtpSignIn::Password",
            Self::Token { .. } => "SmtpSignIn::Token",
        })
    }
}

pub(super) async fn with_password(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    password: &SecretString,
) -> Result<(), SmtpError> {
    let credentials = Credentials::new(user.to_owned(), password.expose_secret().to_owned());
    connection.auth(DEFAULT_MECHANISMS, &credentials).await.map(|_| ())
}

/// The library knows XOAUTH2 too, but takes a refusal, which comes as a challenge, for a fault of its own: then what the
/// server has to say about it is never heard.
pub(super) async fn with_token(
    connection: &mut AsyncSmtpConnection,
    hello: &ClientId,
    user: &str,
    token: &Token,
    (host, port): (&str, u16),
) -> Result<(), Fault> {
    let Some(mechanism) = mechanism(connection, hello).await.map_err(Fault::Opening)? else {
        return Err(Fault::NoTokens);
    };
    let first = BASE64.encode(mechanism.first(user, &token.secret, host, port).expose_secret().as_bytes());
    let command = format!("AUTH {} {first}\r\n", mechanism.name());
    let answer = connection.command(command).await.map_err(Fault::SignIn)?;
    if answer.has_code(334) {
        let second = format!("{}\r\n", BASE64.encode(mechanism.second().as_bytes()));
        connection.command(second).await.map_err(Fault::SignIn)?;
    }
    Ok(())
}

async fn mechanism(connection: &mut AsyncSmtpConnection, hello: &ClientId) -> Result<Option<Mechanism>, SmtpError> {
    if connection.server_info().supports_auth_mechanism(Announced::Xoauth2) {
        return Ok(Some(Mechanism::Xoauth2));
    }
    // The library does not keep the names that it does not know.
    let answer = connection.command(Ehlo::new(hello.clone())).await?;
    let auth = answer.message().find_map(|line| line.strip_prefix("AUTH ")).unwrap_or_default();
    Ok(Mechanism::offered(auth.split_whitespace()))
}
