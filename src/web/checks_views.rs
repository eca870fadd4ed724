//! The port behind the pages about checks of what was left alone, and what they show.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::Serialize;

use super::{
    desk::DeskError,
    views::{ForwardedView, Officer},
};
use crate::{
    elusion::{check::Verdict, sample::Span},
    ids::{CaseReference, Uuid},
};

/// A manager's mailbox that can be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManagersMailbox {
    /// Configured name.
    pub name: String,
    /// Its address: whoever signs in with it owns it. Empty if it is not configured.
    pub address: String,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentView {
    /// Who gave it.
    pub by: String,
    /// How, in words; none when the owner did so on these pages.
    pub how: Option<String>,
    /// On which day.
    pub on: NaiveDate,
    /// Who wrote it down.
    pub recorded_by: Option<String>,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub struct CheckView {
    /// Key.
    pub id: Uuid,
    /// The mailbox.
    pub mailbox: ManagersMailbox,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Messages to look at.
    pub wanted: u32,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// `asked`, `agreed`, `declined`, `withdrawn` or `done`.
    pub state: &'static str,
    /// The consent, once there is one.
    pub consent: Option<ConsentView>,
    /// Who ended it, said no, or took the consent back.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// Messages left alone and still there when the first was drawn.
    pub left_alone: u32,
    /// Messages counted as left alone on those days.
    pub counted: u32,
    /// Messages to be shown; 0 before the first.
    pub drawn: u32,
    /// Shown.
    pub shown: u32,
    /// Answered.
    pub answered: u32,
    /// Answered with yes or no.
    pub judged: u32,
    /// Of these, should have been kept.
    pub missed: u32,
    /// Of these, made a case.
    pub cases: u32,
    /// Kept messages of those days that are dissatisfaction.
    pub found: u32,
    /// What was missed, in sentences.
    pub missed_words: String,
    /// How much is found, in sentences.
    pub recall_words: String,
    /// The reader owns the mailbox.
    pub own: bool,
    /// The reader asked for it.
    pub mine: bool,
}

/// A message that was left alone. It lives as long as the page that shows it is made, and has no `Debug`: nothing of it can
/// get into a log or an error by mistake.
#[derive(Clone, Default, Serialize)]
pub struct LeftAlone {
    /// Who wrote it.
    pub author: Option<String>,
    /// Their address.
    pub address: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Subject.
    pub subject: String,
    /// What they wrote now.
    pub text: String,
    /// What stands below it from earlier messages.
    pub quoted: String,
    /// A message passed on inside it.
    pub forwarded: Option<ForwardedView>,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    /// Which machine sent it, in words; empty when a person did.
    pub automatic: String,
    /// Why it cannot be read, if so.
    pub unreadable: Option<String>,
}

/// What a look gave.
pub enum Look {
    /// The message. It is not shown again.
    Message(Box<LeftAlone>),
    /// There is none left: the check has ended.
    NoMore,
}

/// What is said about the consent to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentAction {
    /// The owner agrees, here.
    Agree,
    /// An officer writes down that the owner agreed.
    Record {
        /// Who did.
        by: String,
        /// How.
        how: String,
        /// When.
        on: NaiveDate,
    },
    /// The owner says no, or an officer writes it down.
    Decline,
    /// The owner takes it back, or an officer writes it down.
    Withdraw,
}

type Answer<T> = Result<T, DeskError>;

/// What the pages ask for and have done. Every error text is shown to whoever asked.
pub trait Checks: Send + Sync {
    /// The mailboxes that can be checked.
    fn mailboxes(&self) -> Vec<ManagersMailbox>;

    /// The newest checks that `who` may know of.
    fn list<'a>(&'a self, who: &'a Officer) -> BoxFuture<'a, Answer<Vec<CheckView>>>;

    /// One of them.
    fn check<'a>(&'a self, id: Uuid, who: &'a Officer) -> BoxFuture<'a, Answer<CheckView>>;

    /// Asks for a check.
    fn ask<'a>(
        &'a self,
        mailbox: &'a str,
        span: Span,
        wanted: u32,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Uuid>>;

    /// Says something about the consent.
    fn consent<'a>(
        &'a self,
        id: Uuid,
        action: ConsentAction,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>>;

    /// Shows the message at `place`, once.
    fn look<'a>(&'a self, id: Uuid, place: u32, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<Look>>;

    /// Says what the message at `place` was. The case, if it is one now.
    fn answer<'a>(
        &'a self,
        id: Uuid,
        place: u32,
        verdict: Verdict,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Option<CaseReference>>>;

    /// Ends a check before all is looked at.
    fn end<'a>(&'a self, id: Uuid, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>>;
}
