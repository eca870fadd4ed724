//! What became of a case's acknowledgement.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What became of the acknowledgement.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Acknowledgement {
    /// Taken over by the mail or chat server.
    Sent {
        /// To which address or chat.
        to: String,
        /// When.
        at: DateTime<Utc>,
        /// What a mail system has said of it since, in words; empty when nothing.
        note: String,
    },
    /// Sent, and come back.
    CameBack {
        /// To which address.
        to: String,
        /// When it was sent.
        at: DateTime<Utc>,
        /// When it was reported.
        reported_at: DateTime<Utc>,
        /// Why, in words.
        why: String,
        /// What to do, in words.
        advice: String,
    },
    /// An officer told them in its place.
    ToldAnotherWay {
        /// When.
        at: DateTime<Utc>,
        /// How, in the officer's words.
        why: String,
    },
    /// None can be sent: an officer must tell them.
    ByHand {
        /// Why, in words.
        why: String,
    },
    /// In the outbox.
    Queued {
        /// To which address or chat.
        to: String,
        /// When the next attempt is made.
        next_try_at: DateTime<Utc>,
        /// What went wrong with the last attempt, if there was one.
        last_error: Option<String>,
    },
    /// Waits for an officer.
    Held {
        /// Why, in words.
        why: String,
        /// It is written and lies among the letters not sent; otherwise it is written when the case is confirmed.
        written: bool,
    },
    /// Refused for good.
    Failed {
        /// Why, in words.
        why: String,
    },
    /// None is sent.
    NotNeeded {
        /// Why, in words.
        why: String,
    },
}
