//! What was seen in a mailbox, and what became of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Every message that was seen in a mailbox stands in one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// All of them.
    pub all: u64,
    /// In a case.
    pub in_cases: u64,
    /// A machine's, that belongs to no case: on the list of automatic mail.
    pub filed: u64,
    /// Nothing for us, by an officer, or without any words.
    pub set_aside: u64,
    /// Stored, and not read yet.
    pub unread: u64,
    /// Could not be read, or only in part: waits for an officer.
    pub unreadable: u64,
    /// A manager's mailbox: looked at and left alone. Nothing is kept of them but their number.
    pub forgotten: u64,
    /// When the oldest came that is not read yet.
    pub oldest_unread: Option<DateTime<Utc>>,
    /// When the message came that was stored last.
    pub last_came_at: Option<DateTime<Utc>>,
    /// When it was stored.
    pub last_stored_at: Option<DateTime<Utc>>,
}
