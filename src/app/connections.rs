//! From the configuration to what is connected: mailboxes, the sender, the chat.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;

use crate::{
    clock::Clock,
    config::{ImapSection, MailboxSection, SecretSource, Settings, SmtpSection, Verify},
    intake::{
        folder::FolderMailbox,
        imap::{ImapAuth, ImapMailbox, ImapSettings},
        mailbox::{Mailbox, MailboxError},
        telegram::{self, ChatError, TelegramSource},
        verify::{Verifier, VerifierError},
    },
    replies::{
        folder::FolderCourier,
        mime::ReturnPath,
        smtp::{SmtpCourier, SmtpSettings},
        telegram::TelegramCourier,
    },
    tls::{Security, TlsSetupError},
    workers::{Couriers, Watched},
};

/// Longest silence of a mail server that is borne.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Why a connection cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// A secret went missing since the start.
    #[error("{0}")]
    Secret(String),
    /// Certificates.
    #[error(transparent)]
    Tls(#[from] TlsSetupError),
    /// A folder mailbox.
    #[error("mailbox \"{name}\": {cause}")]
    Mailbox {
        /// Which.
        name: String,
        /// What is wrong.
        cause: MailboxError,
    },
    /// The chat.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// The name servers.
    #[error(transparent)]
    Verifier(#[from] VerifierError),
    /// Neither server nor folder.
    #[error("[sending] names neither smtp nor folder")]
    NoSender,
}

fn secret(source: &SecretSource) -> Result<SecretString, ConnectionError> {
    source.read().map_err(ConnectionError::Secret)
}

/// How to reach an IMAP server.
///
/// # Errors
///
/// [`ConnectionError::Secret`].
pub fn imap_settings(section: &ImapSection, poll: Duration) -> Result<ImapSettings, ConnectionError> {
    let usual = if section.security == Security::Tls { 993 } else { 143 };
    Ok(ImapSettings {
        host: section.host.clone(),
        port: section.port.unwrap_or(usual),
        security: section.security,
        user: section.user.clone(),
        auth: ImapAuth::Password(secret(&section.password)?),
        folder: section.folder.clone(),
        extra_ca: section.ca_file.clone(),
        timeout: TIMEOUT,
        poll,
    })
}

/// How to reach the mail server for sending.
///
/// # Errors
///
/// [`ConnectionError::Secret`].
pub fn smtp_settings(section: &SmtpSection) -> Result<SmtpSettings, ConnectionError> {
    let usual = match section.security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::PlainLoopback => 25,
    };
    Ok(SmtpSettings {
        host: section.host.clone(),
        port: section.port.unwrap_or(usual),
        security: section.security,
        user: section.user.clone(),
        password: section.password.as_ref().map(secret).transpose()?,
        extra_ca: section.ca_file.clone(),
        return_path: section.return_path.clone().map_or(ReturnPath::Empty, ReturnPath::Address),
        hello_name: None,
        timeout: TIMEOUT,
    })
}

/// Every configured mailbox, not yet connected.
///
/// # Errors
///
/// [`ConnectionError`]: a secret, or a folder that is not there.
pub fn mailboxes(settings: &Settings) -> Result<Vec<Watched>, ConnectionError> {
    settings.mailboxes.iter().map(watched).collect()
}

fn watched(section: &MailboxSection) -> Result<Watched, ConnectionError> {
    let name = section.name.get_ref().clone();
    let poll = Duration::from_secs(section.poll_seconds.max(1));
    let source: Box<dyn Mailbox> = match (&section.imap, &section.folder) {
        (Some(imap), _) => Box::new(ImapMailbox::new(imap_settings(imap, poll)?)),
        (None, Some(folder)) => Box::new(
            FolderMailbox::open(folder).map_err(|cause| ConnectionError::Mailbox { name: name.clone(), cause })?,
        ),
        (None, None) => {
            return Err(ConnectionError::Mailbox {
                cause: MailboxError::Broken("it has neither imap nor folder".into()),
                name,
            });
        }
    };
    Ok(Watched { name, source, poll })
}

/// What carries messages out.
///
/// # Errors
///
/// [`ConnectionError`].
pub fn couriers(settings: &Settings, clock: &Clock) -> Result<Couriers, ConnectionError> {
    let chat: Option<Arc<dyn crate::replies::courier::Courier>> = match &settings.chat {
        Some(section) => {
            Some(Arc::new(TelegramCourier::new(telegram::bot(&secret(&section.token)?, section.api_url.as_ref())?)))
        }
        None => None,
    };
    match (&settings.sending.smtp, &settings.sending.folder) {
        (Some(smtp), _) => {
            Ok(Couriers { email: Arc::new(SmtpCourier::new(smtp_settings(smtp)?, clock.clone())?), chat })
        }
        (None, Some(folder)) => {
            let files = Arc::new(FolderCourier::new(folder, clock.clone()));
            let chat = chat.or_else(|| Some(files.clone()));
            Ok(Couriers { email: files, chat })
        }
        (None, None) => Err(ConnectionError::NoSender),
    }
}

/// What finds out itself whether senders are who they say, if that is configured.
///
/// # Errors
///
/// [`ConnectionError`].
pub fn verifier(settings: &Settings) -> Result<Option<Arc<Verifier>>, ConnectionError> {
    let identity = &settings.identity;
    match identity.verify {
        Verify::ReceivingServer => Ok(None),
        Verify::MailAuth => {
            Ok(Some(Arc::new(Verifier::new(&identity.name_servers, identity.trusted_servers.clone())?)))
        }
    }
}

/// The chat, if one is configured.
///
/// # Errors
///
/// [`ConnectionError`].
pub fn chat(settings: &Settings) -> Result<Option<TelegramSource>, ConnectionError> {
    let Some(section) = &settings.chat else { return Ok(None) };
    Ok(Some(TelegramSource::new(telegram::bot(&secret(&section.token)?, section.api_url.as_ref())?)))
}
