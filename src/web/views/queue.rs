//! The queue, as its page shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{CaseStatus, Due};
use crate::{
    ids::Uuid,
    labelling::labels::{Act, Procedure},
    search::Piece,
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
    /// Some date has passed and what was to be done is not: a duty, an action, a panel, a look again.
    Overdue,
    /// Such a date is near.
    DueSoon,
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
    pub const ALL: [Self; 10] = [
        Self::UnreadAlert,
        Self::ToConfirm,
        Self::Mine,
        Self::NewMessage,
        Self::Possible,
        Self::Unassigned,
        Self::Overdue,
        Self::DueSoon,
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
            Self::DueSoon => "due-soon",
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
            Self::DueSoon => "Due soon",
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
    /// Safeguarding that nobody has acknowledged first, then children's own complaints (both in every order), then safeguarding still
    /// to confirm, then what is still to confirm, then the rest; in each the earliest date first, and without a date last.
    #[default]
    DueFirst,
    /// The newest case first.
    NewestFirst,
    /// By a column.
    By {
        /// Which.
        column: QueueColumn,
        /// The smallest, the first of the alphabet, or the earliest first.
        up: bool,
    },
}

impl QueueOrder {
    /// The word in the address (`?order=family-down`); empty for what is due first.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::DueFirst => String::new(),
            Self::NewestFirst => "newest".to_owned(),
            Self::By { column, up } => format!("{}{}", column.as_str(), if up { "" } else { "-down" }),
        }
    }
}

/// A list that an officer keeps under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedView {
    /// Its key.
    pub id: Uuid,
    /// What they call it.
    pub name: String,
    /// Which cases, as the word in the address.
    pub filter: String,
    /// In which order, likewise; empty for the usual one.
    pub order: String,
}

/// What an officer does with a list that they keep under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewAction {
    /// It is kept; what had the name before is replaced.
    Save {
        /// The name; never empty.
        name: String,
        /// Which cases.
        filter: QueueFilter,
        /// In which order.
        order: QueueOrder,
    },
    /// It has another name.
    Rename {
        /// Which.
        id: Uuid,
        /// The name; never empty.
        name: String,
    },
    /// It is not needed any more.
    Delete {
        /// Which.
        id: Uuid,
    },
}

/// A column of the queue that it can be sorted by. Safeguarding that nobody has acknowledged stays first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueColumn {
    /// The reference.
    Reference,
    /// Whom it is from, by name.
    Family,
    /// Where it stands, and what it is.
    State,
    /// Which procedure.
    Procedure,
    /// The next date.
    Next,
    /// When it was received.
    Received,
    /// Who has it, by name.
    With,
}

impl QueueColumn {
    /// Every column, in the order shown.
    pub const ALL: [Self; 7] =
        [Self::Reference, Self::Family, Self::State, Self::Procedure, Self::Next, Self::Received, Self::With];

    /// The word in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Family => "family",
            Self::State => "state",
            Self::Procedure => "procedure",
            Self::Next => "next",
            Self::Received => "received",
            Self::With => "with",
        }
    }
}

/// One look at the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueQuery {
    /// Which cases.
    pub filter: QueueFilter,
    /// In which order.
    pub order: QueueOrder,
    /// Words to be found anywhere in a case, trimmed; `None` for no search. What is due first is then what was found best.
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
    /// [`QueueFilter::DueSoon`].
    pub due_soon: u64,
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
    /// The lists that the officer keeps.
    pub views: Vec<SavedView>,
    /// The search found more cases than it looks at; these are the newest.
    pub found_more: bool,
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

/// One case in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The version that an action must name.
    pub version: i64,
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
    /// A child complains for themselves.
    pub childs_own: bool,
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
    /// What is to be done next, and by when.
    pub next_due: Option<Due>,
    /// Name of the mailbox, chat or form it was found in.
    pub found_in: String,
    /// Name of the officer who has it.
    pub assigned_to: Option<String>,
    /// Where the words of the search stand in it.
    pub found: Option<FoundIn>,
}

/// Where the words of a search stand in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundIn {
    /// `a message`, `people`, `notes` or the name of a file.
    pub place: String,
    /// The words around them, as plain text.
    pub pieces: Vec<Piece>,
}
