//! The way to the mail server: one connection at a time, opened when needed and kept open between letters.

use std::{
    io,
    time::{Duration, Instant},
};

use lettre::{
    Message,
    transport::smtp::{
        Error as SmtpError,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use tokio::{net::TcpStream, sync::Mutex};

use super::{
    OnTheWay, SmtpSettings,
    sign_in::{self, SmtpSignIn},
};
use crate::{
    oauth::{Token, TokenError, TokenSource},
    tls::{self, Security, TlsSetupError},
};

/// How long an unused connection is kept.
const KEEP_OPEN: Duration = Duration::from_secs(30);

/// What went wrong on the way or at the server.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Nothing answers there.
    #[error("{0}")]
    Connect(#[from] io::Error),
    /// The server, before anybody signed in.
    #[error(transparent)]
    Opening(SmtpError),
    /// There is no token to sign in with.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The server takes no tokens.
    #[error("the mail server takes no tokens (it offers neither XOAUTH2 nor OAUTHBEARER)")]
    NoTokens,
    /// The server refused the sign-in.
    #[error(transparent)]
    SignIn(SmtpError),
    /// The server, about a letter.
    #[error(transparent)]
    Server(#[from] SmtpError),
}

/// The way to one server.
pub(super) struct Line {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    sign_in: Option<SmtpSignIn>,
    hello: ClientId,
    timeout: Duration,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Line {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, TlsSetupError> {
        if settings.security == Security::PlainLoopback && !tls::is_this_machine(&settings.host) {
            return Err(TlsSetupError::PlainElsewhere(settings.host.clone()));
        }
        let tls = match settings.security {
            Security::PlainLoopback => None,
            Security::StartTls | Security::Tls => Some(super::tls_parameters(settings)?),
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            tls,
            sign_in: settings.sign_in.clone(),
            hello: settings.hello_name.clone().map_or_else(ClientId::default, ClientId::Domain),
            timeout: settings.timeout,
            kept: Mutex::new(None),
        })
    }

    /// Sends `message`. After a fault, or when the caller gave up, the connection is not used again: an answer may still
    /// be on its way, and the next message would get it.
    pub(super) async fn send(&self, message: &Message, on_the_way: OnTheWay) -> Result<(), Fault> {
        let mut kept = self.kept.lock().await;
        let mut connection = match kept.take().filter(|kept| kept.since.elapsed() < KEEP_OPEN) {
            Some(Kept { mut connection, .. }) => {
                if connection.test_connected().await {
                    connection
                } else {
                    self.open().await?
                }
            }
            None => self.open().await?,
        };
        let bytes = message.formatted();
        let envelope = message.envelope();
        let plain_addresses =
            envelope.to().iter().chain(envelope.from()).all(|one| AsRef::<str>::as_ref(one).is_ascii());
        if !bytes.is_ascii() || !plain_addresses {
            // Needs extensions that the server may not have: the library knows when to refuse.
            on_the_way();
            connection.send(envelope, &bytes).await?;
        } else {
            connection.command(Mail::new(envelope.from().cloned(), Vec::new())).await?;
            for to in envelope.to() {
                connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
            }
            connection.command(Data).await?;
            // Only now can the server take the letter without our hearing of it.
            on_the_way();
            connection.message(&bytes).await?;
        }
        *kept = Some(Kept { connection, since: Instant::now() });
        Ok(())
    }

    /// Connects, encrypts, signs in, and leaves again. False when what answers is no mail server.
    pub(super) async fn probe(&self) -> Result<bool, Fault> {
        let mut connection = self.open().await?;
        let answers = connection.test_connected().await;
        let _ = connection.quit().await;
        Ok(answers)
    }

    /// Connects, encrypts, signs in.
    async fn open(&self) -> Result<AsyncSmtpConnection, Fault> {
        match &self.sign_in {
            None => self.connect().await,
            Some(SmtpSignIn::Password { user, password }) => {
                let mut connection = self.connect().await?;
                sign_in::with_password(&mut connection, user, password).await.map_err(Fault::SignIn)?;
                Ok(connection)
            }
            Some(SmtpSignIn::Token { user, source }) => self.open_with_token(user, source).await,
        }
    }

    /// A refused token may have been withdrawn before its time: one new one is tried, on a connection of its own.
    async fn open_with_token(&self, user: &str, source: &TokenSource) -> Result<AsyncSmtpConnection, Fault> {
        let who = format!("smtp {user}");
        let token = source.token().await?;
        let opened = match self.connect_with(user, &token).await {
            Err(Fault::SignIn(error)) if error.is_permanent() && source.refused(&token, &who) => {
                self.connect_with(user, &source.token().await?).await
            }
            other => other,
        };
        if opened.is_ok() {
            source.accepted(&who);
        }
        opened
    }

    async fn connect_with(&self, user: &str, token: &Token) -> Result<AsyncSmtpConnection, Fault> {
        let mut connection = self.connect().await?;
        sign_in::with_token(&mut connection, &self.hello, user, token, (&self.host, self.port)).await?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Fault> {
        let implicit = self.tls.clone().filter(|_| self.security == Security::Tls);
        let mut connection = if implicit.is_some() {
            let place = (self.host.as_str(), self.port);
            AsyncSmtpConnection::connect_tokio1(place, Some(self.timeout), &self.hello, implicit, None).await
        } else {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // Otherwise the last bytes of a letter wait for the network, 40 ms, and a program killed meanwhile does not
            // know whether the letter went.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await
        }
        .map_err(Fault::Opening)?;
        if let Some(parameters) = self.tls.clone().filter(|_| self.security == Security::StartTls) {
            connection.starttls(parameters, &self.hello).await.map_err(Fault::Opening)?;
        }
        Ok(connection)
    }
}
