//! The port to a mailbox: messages after a position, oldest first, and a way to wait for more.
//!
//! The position is (mailbox, UIDVALIDITY, last UID) and nothing else: flags are never read or changed, so that a person
//! opening the mailbox hides nothing from us and we hide nothing from them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio_util::bytes::Bytes;

use crate::oauth::TokenError;

/// How far a mailbox has been read. UIDs only grow within one UIDVALIDITY (RFC 9051 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    /// The mailbox's UIDVALIDITY when `last_uid` was stored. A folder has one of its own, kept beside its index.
    pub uid_validity: u32,
    /// Every message up to this UID is settled.
    pub last_uid: u32,
}

/// One message as it lay in the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// UID within the batch's UIDVALIDITY.
    pub uid: u32,
    /// When the council's server received it (INTERNALDATE), not what the sender's `Date` says.
    pub arrived_at: DateTime<Utc>,
    /// The message's bytes. Only the beginning if `whole_size` is more.
    pub raw: Vec<u8>,
    /// Size on the server in bytes when it was too big to fetch whole.
    pub cut_from: Option<u64>,
}

/// What a mailbox gave: messages oldest first, without a gap before the last of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// UIDVALIDITY that the UIDs belong to. If it differs from the position's, reading began at the first message again.
    pub uid_validity: u32,
    /// The messages, by rising UID.
    pub messages: Vec<Arrived>,
    /// How many messages are known to wait behind these.
    pub waiting: u64,
}

/// A message as far as a list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// UID within the listing's UIDVALIDITY.
    pub uid: u32,
    /// When the council's server received it.
    pub arrived_at: DateTime<Utc>,
}

/// Which messages lie in a mailbox now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// UIDVALIDITY that the UIDs belong to.
    pub uid_validity: u32,
    /// The messages, by rising UID.
    pub messages: Vec<Listed>,
}

/// Bounds of one batch.
#[derive(Clone, Copy, Debug)]
pub struct BatchLimits {
    /// At most so many messages.
    pub messages: usize,
    /// Stop adding messages when so many bytes are held.
    pub bytes: u64,
    /// Of a message above this size (bytes) only the beginning, up to `cut_to`, comes with the batch: its case is raised at
    /// once, and the rest comes by [`Mailbox::whole`].
    pub whole_up_to: u64,
    /// How much of a too big message is fetched (bytes).
    pub cut_to: u64,
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self { messages: 50, bytes: 32 * 1024 * 1024, whole_up_to: 5 * 1024 * 1024, cut_to: 1024 * 1024 }
    }
}

/// What went wrong with a mailbox, in words for the health page and for `heard doctor`.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The name does not resolve, or nothing answers there.
    #[error("cannot reach {host}:{port}: {cause}")]
    Unreachable {
        /// Host as configured.
        host: String,
        /// Port as configured.
        port: u16,
        /// What the system said.
        cause: String,
    },
    /// TLS failed: expired, wrong name, unknown authority.
    #[error("the TLS connection to {host} was refused: {cause}")]
    Tls {
        /// Host as configured.
        host: String,
        /// What the TLS library said.
        cause: String,
    },
    /// User name or password wrong, or the login is not allowed.
    #[error("{host} refused the sign-in of {user}: {cause}")]
    SignIn {
        /// Host as configured.
        host: String,
        /// User as configured.
        user: String,
        /// What the server said.
        cause: String,
    },
    /// There is no token to sign in with.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The folder does not exist or may not be opened.
    #[error("the folder \"{folder}\" cannot be opened: {cause}")]
    Folder {
        /// Folder as configured.
        folder: String,
        /// What the server said.
        cause: String,
    },
    /// The server went silent, closed the connection, or broke the protocol. Worth another try.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// No answer within the time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The message is no longer there.
    #[error("the message is no longer in the mailbox")]
    Gone,
    /// The server lists the message, but does not give it.
    #[error("the server lists a large message but does not give it")]
    Withheld,
}

/// A place that messages are read from. One connection, used by one task.
pub trait Mailbox: Send {
    /// The messages after `position` (all of them when `None`), oldest first, within `limits`.
    ///
    /// # Errors
    ///
    /// [`MailboxError`]; whatever was fetched before the fault is returned by the next call.
    fn after(&mut self, position: Option<Position>, limits: BatchLimits) -> BoxFuture<'_, Result<Batch, MailboxError>>;

    /// All bytes of the message at `place`, piece by piece from the first on, none of them longer than a few mebibytes.
    ///
    /// # Errors
    ///
    /// [`MailboxError::Gone`] when it was removed, or the UIDs were given anew; [`MailboxError`] as for [`Mailbox::after`].
    fn whole(&mut self, _place: Position) -> BoxStream<'_, Result<Bytes, MailboxError>> {
        futures::stream::once(async { Err(MailboxError::Gone) }).boxed()
    }

    /// The messages that arrived from `from` to just before `to`, without a word of them.
    ///
    /// # Errors
    ///
    /// [`MailboxError`] as for [`Mailbox::after`].
    fn list(&mut self, _from: DateTime<Utc>, _to: DateTime<Utc>) -> BoxFuture<'_, Result<Listing, MailboxError>> {
        Box::pin(async { Err(MailboxError::Broken("this mailbox cannot be listed".to_owned())) })
    }

    /// Returns when there may be something new, or after `at_most`.
    ///
    /// # Errors
    ///
    /// [`MailboxError`] when the connection broke meanwhile.
    fn wait(&mut self, at_most: Duration) -> BoxFuture<'_, Result<(), MailboxError>>;
}
