//! Messages in chats, made ready like mail.

use chrono::{DateTime, Utc};

use super::{Prepared, sha256};
use crate::{
    casework::Office,
    ids::Uuid,
    intake::{
        body,
        reading::{Attachment, Reading},
        telegram,
    },
    labelling::{
        classifier::Unlabelled,
        context::{Context, Door, Sender},
    },
    replies::token::keyed_hash,
    store::intake::Representation,
};

/// A message in a chat, wherever it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatMessage {
    /// Unique among all chat messages, e.g. `tg:<chat>:<message>`.
    pub id: String,
    /// Where answers go: `telegram:<chat>`.
    pub address: String,
    /// Who wrote it, as they call themselves.
    pub from_name: Option<String>,
    /// When.
    pub date: DateTime<Utc>,
    /// Their words.
    pub text: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Why nothing may be answered; empty when something may.
    pub no_answer: Vec<String>,
    /// A machine wrote it, or it says nothing (a button, the start command).
    pub silent: bool,
    /// The message whose text it changes.
    pub changes: Option<String>,
}

impl From<telegram::ChatLine> for ChatMessage {
    fn from(line: telegram::ChatLine) -> Self {
        let mut no_answer = Vec::new();
        if line.from_bot {
            no_answer.push("another program wrote it".to_owned());
        }
        if !line.is_private {
            no_answer.push("in a group nothing about a case may be said".to_owned());
        }
        // An edited message is told apart by when it was changed; the first text stays as received.
        let first = format!("tg:{}:{}", line.chat_id, line.message_id);
        let (id, changes) =
            if line.is_edit { (format!("{first}:{}", line.date.timestamp()), Some(first)) } else { (first, None) };
        // A database may refuse a zero byte, in words as in a file's name.
        let clean = |file: Attachment| Attachment { filename: body::clean(&file.filename), ..file };
        Self {
            id,
            changes,
            address: format!("telegram:{}", line.chat_id),
            from_name: Some(line.from_name).filter(|name| !name.is_empty()),
            date: line.date,
            text: body::clean(&line.text),
            attachments: line.attachments.into_iter().map(|attachment| clean(attachment.file)).collect(),
            no_answer,
            silent: line.from_bot || line.is_start_command,
        }
    }
}

/// Prepares a chat message found in `source`.
#[must_use]
pub fn chat(office: &Office, source: &str, message: ChatMessage) -> Prepared {
    let content_hash = sha256(&message.text);
    let content_key = format!("{}|{content_hash}", message.id);
    Prepared {
        forgotten_hash: keyed_hash(office.keys.current(), "forgotten", &content_key),
        to_label: Unlabelled {
            subject: String::new(),
            text: message.text.clone(),
            context: Context { sender: Sender::Outside, door: Door::Chat, automatic: message.silent },
        },
        // A changed message belongs where the first one is, however long ago that was.
        points_at: message.changes.into_iter().collect(),
        quotes: Vec::new(),
        automated: message.silent,
        passes_on: false,
        by_staff: false,
        speaker: Some(message.address.clone()),
        claimed: false,
        answered: None,
        unsure: None,
        disowned: false,
        others: Vec::new(),
        representation: Representation {
            id: Uuid::now_v7(),
            content_key,
            words_key: None,
            message_id: Some(message.id),
            channel: "chat",
            mailbox: source.to_owned(),
            received_at: message.date,
            author_name: message.from_name,
            author_address: Some(message.address),
            passed_on_by: None,
            reading: Reading {
                date: Some(message.date),
                visible_text: message.text,
                content_hash,
                attachments: message.attachments,
                no_answer: message.no_answer,
                ..Reading::default()
            },
            state: "in-case",
            why: String::new(),
        },
    }
}
