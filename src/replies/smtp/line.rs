//! The way to the mail server: one connection at a time, opened when needed and kept open between letters.

use std::{
    io,
    time::{Duration, Instant},
};

use lettre::{
    Message,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use secrecy::ExposeSecret;
use tokio::{net::TcpStream, sync::Mutex};

use super::{OnTheWay, SmtpSettings};
use crate::tls::{self, Security, TlsSetupError};

/// How long an unused connection is kept.
const KEEP_OPEN: Duration = Duration::from_secs(30);

/// What went wrong on the way or at the server.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Nothing answers there.
    #[error("{0}")]
    Connect(#[from] io::Error),
    /// The server, or the protocol.
    #[error(transparent)]
    Server(#[from] SmtpError),
}

/// The way to one server.
pub(super) struct Line {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
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
        let credentials = settings.user.as_ref().map(|user| {
            let password = settings.password.as_ref().map_or("", |password| password.expose_secret());
            Credentials::new(user.clone(), password.to_owned())
        });
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            tls,
            credentials,
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

    async fn open(&self) -> Result<AsyncSmtpConnection, Fault> {
        let implicit = self.tls.clone().filter(|_| self.security == Security::Tls);
        let mut connection = if implicit.is_some() {
            let place = (self.host.as_str(), self.port);
            AsyncSmtpConnection::connect_tokio1(place, Some(self.timeout), &self.hello, implicit, None).await?
        } else {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // Otherwise the last bytes of a letter wait for the network, 40 ms, and a program killed meanwhile does not
            // know whether the letter went.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
        };
        if let Some(parameters) = self.tls.clone().filter(|_| self.security == Security::StartTls) {
            connection.starttls(parameters, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}
