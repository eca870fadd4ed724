//! Signing in: `LOGIN` with a password, `AUTHENTICATE` with a token (RFC 9051 section 6.2.2).

use async_imap::{
    Authenticator, Client, Session,
    error::Error as ImapError,
    imap_proto::{Capability, Response},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncWriteExt as _;

use super::{
    ImapSettings,
    dial::Stream,
    wire::{error_words, io_words, received, within_time},
};
use crate::{
    intake::mailbox::MailboxError,
    oauth::{Mechanism, Token},
};

/// The tag of our question what the server offers.
const ASKED: &str = "OFFERS";

pub(super) async fn with_password(
    client: Client<Stream>,
    settings: &ImapSettings,
    password: &SecretString,
) -> Result<Session<Stream>, MailboxError> {
    within_time(settings.timeout, client.login(&settings.user, password.expose_secret()))
        .await?
        .map_err(|(error, _)| refused(settings, &error, "check the user name and the password"))
}

pub(super) async fn with_token(
    mut client: Client<Stream>,
    settings: &ImapSettings,
    token: &Token,
) -> Result<Session<Stream>, MailboxError> {
    let offered = within_time(settings.timeout, mechanism(&mut client)).await??;
    let Some(mechanism) = offered else {
        let cause = "it takes no tokens (it offers neither XOAUTH2 nor OAUTHBEARER)".to_owned();
        return Err(MailboxError::SignIn { host: settings.host.clone(), user: settings.user.clone(), cause });
    };
    let first = mechanism.first(&settings.user, &token.secret, &settings.host, settings.port);
    let answers = Answers { first: Some(first), mechanism };
    within_time(settings.timeout, client.authenticate(mechanism.name(), answers)).await?.map_err(|(error, _)| {
        refused(settings, &error, "the token is good at its token server, so the mailbox's rights are to be checked")
    })
}

/// The better of the mechanisms that the server offers on this connection: it may offer others before TLS.
async fn mechanism(client: &mut Client<Stream>) -> Result<Option<Mechanism>, MailboxError> {
    let broken = |error: std::io::Error| MailboxError::Broken(io_words(&error));
    // The library asks only once somebody has signed in.
    let stream = client.get_mut();
    stream.write_all(format!("{ASKED} CAPABILITY\r\n").as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut names: Vec<String> = Vec::new();
    loop {
        let answer = received(client.read_response().await)?;
        match answer.parsed() {
            Response::Capabilities(all) => names.extend(all.iter().filter_map(|one| match one {
                Capability::Auth(name) => Some(name.to_string()),
                _ => None,
            })),
            Response::Done { tag, .. } if tag.0 == ASKED => break,
            _ => {}
        }
    }
    Ok(Mechanism::offered(names.iter().map(String::as_str)))
}

/// What is said in an exchange: the token, and after that only that the refusal was understood.
struct Answers {
    first: Option<SecretString>,
    mechanism: Mechanism,
}

impl Authenticator for Answers {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        match self.first.take() {
            Some(first) => first.expose_secret().to_owned(),
            None => self.mechanism.second().to_owned(),
        }
    }
}

fn refused(settings: &ImapSettings, error: &ImapError, advice: &str) -> MailboxError {
    let cause = match error {
        // RFC 5530: not a matter of this user or password.
        ImapError::No(said) if said.to_ascii_uppercase().contains("UNAVAILABLE") => {
            return MailboxError::Broken(format!("sign-in is not possible just now: {}", error_words(error)));
        }
        ImapError::No(_) | ImapError::Bad(_) => format!("{}; {advice}", error_words(error)),
        ImapError::Validate(_) => "the user name or the password holds a line break".to_owned(),
        _ => return MailboxError::Broken(error_words(error)),
    };
    MailboxError::SignIn { host: settings.host.clone(), user: settings.user.clone(), cause }
}
