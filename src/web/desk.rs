//! The port behind the officers' pages: what they ask for and what they may have done. The store stands behind it;
//! tests put a desk in memory there.

use chrono::{DateTime, Utc};
use futures::{future::BoxFuture, stream::BoxStream};
use tokio_util::bytes::Bytes;

pub use super::views::{About, StepLetter, ViewAction};
use super::{
    account_views::Accounts,
    bundle_views::{BundleAsk, BundleView},
    figures::Figures,
    joint_views::{JointAction, Joints},
    paper_views::{Paper, Printing},
    rights_views::Rights,
    views::{
        CaseView, FiledMessage, HealthView, Officer, OfficerRow, Quarantined, QueuePage, QueueQuery, Undelivered,
        Waiting,
    },
};
use crate::{
    casework::{Asked, Given, Whom},
    ids::{CaseReference, Uuid},
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        documents::DocumentKind,
        event::{Group, Points, Safeguarding, Step},
    },
};

/// What an officer has done to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskAction {
    /// The suggestion is right.
    Confirm,
    /// It is dissatisfaction, but of another sort. Confirms as well.
    Reclassify {
        /// What it is.
        act: Act,
        /// Which procedure applies.
        procedure: Procedure,
        /// What it is mainly about.
        theme: Theme,
    },
    /// It is not dissatisfaction with the council's service.
    NotAComplaint {
        /// What it is instead; never a complaint or a concern.
        act: Act,
        /// Why, in the officer's words; never empty.
        reason: String,
    },
    /// Gives the case to an officer.
    Assign {
        /// To whom.
        to: Uuid,
    },
    /// The officer has told a family whom no letter can tell.
    Told {
        /// How, in the officer's words; never empty.
        why: String,
    },
    /// This is whose complaint it is.
    SetComplainant(Whom),
    /// The sender of a message that is to be verified is known: it belongs to the case.
    AcceptSender {
        /// The message.
        message: Uuid,
    },
    /// The complainant also writes from another address.
    SamePerson {
        /// Which.
        address: String,
    },
    /// An address that was taken for the complainant's is somebody else's.
    AnotherPerson {
        /// The contact with it.
        contact: Uuid,
    },
    /// These complain together with the complainant; `None`: nobody does.
    SetGroup(Option<Group>),
    /// These are the points of complaint, and what was found on each so far.
    SetPoints(Box<Points>),
    /// The points and findings of another case of the same joint complaint are taken over.
    TakePoints {
        /// Which.
        from: CaseReference,
    },
    /// The family gets the answer: by our letter, or another way.
    Answer {
        /// How.
        given: Given,
    },
    /// The answer takes longer, and the family is told.
    Extend {
        /// Why; never empty.
        reason: String,
        /// How they are told.
        given: Given,
    },
    /// A step of the procedure is taken.
    Step {
        /// Which.
        step: Box<Step>,
        /// How the family is told, if it is.
        given: Given,
    },
    /// The case is closed.
    Close {
        /// Why; never empty.
        reason: String,
    },
    /// A closed case is open again.
    Reopen {
        /// Why; never empty.
        reason: String,
    },
    /// The case is about a member of staff, or is not.
    SetSubject {
        /// A name in the staff directory, or a work address.
        who: String,
        /// It is.
        is: bool,
    },
    /// A line manager of somebody it is about may deal with it.
    AdmitManager {
        /// Their work address.
        email: String,
        /// Why, in the officer's words; never empty.
        reason: String,
    },
    /// This case and another are about one matter: the one that was received first takes the other in.
    Merge {
        /// The other.
        with: CaseReference,
    },
    /// The case that it may belong to is about another matter.
    KeepApart,
    /// Messages belong elsewhere.
    Move {
        /// Which.
        messages: Vec<Uuid>,
        /// Where; `None`: they are a case of their own.
        to: Option<CaseReference>,
    },
    /// Its problem is another than that of the joint complaint it is in.
    Untie,
    /// An alert is acknowledged, an allegation is marked, the Designated Officer was told, or an address is marked.
    Safeguarding(Safeguarding),
    /// Takes back the last thing that was done.
    Undo,
}

/// A document that an officer adds to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// What it is to be called; empty: as its kind is.
    pub name: String,
    /// What the file was called.
    pub file_name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// What an officer does with a letter that was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterAction {
    /// It goes out now.
    Send,
    /// It goes to another address.
    SendTo {
        /// Which.
        address: String,
    },
    /// It has arrived.
    Arrived {
        /// How the officer knows; never empty.
        why: String,
    },
    /// Whoever it is for was told another way.
    Told {
        /// How; never empty.
        why: String,
    },
    /// It is not sent, and nobody was told.
    Drop {
        /// Why; never empty.
        why: String,
    },
}

/// What an officer does with a message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailAction {
    /// It is read again.
    ReadAgain,
    /// It is nothing for us.
    SetAside {
        /// Why; never empty.
        why: String,
    },
}

/// An action took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The case's version now.
    pub version: i64,
    /// The case to go on with, where it is another one.
    pub go_on: Option<CaseReference>,
}

/// A file on its way to an officer.
pub struct Download {
    /// What it is called.
    pub name: String,
    /// What it is said to be: nothing that a browser would run.
    pub media_type: &'static str,
    /// Bytes.
    pub size: u64,
    /// The bytes, piece by piece.
    pub pieces: BoxStream<'static, std::io::Result<Bytes>>,
}

/// Why the desk did not answer. The texts are shown to officers.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such case, message or account.
    #[error("there is nothing under that reference")]
    NotFound,
    /// The case is no longer in the version that the officer saw.
    #[error("someone else changed this case while you were looking at it")]
    Changed,
    /// This officer may neither open nor be given the case (the rule is in the text).
    #[error("{0}")]
    Excluded(String),
    /// The procedure does not allow it now (the rule is in the text).
    #[error("{0}")]
    Refused(String),
    /// The database did not answer, or another fault. The text is for the log.
    #[error("the case store did not answer: {0}")]
    Unavailable(String),
}

/// An account as the sign-in needs it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub officer: Officer,
    /// PHC string (`$argon2id$…`); `None` when they sign in another way.
    pub password_hash: Option<String>,
    /// May not sign in.
    pub disabled: bool,
}

/// SHA-256 of the token in the cookie. The token itself is never kept.
pub type TokenHash = [u8; 32];

/// An officer who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub officer: Officer,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When they last asked for a page.
    pub seen_at: DateTime<Utc>,
}

/// What the officers' pages need from the rest of the program.
///
/// Times are handed in as `now`; nothing behind this looks at a clock.
pub trait Desk: Accounts + Figures + super::live::Live + Rights + Send + Sync {
    /// One page of the queue as `officer` sees it: cases they are excluded from are left out and not counted.
    fn queue<'a>(
        &'a self,
        query: &'a QueueQuery,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<QueuePage, DeskError>>;

    /// One case, to be shown: that `officer` looked at it is written down. [`DeskError::NotFound`] or [`DeskError::Excluded`] when there is none for this officer.
    fn case<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseView, DeskError>>;

    /// The same, not written down as a look: to decide whether an action may be done. What it holds is not shown.
    fn peek<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseView, DeskError>>;

    /// A file of a case, to be handed over: that `officer` opened it is written down. [`DeskError::Refused`] with the reason
    /// when it may not be opened.
    fn file<'a>(
        &'a self,
        reference: CaseReference,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Download, DeskError>>;

    /// Adds a document to a case: that `officer` did is written down. [`DeskError::Refused`] with the reason when it is not taken.
    /// A desk without files takes none.
    fn add_document<'a>(
        &'a self,
        _reference: CaseReference,
        _officer: &'a Officer,
        _document: NewDocument,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Refused("Files cannot be kept here.".to_owned())) })
    }

    /// A document of a case, to be handed over, like [`Desk::file`].
    fn document<'a>(
        &'a self,
        _reference: CaseReference,
        _id: Uuid,
        _officer: &'a Officer,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Download, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// A letter to the family, to be typeset: that `officer` prints it is written down.
    fn paper<'a>(
        &'a self,
        ask: Printing,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Paper, DeskError>>;

    /// What a bundle of a case could hold, to be shown: that the officer looked at it is written down. Files that hold one of `names`
    /// (and whether those of staff count) are marked; `None`: those that are proposed.
    fn bundle_list<'a>(
        &'a self,
        _of: (CaseReference, &'a Officer),
        _names: Option<(&'a [String], bool)>,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<BundleView, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// A bundle of a case, to be handed over: that `officer` made it is written down. [`DeskError::Refused`] with what is to be
    /// changed. A desk without files makes none.
    fn bundle<'a>(
        &'a self,
        _ask: BundleAsk,
        _officer: &'a Officer,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Download, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// Does `action` to the case if it is still in `version`.
    fn act<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Done, DeskError>>;

    /// The letter as it would go out now, by its template or in the officer's own `words`, without sending it. A desk without
    /// letters has none.
    ///
    /// # Errors
    ///
    /// [`DeskError::Refused`] when the step may not be taken.
    fn step_letter<'a>(
        &'a self,
        _reference: CaseReference,
        _officer: &'a Officer,
        _about: (About<'a>, Option<&'a str>),
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<StepLetter, DeskError>> {
        Box::pin(async { Ok(StepLetter::NoneGoes("There are no letters here.".to_owned())) })
    }

    /// What the link with this token asks a manager; that it was looked at is written down. [`DeskError::NotFound`] where it is not,
    /// or no longer, a link. A desk without letters has none.
    fn contribution(&self, _token: TokenHash, _now: DateTime<Utc>) -> BoxFuture<'_, Result<Asked, DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// Keeps what a manager says by the link with this token, once.
    fn contribute(
        &self,
        _token: TokenHash,
        _words: String,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    /// How the mailboxes, the outbox and the model are doing.
    fn health(&self, now: DateTime<Utc>) -> BoxFuture<'_, Result<HealthView, DeskError>>;

    /// The messages that could not be read, newest first, without their `head`.
    fn quarantine(&self) -> BoxFuture<'_, Result<Vec<Quarantined>, DeskError>>;

    /// One of them, with its `head`.
    fn quarantined(&self, id: Uuid) -> BoxFuture<'_, Result<Quarantined, DeskError>>;

    /// Does `action` to the message `id`; [`DeskError::NotFound`] when it is not among them any more.
    fn mend_mail<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: MailAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;

    /// The joint complaints, and what is suggested as one, as far as `officer` may deal with the cases.
    fn joints<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Result<Joints, DeskError>>;

    /// Ties cases together or says that a suggestion is none; the reference of the joint complaint. [`DeskError::NotFound`] when
    /// somebody else has decided on the suggestion.
    fn mend_joint<'a>(
        &'a self,
        officer: &'a Officer,
        action: JointAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<String>, DeskError>>;

    /// Keeps, renames or forgets a list of `officer`'s own. [`DeskError::Refused`] with the reason. A desk without a store keeps none.
    fn change_view<'a>(
        &'a self,
        _officer: &'a Officer,
        _action: ViewAction,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        Box::pin(async { Err(DeskError::Refused("Nothing can be kept here".to_owned())) })
    }

    /// What waits for `officer` on the pages about letters and mail.
    fn waiting<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Result<Waiting, DeskError>>;

    /// Everything that has not reached whom it is for, but of cases that `officer` may not deal with.
    fn undelivered<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Result<Undelivered, DeskError>>;

    /// Machines' messages that belong to no case, newest first.
    fn filed(&self) -> BoxFuture<'_, Result<Vec<FiledMessage>, DeskError>>;

    /// Makes a case of one of them, received when the message was; [`DeskError::NotFound`] when it is not among them any
    /// more.
    fn open_filed<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<CaseReference, DeskError>>;

    /// Does `action` to the letter `id`; [`DeskError::NotFound`] when it is not among them any more.
    fn mend_letter<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: LetterAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;

    /// Every officer, by name.
    fn officers(&self) -> BoxFuture<'_, Result<Vec<OfficerRow>, DeskError>>;

    /// The account that signs in with `email` (compared in lower case).
    fn account<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Account>, DeskError>>;

    /// Keeps that somebody tried to sign in to `officer`'s account, for the audit trail.
    fn record_sign_in(
        &self,
        officer: Uuid,
        succeeded: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<(), DeskError>>;

    /// Opens a session; `created_at` and `seen_at` are `now`.
    fn open_session(&self, token: TokenHash, officer: Uuid, now: DateTime<Utc>)
    -> BoxFuture<'_, Result<(), DeskError>>;

    /// The session under `token`, unless it has ended or its account is disabled. Its age is judged by the caller.
    fn session(&self, token: TokenHash) -> BoxFuture<'_, Result<Option<Session>, DeskError>>;

    /// Sets the session's `seen_at`.
    fn session_seen(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>>;

    /// Ends the session, if there is one.
    fn end_session(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), DeskError>>;

    /// Whether requests can be served now: the database answers.
    fn ready(&self) -> BoxFuture<'_, Result<(), DeskError>>;
}
