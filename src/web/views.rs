//! What the officers' pages show, as plain values: instants in UTC, days in London; the templates put both into words.

mod acknowledgement;
mod answer;
mod calendar;
mod course;
mod documents;
mod files;
mod independence;
mod message;
mod sign_in;
mod sorting;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

pub use self::{
    acknowledgement::Acknowledgement,
    answer::{AnswerGiven, AnswerView, LetterView},
    calendar::{CalendarHealth, PromiseView},
    course::{ActionView, CourseView, EarlierAnswer, StepOffer},
    documents::{DocumentView, DocumentsView},
    files::{AttachmentView, FileStanding, FilesHealth},
    independence::{LineManager, SubjectView},
    message::{ForwardedView, MessageView},
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

/// Which cases the queue shows. The word stands in the address (`?show=overdue`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QueueFilter {
    /// Opened by the machine, not yet confirmed, reclassified or set aside by an officer.
    #[default]
    ToConfirm,
    /// Assigned to the officer who looks, not closed.
    Mine,
    /// Assigned to nobody, not closed.
    Unassigned,
    /// Some due date has passed and the duty is not done.
    Overdue,
    /// May describe a child at risk of harm, not closed.
    Safeguarding,
    /// The same, and nobody has acknowledged it; closed ones too.
    UnreadAlert,
    /// A message came that nobody has acted on since, and that the case's officer has not seen.
    NewMessage,
    /// May be about the matter of another case: an officer is asked.
    Possible,
    /// Every case, closed ones too.
    All,
}

impl QueueFilter {
    /// Every filter, in the order shown.
    pub const ALL: [Self; 9] = [
        Self::UnreadAlert,
        Self::ToConfirm,
        Self::Mine,
        Self::NewMessage,
        Self::Possible,
        Self::Unassigned,
        Self::Overdue,
        Self::Safeguarding,
        Self::All,
    ];

    /// The word in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToConfirm => "to-confirm",
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Overdue => "overdue",
            Self::Safeguarding => "safeguarding",
            Self::UnreadAlert => "unread-alert",
            Self::NewMessage => "new-message",
            Self::Possible => "possible",
            Self::All => "all",
        }
    }

    /// The words on the page.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::ToConfirm => "To confirm",
            Self::Mine => "Mine",
            Self::Unassigned => "Unassigned",
            Self::Overdue => "Overdue",
            Self::Safeguarding => "Safeguarding",
            Self::UnreadAlert => "Safeguarding: nobody has acknowledged",
            Self::NewMessage => "New message",
            Self::Possible => "Possible matches",
            Self::All => "All cases",
        }
    }
}

/// In which order the queue comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueOrder {
    /// Safeguarding that nobody has acknowledged first (in every order), then safeguarding still to confirm, then what is still to confirm, then the rest; in each the earliest due date
    /// first, and without a due date last.
    #[default]
    DueFirst,
    /// The newest case first.
    NewestFirst,
}

/// One look at the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueQuery {
    /// Which cases.
    pub filter: QueueFilter,
    /// In which order.
    pub order: QueueOrder,
    /// Part of a reference, of a family's name, or of a file's name or words, trimmed, in any case; `None` for no search.
    pub search: Option<String>,
    /// Page, from 1.
    pub page: u32,
}

/// How many cases each filter finds, search not applied.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct QueueCounts {
    /// [`QueueFilter::ToConfirm`].
    pub to_confirm: u64,
    /// [`QueueFilter::Mine`].
    pub mine: u64,
    /// [`QueueFilter::Unassigned`].
    pub unassigned: u64,
    /// [`QueueFilter::Overdue`].
    pub overdue: u64,
    /// [`QueueFilter::Safeguarding`].
    pub safeguarding: u64,
    /// [`QueueFilter::UnreadAlert`].
    pub unread_alert: u64,
    /// [`QueueFilter::NewMessage`].
    pub new_message: u64,
    /// [`QueueFilter::Possible`].
    pub possible: u64,
    /// [`QueueFilter::All`].
    pub all: u64,
}

/// One page of the queue.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QueuePage {
    /// The cases of this page.
    pub rows: Vec<QueueRow>,
    /// How many cases there are on all pages of this filter and search.
    pub total: u64,
    /// How many cases a full page has.
    pub per_page: u64,
    /// Beside each filter.
    pub counts: QueueCounts,
    /// What is not as it should be, whichever cases are shown.
    pub trouble: Trouble,
}

/// What somebody must see to before the cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Mailboxes that have not been read for more than a quarter of an hour because of a fault.
    pub mailboxes: u64,
    /// Letters held back, refused or come back, and families whom no letter can tell.
    pub letters: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// Messages and files that have waited for more than a quarter of an hour to be kept or scanned.
    pub files: u64,
}

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

/// One case in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The family's or complainant's name; `None` when nobody said it.
    pub family: Option<String>,
    /// The subject, or the first words, of what opened the case.
    pub about: String,
    /// What it is: the officer's decision, else the machine's suggestion.
    pub act: Act,
    /// Which procedure, likewise.
    pub procedure: Procedure,
    /// Where it stands.
    pub status: CaseStatus,
    /// How likely the machine takes it to be dissatisfaction (0 to 1); `None` without a suggestion.
    pub dissatisfied: Option<f64>,
    /// The sentence that counted most for the suggestion; empty if there is none.
    pub because: String,
    /// May describe a child at risk of harm.
    pub safeguarding: bool,
    /// The same, and nobody has acknowledged it.
    pub unread_alert: bool,
    /// A message came that nobody has acted on since.
    pub new_message: bool,
    /// The message that opened it cannot be read here: it is encrypted.
    pub sealed: bool,
    /// The family has its answer.
    pub answered: bool,
    /// An officer must say whose complaint it is before anybody is written to.
    pub to_complete: bool,
    /// A message came from nobody in the case, and an officer must say whose it is.
    pub to_verify: bool,
    /// Reference of the case that it may belong to.
    pub may_belong: Option<String>,
    /// Why the message that came last is in it, e.g. `answers a message of this case`; empty if none came.
    pub joined_because: String,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
    /// The next duty that is not done.
    pub next_due: Option<Due>,
    /// Name of the mailbox, chat or form it was found in.
    pub found_in: String,
    /// Name of the officer who has it.
    pub assigned_to: Option<String>,
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
    /// Its letters to the family, to be printed.
    pub papers: Vec<super::paper_views::PaperView>,
    /// What happened, newest first.
    pub history: Vec<HistoryEntry>,
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
