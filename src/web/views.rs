//! What the officers' pages show, as plain values: instants in UTC, days in London; the templates put both into words.

mod acknowledgement;
mod answer;
mod calendar;
mod contributions;
mod course;
mod documents;
mod files;
mod independence;
mod looked;
mod message;
mod queue;
mod seen;
mod sign_in;
mod sorting;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

pub use self::{
    acknowledgement::Acknowledgement,
    answer::{About, AnswerGiven, AnswerView, LetterView, StepLetter},
    calendar::{CalendarHealth, PromiseView},
    contributions::ContributionView,
    course::{ActionView, Barred, CourseView, EarlierAnswer, StepOffer},
    documents::{DocumentView, DocumentsView},
    files::{AttachmentView, FileStanding, FilesHealth},
    independence::{LineManager, SubjectView},
    looked::Looked,
    message::{ForwardedView, MessageView},
    queue::{
        FoundIn, QueueColumn, QueueCounts, QueueFilter, QueueOrder, QueuePage, QueueQuery, QueueRow, SavedView,
        Trouble, ViewAction,
    },
    seen::Seen,
    sign_in::{AlertsHealth, OpenAlert, TokenHealth},
    sorting::{OtherCase, Sorting},
};
pub use super::post_views::{
    FiledMessage, HeldLetter, LimitReached, NotDelivered, Quarantined, Undelivered, Untold, Waiting,
};
use super::{
    access::Role,
    joint_views::JointOfCase,
    people::People,
    safeguarding::{AlertsUnread, ProtectionView},
};
use crate::{
    ids::Uuid,
    labelling::labels::{Act, Procedure, Suggestion, Theme},
};

/// A duty of the council with its last day.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    /// What must be done, e.g. `Acknowledge`.
    pub what: String,
    /// Last day on which it is done in time.
    pub on: NaiveDate,
    /// Working days from today to that day: 0 today, negative when it has passed.
    pub working_days_left: i64,
    /// When it was done, if it was.
    pub done_at: Option<DateTime<Utc>>,
    /// The rule in words, e.g. `10 working days from the day the complaint was received`.
    pub rule: String,
    /// Where the rule stands, e.g. `SI 2006/1738, regulation 17(1)`.
    pub source: String,
}

/// Where a case stands, as far as the queue is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// The machine opened it; no officer has decided yet.
    ToConfirm,
    /// An officer decided; it is being dealt with.
    Open,
    /// An officer said that it is not a complaint.
    NotAComplaint,
    /// Ended.
    Closed,
}

/// One case with all that its page shows.
#[derive(Clone, Debug, Serialize)]
pub struct CaseView {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// When everything that says who was taken out of it.
    pub anonymised_at: Option<DateTime<Utc>>,
    /// The version an action must name; it changes with every change of the case.
    pub version: i64,
    /// The family's or complainant's name; `None` when nobody said it.
    pub family: Option<String>,
    /// Whose complaint it is, and who else is in it.
    pub people: People,
    /// What else it may belong to, or went into.
    pub sorting: Sorting,
    /// The joint complaint that it is in, or may be.
    pub joint: JointOfCase,
    /// The answer to the family.
    pub answer: AnswerView,
    /// How far it has come, and what may be done next.
    pub course: CourseView,
    /// Members of staff whom it is about, or may be.
    pub subjects: Vec<SubjectView>,
    /// How to reach them: address or chat, with what it is, e.g. (`Email`, `…@…`).
    pub contacts: Vec<(String, String)>,
    /// Where it stands.
    pub status: CaseStatus,
    /// What it is: the officer's decision, else the machine's suggestion.
    pub act: Act,
    /// Which procedure, likewise.
    pub procedure: Procedure,
    /// What it is mainly about, likewise.
    pub theme: Theme,
    /// A child complains for themselves.
    pub childs_own: bool,
    /// May describe a child at risk of harm.
    pub safeguarding: bool,
    /// The alert about that, and what belongs to it.
    pub protection: ProtectionView,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
    /// Where it was found: mailbox, chat or form.
    pub found_in: String,
    /// The officer who has it.
    pub assigned_to: Option<OfficerName>,
    /// The messages, oldest first.
    pub messages: Vec<MessageView>,
    /// What the machine thinks of the message that opened the case.
    pub suggestion: Option<Suggestion>,
    /// Why the machine made this a case of its own, in a sentence.
    pub matched_because: String,
    /// Every duty, the earliest due date first.
    pub dues: Vec<Due>,
    /// Dates that somebody was told and that the bank holidays have moved since.
    pub promises: Vec<PromiseView>,
    /// The acknowledgement.
    pub acknowledgement: Acknowledgement,
    /// The documents that officers added.
    pub documents: DocumentsView,
    /// What managers were asked, and what they said.
    pub contributions: Vec<ContributionView>,
    /// Its letters to the family, to be printed.
    pub papers: Vec<super::paper_views::PaperView>,
    /// What happened, newest first.
    pub history: Vec<HistoryEntry>,
    /// Who has looked at it, whoever looks now among them.
    pub looked: Vec<Looked>,
    /// What `Undo` would take back; `None` when there is nothing to undo.
    pub undo: Option<Undo>,
}

/// An officer, as far as a case shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficerName {
    /// The account.
    pub id: Uuid,
    /// As shown.
    pub name: String,
}

/// What `Undo` would take back.
#[derive(Clone, Debug, Serialize)]
pub struct Undo {
    /// In words, e.g. `Confirmed as a complaint`.
    pub what: String,
    /// Who did it; `None` when the machine did.
    pub by: Option<OfficerName>,
}

/// One thing that happened to a case.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryEntry {
    /// What, e.g. `Confirmed as a complaint`.
    pub title: String,
    /// Who: an officer's name, or `Heard`.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// More, e.g. the reason given; may be empty.
    pub detail: String,
}

/// An officer's account, without the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Officer {
    /// The account.
    pub id: Uuid,
    /// As shown to other officers.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// One line of the list of officers.
#[derive(Clone, Debug, Serialize)]
pub struct OfficerRow {
    /// The account.
    pub officer: Officer,
    /// May not sign in.
    pub disabled: bool,
    /// Last successful sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Cases they have that are not closed.
    pub open_cases: u64,
}

/// How the whole is doing.
#[derive(Clone, Debug, Serialize)]
pub struct HealthView {
    /// Every configured mailbox, chat and form.
    pub mailboxes: Vec<MailboxHealth>,
    /// Every source of sign-in tokens.
    pub tokens: Vec<TokenHealth>,
    /// Who is told when mail stands still.
    pub alerts: AlertsHealth,
    /// Messages that are stored and not yet read.
    pub unread: u64,
    /// Private messages in managers' mailboxes that were looked at and forgotten, ever.
    pub forgotten: u64,
    /// Letters on their way out.
    pub outbox: OutboxHealth,
    /// Messages that could not be read.
    pub quarantined: u64,
    /// Which model labels, e.g. `e5-small-0a1b2c3d+heads-3f2a9c41`.
    pub model: String,
    /// What is wrong with the model, in words; `None` when it answers.
    pub model_error: Option<String>,
    /// Files that come with messages.
    pub files: FilesHealth,
    /// How far the bank holidays are known.
    pub calendar: CalendarHealth,
    /// Alerts about children at risk that nobody has acknowledged.
    pub safeguarding: AlertsUnread,
}

/// How one mailbox is doing.
#[derive(Clone, Debug, Serialize)]
pub struct MailboxHealth {
    /// As configured.
    pub name: String,
    /// In words, e.g. `Complaints mailbox`, `Manager's mailbox (read only)`.
    pub kind: String,
    /// When it was last read to the end without a fault.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Messages known to wait in it.
    pub waiting: u64,
    /// What is wrong, in words; `None` when nothing is.
    pub error: Option<String>,
    /// Since when.
    pub error_since: Option<DateTime<Utc>>,
    /// What to do about it, in words; empty when nothing is wrong.
    pub advice: String,
    /// What was seen in it, and became of it.
    pub seen: Seen,
}

/// Letters on their way out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OutboxHealth {
    /// To be sent.
    pub waiting: u64,
    /// When the oldest of them was queued.
    pub oldest_waiting_at: Option<DateTime<Utc>>,
    /// Held back until an officer looks.
    pub held: u64,
    /// Refused for good.
    pub failed: u64,
    /// Sent, and come back.
    pub bounced: u64,
    /// The switch that stops all sending is on.
    pub stopped: bool,
    /// What went wrong with a letter that is tried again, in words.
    pub last_error: Option<String>,
    /// What to do about it, in words.
    pub advice: String,
}
