//! What a message says, once read: who wrote it, what they wrote now, what is quoted or forwarded, is it automatic.
//! Plain values; `heard parse` prints them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{bounce::Report, containers::Sealed};

/// A name and an address as they stand in a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Person {
    /// Display name, without quotes or control characters.
    pub name: Option<String>,
    /// `local@domain`, lower case; empty when the header gave a name alone.
    pub address: String,
}

/// How sure it is that the person named wrote the message that was passed on.
///
/// Only a sure author is written to before an officer has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Sureness {
    /// An officer must look: nobody is named, or the signs contradict each other. Also what readings stored before this
    /// was asked say.
    #[default]
    Doubtful,
    /// Named with an address, in a place that people can also fill by hand.
    Likely,
    /// Attached whole, or named with one address in the header that a mail program writes.
    Sure,
}

/// How sure an author is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Confidence {
    /// How sure.
    pub sureness: Sureness,
    /// What speaks for or against it, in words for officers.
    pub why: Vec<String>,
}

/// A message that somebody passes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Forwarded {
    /// Who wrote the original.
    pub from: Option<Person>,
    /// Whom it was sent to, as written.
    pub to: Option<String>,
    /// Whom it was copied to, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cc: Option<String>,
    /// When, in the forwarder's words or the attached message's `Date`.
    pub date: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its words, without what it quotes in turn.
    pub text: String,
    /// Its Message-ID without brackets, known when it is attached whole.
    pub message_id: Option<String>,
    /// All that stands below its header, what it quotes in turn included; None when that is no more than `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<String>,
    /// The lines above it as they stood, when it was not attached whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub header: String,
    /// How sure it is that `from` wrote it.
    #[serde(default)]
    pub confidence: Confidence,
    /// Who passed it on before the message's own author did, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_on_by: Vec<Person>,
}

/// A message that no person typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Automated {
    /// A delivery report (RFC 3464) or a plain-text bounce.
    Bounce,
    /// Out of office, vacation.
    OutOfOffice,
    /// Another automatic answer (RFC 3834).
    AutoReply,
    /// A read receipt (RFC 8098).
    ReadReceipt,
    /// A mailing list or bulk mail.
    List,
    /// A calendar answer.
    Calendar,
    /// Our own mail come back.
    Own,
    /// Some other machine's notice.
    Notice,
}

/// Why a message could be read in part only. The rest is in the stored message, which is kept whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beyond {
    /// Messages inside messages, or parts inside parts, too deep.
    Depth,
    /// Too many parts.
    Parts,
    /// A header of megabytes.
    Header,
    /// A text longer than anybody reads.
    Text,
    /// Too many words and small files in all.
    Size,
    /// The parser failed: only the header, and the text as it stands, were read.
    Broken,
    /// Only its beginning has come so far.
    Beginning,
}

impl Beyond {
    /// For officers, after "This message".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Depth => "has messages inside one another too deep to be read to the end",
            Self::Parts => "has too many parts to be read to the end",
            Self::Header => "has a header too large to be read to the end",
            Self::Text => "is too long to be shown to the end",
            Self::Size => "is too large to be read to the end",
            Self::Broken => "is damaged and was read only in part",
            Self::Beginning => "is too large to have come at once",
        }
    }
}

/// What an officer is told of a message that was read in part; None when it was read to the end.
#[must_use]
pub fn in_part(beyond: &[Beyond]) -> Option<String> {
    let (first, more) = beyond.split_first()?;
    let mut words = format!("this message {}", first.words());
    for more in more {
        words.push_str("; it also ");
        words.push_str(more.words());
    }
    Some(format!("{words}: its beginning is shown, and the whole of it is kept as it came"))
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name as given, or one made up from its type.
    pub filename: String,
    /// Media type, lower case.
    pub content_type: String,
    /// Decoded size in bytes.
    pub size: u64,
}

/// What was read from one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Reading {
    /// Who wrote it. None when the message does not say.
    pub author: Option<Person>,
    /// The `Date` header, when it is a date at all.
    pub date: Option<DateTime<Utc>>,
    /// Decoded subject on one line, empty when there is none.
    pub subject: String,
    /// What the author wrote now.
    pub visible_text: String,
    /// What stands below it from earlier messages.
    pub quoted_text: String,
    /// The message passed on, if one is.
    pub forwarded: Option<Forwarded>,
    /// Further messages passed on in the same one, by other people or about other things; `forwarded` is the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_forwarded: Vec<Forwarded>,
    /// It came by a web form: the author is the person named in it, not the form's sender.
    #[serde(default)]
    pub by_form: bool,
    /// Which kind of machine sent it, if one did.
    pub automated: Option<Automated>,
    /// The sign that said so, for officers; given whenever `automated` is.
    #[serde(default)]
    pub automated_because: Option<String>,
    /// It came through a mailing list, from a person.
    #[serde(default)]
    pub through_list: Option<String>,
    /// What a mail system says became of a message of ours.
    #[serde(default)]
    pub report: Option<Report>,
    /// Why no automatic answer may go out, in the order found; empty when one may.
    pub no_answer: Vec<String>,
    /// `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// Message-IDs it bore before a server gave it another one.
    #[serde(default)]
    pub earlier_ids: Vec<String>,
    /// `In-Reply-To` ids without brackets.
    pub in_reply_to: Vec<String>,
    /// `References` ids without brackets, oldest first, at most 50.
    pub references: Vec<String>,
    /// `To` and `Cc`.
    pub recipients: Vec<Person>,
    /// `Reply-To`, if given.
    pub reply_to: Option<Person>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// The limits that it went beyond; empty when it was read to the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<Beyond>,
    /// Why words of it cannot be read here, if so.
    #[serde(default)]
    pub sealed: Option<Sealed>,
    /// The receiving server's `Authentication-Results`, topmost only.
    pub authentication: Option<String>,
    /// SHA-256 (hex) over what stays the same from one delivery to another: author, date, subject, words, attachments.
    pub content_hash: String,
}
