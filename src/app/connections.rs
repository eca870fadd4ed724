//! From the configuration to what is connected: mailboxes, the sender, the chat.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use toml::Spanned;

use crate::{
    alerts::{
        channels::{Channel, ChatChannel, Webhook},
        conditions::{Rules, WatchedBox},
        words::Letterhead,
    },
    clock::Clock,
    config::{ImapSection, MailboxSection, SecretSource, Settings, SmtpSection, Verify, alerts_url},
    intake::{
        channel::ChatService,
        folder::FolderMailbox,
        imap::{ImapAuth, ImapMailbox, ImapSettings},
        mailbox::{Mailbox, MailboxError},
        telegram::{self, ChatError, TelegramSource},
        verify::{Verifier, VerifierError},
    },
    oauth::{Exchange, ExchangeSettings, Grant, TokenSource, Vault},
    replies::{
        courier::Courier,
        folder::FolderCourier,
        mime::ReturnPath,
        smtp::{SmtpCourier, SmtpSettings, SmtpSignIn},
        telegram::TelegramCourier,
    },
    tls::{Security, TlsSetupError},
    workers::{Alerting, Couriers, Watched},
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
    /// No password and no tokens.
    #[error("{0} has neither password nor oauth")]
    NoSignIn(&'static str),
    /// Where alerts go.
    #[error("[alerts]: {0}")]
    Alerts(String),
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

/// Where sign-in tokens come from, by the names in the configuration.
#[derive(Clone, Debug, Default)]
pub struct Tokens(BTreeMap<String, TokenSource>);

impl Tokens {
    /// Every source of the configuration; asks nobody yet. Refresh tokens are kept in `vault`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::Tls`].
    pub fn open(settings: &Settings, vault: &Arc<dyn Vault>, clock: &Clock) -> Result<Self, ConnectionError> {
        let source = |(name, section): (&String, &crate::config::OauthSection)| {
            let exchange = Exchange::new(ExchangeSettings {
                token_url: section.token_url.get_ref().clone(),
                client_id: section.client_id.trim().to_owned(),
                client_secret: section.client_secret.clone(),
                scope: section.scope.clone(),
                extra_ca: section.ca_file.clone(),
            })?;
            let grant = section.refresh_token.clone().map_or(Grant::Client, Grant::Refresh);
            Ok((name.clone(), TokenSource::new(name, grant, exchange, Arc::clone(vault), clock.clone())))
        };
        Ok(Self(settings.oauth.iter().map(source).collect::<Result<_, ConnectionError>>()?))
    }

    /// All of them.
    #[must_use]
    pub fn sources(&self) -> Vec<TokenSource> {
        self.0.values().cloned().collect()
    }

    /// Waits until no source is asking any more, and lets none ask again.
    pub async fn end(&self) {
        let ends = self.0.values().map(TokenSource::end);
        // What hangs longer waits for another program's turn, and has spent nothing.
        let _ = tokio::time::timeout(TIMEOUT, futures::future::join_all(ends)).await;
    }

    /// The one that a section names.
    #[must_use]
    pub fn named(&self, name: Option<&Spanned<String>>) -> Option<TokenSource> {
        self.0.get(name?.get_ref()).cloned()
    }
}

/// How to reach an IMAP server.
///
/// # Errors
///
/// [`ConnectionError::Secret`].
pub fn imap_settings(section: &ImapSection, poll: Duration, tokens: &Tokens) -> Result<ImapSettings, ConnectionError> {
    let auth = match (&section.password, tokens.named(section.oauth.as_ref())) {
        (Some(password), _) => ImapAuth::Password(secret(password)?),
        (None, Some(source)) => ImapAuth::Token(source),
        (None, None) => return Err(ConnectionError::NoSignIn("imap")),
    };
    let usual = if section.security == Security::Tls { 993 } else { 143 };
    Ok(ImapSettings {
        host: section.host.clone(),
        port: section.port.unwrap_or(usual),
        security: section.security,
        user: section.user.clone(),
        auth,
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
pub fn smtp_settings(section: &SmtpSection, tokens: &Tokens) -> Result<SmtpSettings, ConnectionError> {
    let sign_in = match (section.user.clone(), &section.password, tokens.named(section.oauth.as_ref())) {
        (None, ..) => None,
        (Some(user), Some(password), _) => Some(SmtpSignIn::Password { user, password: secret(password)? }),
        (Some(user), None, Some(source)) => Some(SmtpSignIn::Token { user, source }),
        (Some(_), None, None) => return Err(ConnectionError::NoSignIn("smtp")),
    };
    let usual = match section.security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::PlainLoopback => 25,
    };
    Ok(SmtpSettings {
        host: section.host.clone(),
        port: section.port.unwrap_or(usual),
        security: section.security,
        sign_in,
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
pub fn mailboxes(settings: &Settings, tokens: &Tokens) -> Result<Vec<Watched>, ConnectionError> {
    settings.mailboxes.iter().map(|section| watched(section, tokens)).collect()
}

/// A connection of its own to one of them by its name; None if it is not configured.
#[must_use]
pub fn mailbox(settings: &Settings, tokens: &Tokens, name: &str) -> Option<Result<Box<dyn Mailbox>, MailboxError>> {
    let section = settings.mailboxes.iter().find(|section| section.name.get_ref() == name)?;
    if let (None, Some(folder)) = (&section.imap, &section.folder) {
        return Some(FolderMailbox::open_to_look(folder).map(|folder| Box::new(folder) as Box<dyn Mailbox>));
    }
    let opened = watched(section, tokens).map(|watched| watched.source);
    Some(opened.map_err(|fault| match fault {
        ConnectionError::Mailbox { cause, .. } => cause,
        other => MailboxError::Broken(other.to_string()),
    }))
}

fn watched(section: &MailboxSection, tokens: &Tokens) -> Result<Watched, ConnectionError> {
    let name = section.name.get_ref().clone();
    let poll = Duration::from_secs(section.poll_seconds.max(1));
    let source: Box<dyn Mailbox> = match (&section.imap, &section.folder) {
        (Some(imap), _) => Box::new(ImapMailbox::new(imap_settings(imap, poll, tokens)?)),
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
pub fn couriers(settings: &Settings, tokens: &Tokens, clock: &Clock) -> Result<Couriers, ConnectionError> {
    let chat = chat_courier(settings)?;
    match (&settings.sending.smtp, &settings.sending.folder) {
        (Some(smtp), _) => {
            Ok(Couriers { email: Arc::new(SmtpCourier::new(smtp_settings(smtp, tokens)?, clock.clone())?), chat })
        }
        (None, Some(folder)) => {
            let files = Arc::new(FolderCourier::new(folder, clock.clone()));
            let chat = chat.or_else(|| Some(files.clone()));
            Ok(Couriers { email: files, chat })
        }
        (None, None) => Err(ConnectionError::NoSender),
    }
}

/// What says something in chats, if a bot is configured.
///
/// # Errors
///
/// [`ConnectionError`].
pub fn chat_courier(settings: &Settings) -> Result<Option<Arc<dyn Courier>>, ConnectionError> {
    let Some(section) = &settings.chat else { return Ok(None) };
    let bot = telegram::bot(&secret(&section.token)?, section.api_url.as_ref())?;
    Ok(Some(Arc::new(TelegramCourier::new(bot))))
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
pub fn chat(settings: &Settings) -> Result<Option<Arc<dyn ChatService>>, ConnectionError> {
    let Some(section) = &settings.chat else { return Ok(None) };
    Ok(Some(Arc::new(TelegramSource::new(telegram::bot(&secret(&section.token)?, section.api_url.as_ref())?))))
}

/// Who is told, on another channel than mail, what keeps mail from being read or sent; None when nobody is to be.
///
/// # Errors
///
/// [`ConnectionError`].
pub fn alerting(
    settings: &Settings,
    chat: Option<&Arc<dyn Courier>>,
    started: DateTime<Utc>,
) -> Result<Option<Alerting>, ConnectionError> {
    let Some(section) = &settings.alerts else { return Ok(None) };
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    if let (Some(number), Some(courier)) = (&section.telegram_chat, chat) {
        channels.push(Arc::new(ChatChannel::new(Arc::clone(courier), *number.get_ref())));
    }
    if let Some(source) = &section.webhook {
        let url = alerts_url(&secret(source)?).map_err(ConnectionError::Alerts)?;
        let body = serde_json::from_str(section.webhook_body.get_ref())
            .map_err(|fault| ConnectionError::Alerts(format!("webhook_body is not JSON: {fault}")))?;
        channels.push(Arc::new(Webhook::new(&url, body)?));
    }
    let named = |name: &Option<Spanned<String>>| name.as_ref().map(|name| name.get_ref().clone());
    let mut mailboxes: Vec<WatchedBox> = settings
        .mailboxes
        .iter()
        .map(|mailbox| WatchedBox {
            name: mailbox.name.get_ref().clone(),
            poll: TimeDelta::seconds(i64::try_from(mailbox.poll_seconds).unwrap_or(i64::from(u32::MAX))),
            tokens: mailbox.imap.as_ref().and_then(|imap| named(&imap.oauth)),
        })
        .collect();
    if settings.chat.is_some() {
        mailboxes.push(WatchedBox { name: "telegram".to_owned(), poll: TimeDelta::minutes(1), tokens: None });
    }
    let rules = Rules {
        after: TimeDelta::minutes(i64::from(section.alert_after_minutes)),
        repeat: TimeDelta::hours(i64::from(section.repeat_hours)),
        started,
        mailboxes,
        sending_tokens: settings.sending.smtp.as_ref().and_then(|smtp| named(&smtp.oauth)),
        sending: settings.sending.enabled,
    };
    let head = Letterhead {
        council: settings.council.name.clone(),
        page: settings.web.public_url.join("health").map_or_else(|_| settings.web.public_url.to_string(), String::from),
        repeat_hours: section.repeat_hours,
    };
    Ok(Some(Alerting { rules, head, channels }))
}
