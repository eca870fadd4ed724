//! What the pages about letters and mail show: what did not arrive, what could not be read, what machines wrote.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::ids::Uuid;

/// What waits on the pages about letters and mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Letters that were not delivered, and families whom no letter can tell.
    pub undelivered: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// Problems that several families may have, of which no officer has said so or not.
    pub joint: u64,
}

/// Everything that has not reached whom it is for.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Undelivered {
    /// Limits that were reached.
    pub limits: Vec<LimitReached>,
    /// Letters: alerts first, then the oldest.
    pub letters: Vec<HeldLetter>,
    /// Families whom no letter can tell, the oldest case first.
    pub untold: Vec<Untold>,
}

/// A limit that held letters back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitReached {
    /// Which, in words.
    pub what: String,
    /// The setting that changes it.
    pub setting: String,
    /// How many letters wait because of it.
    pub held: u64,
    /// When the oldest of them was written.
    pub since: DateTime<Utc>,
}

/// Why a letter has not reached whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotDelivered {
    /// It was sent, and a mail system says with our key that it did not arrive.
    CameBack,
    /// The next server refused it.
    Refused,
    /// A report without our key says that it did not arrive.
    PerhapsCameBack,
    /// It was on its way when the program ended.
    InDoubt,
    /// A limit was reached.
    HeldBack,
    /// Nothing goes to its address before an officer has looked.
    DoNotReply,
    /// What goes with it is not there, or may not go.
    Enclosure,
}

/// A letter that has not reached whom it is for.
#[derive(Clone, Debug, Serialize)]
pub struct HeldLetter {
    /// Its key.
    pub id: Uuid,
    /// The case; `None` for a letter without one.
    pub reference: Option<String>,
    /// What it is, e.g. `Acknowledgement`.
    pub kind: String,
    /// To which address or chat.
    pub to: String,
    /// What happened to it.
    pub how: NotDelivered,
    /// Why, in words.
    pub why: String,
    /// What the mail system said, as it said it; may be empty.
    pub said: String,
    /// What to do, in words; may be empty.
    pub advice: String,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When it was reported.
    pub reported_at: Option<DateTime<Utc>>,
    /// It can be sent: not the acknowledgement of a case that was decided to be no complaint.
    pub may_send: bool,
    /// It can be sent to another address.
    pub may_correct: bool,
    /// It may have arrived.
    pub may_arrive: bool,
    /// It can be decided that it is not sent: it was refused or came back, or its case is no complaint.
    pub may_drop: bool,
}

/// A family whom no letter can tell that we have their complaint.
#[derive(Clone, Debug, Serialize)]
pub struct Untold {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// Their name; `None` when nobody said it.
    pub family: Option<String>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The version an action must name.
    pub version: i64,
}

/// A machine's message that belongs to no case.
#[derive(Clone, Debug, Serialize)]
pub struct FiledMessage {
    /// Its key.
    pub id: Uuid,
    /// Who it names as its author; may be empty.
    pub from: String,
    /// Subject; may be empty.
    pub subject: String,
    /// How its words begin; may be empty.
    pub words: String,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// Where it was found.
    pub found_in: String,
    /// Which machine sent it and what says so, in words.
    pub because: String,
}

/// A message that could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct Quarantined {
    /// Its key.
    pub id: Uuid,
    /// Where it was found.
    pub mailbox: String,
    /// When the council's server received it.
    pub arrived_at: DateTime<Utc>,
    /// Size in bytes.
    pub size: u64,
    /// Why it could not be read, in words.
    pub why: String,
    /// The first 4,000 bytes, as text; empty in the list.
    pub head: String,
    /// It lies in a manager's mailbox: set aside, nothing of it is kept.
    pub private: bool,
    /// It was read as far as a limit.
    pub in_part: bool,
    /// The case that what was read of it is in.
    pub reference: Option<String>,
}
