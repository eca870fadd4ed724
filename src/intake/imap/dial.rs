//! From a host name to an encrypted connection that has greeted.

use std::{fmt, time::Duration};

use async_imap::{
    Client,
    imap_proto::{Response, Status},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::rustls::pki_types::ServerName;

use super::{
    ImapSettings,
    wire::{error_words, io_words, outcome_words, received, within_time},
};
use crate::{
    intake::mailbox::MailboxError,
    tls::{self, Security},
};

/// A TCP connection, encrypted or not.
pub(super) trait Net: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Net for T {}
pub(super) type Stream = Box<dyn Net>;

/// Connects and encrypts.
pub(super) async fn dial(settings: &ImapSettings) -> Result<Client<Stream>, MailboxError> {
    let within = settings.timeout;
    if settings.security == Security::PlainLoopback && !tls::is_this_machine(&settings.host) {
        return Err(unreachable(settings, tls::TlsSetupError::PlainElsewhere(settings.host.clone()).to_string()));
    }
    let tcp = match timeout(within, TcpStream::connect((settings.host.as_str(), settings.port))).await {
        Err(_) => return Err(unreachable(settings, format!("no answer within {} seconds", within.as_secs()))),
        Ok(Err(error)) => return Err(unreachable(settings, error.to_string())),
        Ok(Ok(tcp)) => tcp,
    };
    let _ = tcp.set_nodelay(true);
    Ok(match settings.security {
        Security::PlainLoopback => greeted(Box::new(tcp), within).await?,
        Security::Tls => greeted(encrypt(Box::new(tcp), settings).await?, within).await?,
        Security::StartTls => {
            let mut plain = greeted(Box::new(tcp), within).await?;
            within_time(within, plain.run_command_and_check_ok("STARTTLS", None))
                .await?
                .map_err(|error| tls_refused(settings, format!("it offers no STARTTLS ({})", error_words(&error))))?;
            // Dropping the client drops whatever came unencrypted behind the answer; no second greeting follows.
            Client::new(encrypt(plain.into_inner(), settings).await?)
        }
    })
}

async fn greeted(stream: Stream, within: Duration) -> Result<Client<Stream>, MailboxError> {
    let mut client = Client::new(stream);
    let greeting = received(within_time(within, client.read_response()).await?)?;
    match greeting.parsed() {
        Response::Data { status: Status::Ok | Status::PreAuth, .. } => Ok(client),
        Response::Data { outcome, .. } => {
            Err(MailboxError::Broken(format!("the server turned us away: {}", outcome_words(outcome))))
        }
        _ => Err(MailboxError::Broken("the server did not greet as an IMAP server does; check the port".into())),
    }
}

async fn encrypt(stream: Stream, settings: &ImapSettings) -> Result<Stream, MailboxError> {
    let connector =
        tls::connector(settings.extra_ca.as_deref()).map_err(|error| tls_refused(settings, error.to_string()))?;
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| unreachable(settings, "this is not a host name or an address".to_owned()))?;
    match within_time(settings.timeout, connector.connect(name, stream)).await? {
        Ok(encrypted) => Ok(Box::new(encrypted)),
        Err(error) => {
            let words = tls::plain_words(&error).unwrap_or_else(|| {
                format!("{}; is this the right port for security = \"tls\" or \"starttls\"?", io_words(&error))
            });
            Err(tls_refused(settings, words))
        }
    }
}

fn unreachable(settings: &ImapSettings, cause: String) -> MailboxError {
    MailboxError::Unreachable { host: settings.host.clone(), port: settings.port, cause }
}

fn tls_refused(settings: &ImapSettings, cause: String) -> MailboxError {
    MailboxError::Tls { host: settings.host.clone(), cause }
}
