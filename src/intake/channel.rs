//! The port to a chat service: what came, that a button was noticed, and the files. What is said goes out by a
//! [`Courier`](crate::replies::courier::Courier). Whoever adds another service writes these two, and [`heard`] for its updates.

use std::{fmt, io};

use chrono::{DateTime, Utc};
use futures::{future::BoxFuture, stream::BoxStream};
use serde_json::Value;
use tokio_util::bytes::Bytes;

use super::{
    prepare::ChatMessage,
    telegram::{self, ChatError, ChatFile},
};

/// The mailbox name of Telegram's updates.
pub const TELEGRAM: &str = "telegram";

/// Whether this is the address of a chat, not of a mailbox: that of a chat begins with its service.
#[must_use]
pub fn is_chat(address: &str) -> bool {
    address.starts_with("telegram:")
}

/// The pieces of a file.
pub type FileStream = BoxStream<'static, io::Result<Bytes>>;

/// One update as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawUpdate {
    /// Its number: the next call's offset is one more.
    pub update_id: i64,
    /// All of it.
    pub json: Value,
}

/// A chat service.
pub trait ChatService: fmt::Debug + Send + Sync {
    /// The mailbox name of its updates.
    fn mailbox(&self) -> &'static str;

    /// The updates from number `offset` on, oldest first; waits up to `seconds` while there is none. This confirms every update
    /// before `offset`: the service forgets them.
    fn updates(&self, offset: Option<i64>, seconds: u32) -> BoxFuture<'_, Result<Vec<RawUpdate>, ChatError>>;

    /// Lets somebody who pressed a button see that it was noticed, if `update` is such a press. Called when the update is stored; a
    /// fault is nobody's trouble.
    fn noticed<'a>(&'a self, update: &'a Value) -> BoxFuture<'a, ()>;

    /// A file that came with a message, in pieces.
    fn file<'a>(&'a self, file_id: &'a str) -> BoxFuture<'a, Result<FileStream, ChatError>>;

    /// The largest file that the service hands over (bytes).
    fn largest_file(&self) -> u64;
}

/// What an update says.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Somebody wrote, or changed what they wrote.
    Wrote(Box<Wrote>),
    /// Somebody pressed a button below a message of ours.
    Pressed(Pressed),
    /// Somebody took messages back.
    TookBack {
        /// The chat: its address.
        chat: String,
        /// Which: the ids that [`ChatMessage`] gave them.
        messages: Vec<String>,
        /// When, as far as it is known.
        at: DateTime<Utc>,
    },
    /// Somebody shut the bot out.
    ShutOut {
        /// The chat: its address.
        chat: String,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What somebody wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrote {
    /// The message.
    pub message: ChatMessage,
    /// A chat with this one person.
    pub private: bool,
    /// They pressed Start.
    pub start: bool,
    /// The language of their app.
    pub language: Option<String>,
    /// A file is larger than the service hands over.
    pub too_large: bool,
}

/// A button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The chat: its address.
    pub chat: String,
    /// A chat with this one person.
    pub private: bool,
    /// The word that the button sends; anybody can send any.
    pub word: String,
    /// The language of their app.
    pub language: Option<String>,
}

/// What an update of `mailbox` says; None when nobody says anything in it.
#[must_use]
pub fn heard(mailbox: &str, update: &Value, arrived_at: DateTime<Utc>) -> Option<Heard> {
    match mailbox {
        TELEGRAM => telegram::heard(update, arrived_at),
        _ => None,
    }
}

/// The files of the message in an update of `mailbox`.
#[must_use]
pub fn files_of(mailbox: &str, update: &Value) -> Vec<ChatFile> {
    match mailbox {
        TELEGRAM => telegram::read_update(update).map(|line| line.attachments).unwrap_or_default(),
        _ => Vec::new(),
    }
}
