//! The port behind the pages about settings, and what they show. Counts, names of staff and wording: no case content, but for
//! the references that the audit names to those who may read them.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::Serialize;

use super::{desk::DeskError, views::Officer};
use crate::{ids::Uuid, labelling::what_if::Outcome, procedure::bank_holidays::Changes, replies::render::Rendered};

/// A mailbox with the lines that its messages are judged by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MailboxLines {
    /// Configured name.
    pub name: String,
    /// Dissatisfaction from here.
    pub keep_from: f64,
    /// The settings say so, not the model.
    pub keep_is_set: bool,
    /// A manager's mailbox: the family hears at once from here.
    pub acknowledge_from: f64,
    /// The settings say so, not the model.
    pub acknowledge_is_set: bool,
}

/// What one value of a line would have done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// The value.
    pub value: f64,
    /// It is the one in use.
    pub in_use: bool,
    /// What it would have done.
    pub outcome: Outcome,
}

/// Mailboxes of one kind that are judged by the same lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinesInUse {
    /// `manager`, `complaints` or `forward`.
    pub kind: &'static str,
    /// The mailboxes.
    pub mailboxes: Vec<MailboxLines>,
    /// Messages that opened a case.
    pub messages: u64,
    /// Of these, an officer has said what they are.
    pub decided: u64,
    /// Messages that were left alone: only their number is known.
    pub left_alone: u64,
    /// Values of `acknowledge_from`, from the lowest; none but for managers' mailboxes.
    pub acknowledge: Vec<Tried>,
    /// Values of `keep_from`, from the one in use; none for complaints mailboxes, where it decides nothing.
    pub keep: Vec<Tried>,
}

/// The lines in use, and what others would have done.
#[derive(Clone, Debug, Serialize)]
pub struct ThresholdsView {
    /// First day that is counted.
    pub from_on: NaiveDate,
    /// Last day that is counted.
    pub to_on: NaiveDate,
    /// The model in use; None when there is none.
    pub model: Option<String>,
    /// A child may be at risk from here, by the model.
    pub safeguarding_from: f64,
    /// Each kind of mailbox with each set of lines.
    pub groups: Vec<LinesInUse>,
    /// There were more messages than are counted.
    pub cut_short: bool,
}

/// Somebody in the staff directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaffRow {
    /// Name.
    pub name: String,
    /// Work address.
    pub email: String,
    /// What they are.
    pub job: String,
    /// Where they work.
    pub team: String,
    /// Their line manager's name, or address where that stands nowhere.
    pub manager: Option<String>,
    /// What their account is for, if they have one.
    pub account: Option<&'static str>,
    /// Their account is closed.
    pub closed: bool,
}

/// The staff directory, or what a search found in it.
#[derive(Clone, Debug, Serialize)]
pub struct DirectoryView {
    /// What was searched for.
    pub search: String,
    /// People in it.
    pub people: usize,
    /// People found.
    pub found: usize,
    /// Those found, by name: not all where there are many.
    pub rows: Vec<StaffRow>,
    /// What is wrong with it, in sentences.
    pub faults: Vec<String>,
    /// The file it comes from; None when the settings name none.
    pub file: Option<String>,
}

/// A bank holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HolidayRow {
    /// The day.
    pub date: NaiveDate,
    /// What it is called.
    pub title: String,
    /// It is a Saturday or Sunday, and never counts anyway.
    pub weekend: bool,
    /// It stands in the settings, and can only be taken out there.
    pub in_settings: bool,
}

/// The bank holidays of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HolidayYear {
    /// Which.
    pub year: i32,
    /// The council gave them itself; otherwise they are as they came with Heard.
    pub given: bool,
    /// The days.
    pub days: Vec<HolidayRow>,
}

/// The bank holidays in use.
#[derive(Clone, Debug, Serialize)]
pub struct HolidaysView {
    /// Which version of the council's own; 0: none were given.
    pub version: i64,
    /// When it was given.
    pub given_at: Option<DateTime<Utc>>,
    /// By whom.
    pub given_by: Option<String>,
    /// This year and those after it.
    pub years: Vec<HolidayYear>,
    /// Last day for which they are known.
    pub known_until: NaiveDate,
    /// Fewer than 12 months lie ahead.
    pub runs_out: bool,
    /// Days on which only the council is shut.
    pub closures: Vec<NaiveDate>,
}

/// A change of the bank holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayChange {
    /// One day more.
    Add {
        /// Which.
        date: NaiveDate,
        /// What it is called.
        title: String,
    },
    /// One day less.
    Remove {
        /// Which.
        date: NaiveDate,
    },
}

/// What a change of the bank holidays would do.
#[derive(Clone, Debug, Serialize)]
pub struct HolidayTrial {
    /// The version that it changes.
    pub version: i64,
    /// Days added and taken away.
    pub changes: Changes,
    /// Open cases that were looked at.
    pub open: u64,
    /// Of these, a date moves and nobody was told it.
    pub moved: u64,
    /// Of these, a date moves that somebody was told: what they were told stays.
    pub kept: u64,
    /// Of these, dates that cannot be counted.
    pub failed: u64,
    /// There are more open cases than were looked at.
    pub more: bool,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterRow {
    /// Its folder.
    pub name: String,
    /// What it is.
    pub title: &'static str,
    /// When it goes out.
    pub when: &'static str,
    /// Whom it goes to: `family`, `colleague` or `officer`.
    pub to: &'static str,
    /// It goes by chat.
    pub by_chat: bool,
    /// The council has its own wording of it.
    pub own: bool,
    /// In so many variants.
    pub variants: usize,
}

/// Every letter.
#[derive(Clone, Debug, Serialize)]
pub struct LettersView {
    /// The folder that the council edits, as the settings have it.
    pub folder: String,
    /// It is there.
    pub there: bool,
    /// The letters.
    pub letters: Vec<LetterRow>,
}

/// Words in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The words.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// Where they lead.
    pub link: Option<String>,
}

/// A piece of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Piece {
    /// A heading.
    Heading {
        /// What it says.
        words: Vec<Words>,
    },
    /// A paragraph.
    Paragraph {
        /// What it says.
        words: Vec<Words>,
    },
    /// A list.
    List {
        /// With numbers.
        numbered: bool,
        /// What is listed.
        items: Vec<Vec<Words>>,
    },
}

/// A letter as an invented family would get it.
#[derive(Clone, Debug, Serialize)]
pub struct LetterPreview {
    /// The letter.
    pub letter: LetterRow,
    /// Its variants, in words.
    pub variants: Vec<String>,
    /// Which of them this is.
    pub variant: usize,
    /// Its subject; empty for chat.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML, as pieces; None where it has none.
    pub pieces: Option<Vec<Piece>>,
}

/// What is wanted of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditAsk {
    /// Whose: an account; `Some(None)`: what nobody with an account did.
    pub by: Option<Option<Uuid>>,
    /// On which day; None: on all.
    pub on: Option<NaiveDate>,
    /// Which sort; empty: all.
    pub kind: String,
    /// Which page, from 1.
    pub page: u32,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Their address; empty without an account.
    pub email: String,
    /// What they did, in words.
    pub what: String,
    /// The key of what it was done to; empty without one.
    pub key: String,
    /// The sort.
    pub kind: String,
    /// The case.
    pub reference: Option<String>,
}

/// Part of the audit.
#[derive(Clone, Debug, Serialize)]
pub struct AuditView {
    /// The lines, the newest first.
    pub lines: Vec<AuditLine>,
    /// Lines on all pages.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// Everybody with an account, by name.
    pub people: Vec<(Uuid, String)>,
}

type Answer<T> = Result<T, DeskError>;

/// What the pages about settings ask for and have done. Every error text is shown to whoever asked.
pub trait Settings: Send + Sync {
    /// The lines in use, and what others would have done with the messages of the last 30 days. A case that `who` may not deal
    /// with does not count.
    fn thresholds<'a>(&'a self, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<ThresholdsView>>;

    /// The staff directory as far as `search` finds it; all of it when that is empty.
    fn directory<'a>(&'a self, search: &'a str) -> BoxFuture<'a, Answer<DirectoryView>>;

    /// The bank holidays.
    fn holidays(&self, now: DateTime<Utc>) -> BoxFuture<'_, Answer<HolidaysView>>;

    /// What a change of them would do. [`DeskError::Refused`] with what to do instead. A case that `who` may not deal with does
    /// not count.
    fn try_holidays<'a>(&'a self, change: &'a HolidayChange, who: &'a Officer) -> BoxFuture<'a, Answer<HolidayTrial>>;

    /// Changes them, if they are still in `version`; [`DeskError::Changed`] if not.
    fn change_holidays<'a>(
        &'a self,
        change: &'a HolidayChange,
        version: i64,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>>;

    /// Every letter.
    fn letters(&self) -> LettersView;

    /// One of them in one variant, as an invented family would get it. [`DeskError::NotFound`] when there is none.
    fn letter(&self, name: &str, variant: usize) -> Answer<LetterPreview>;

    /// The same, to be typeset.
    fn letter_to_print(&self, name: &str, variant: usize) -> Answer<Rendered>;

    /// Part of the audit as `who` may see it: nothing of a case that they may not deal with, and nothing of any case unless
    /// `with_cases`.
    fn audit<'a>(
        &'a self,
        ask: &'a AuditAsk,
        who: &'a Officer,
        with_cases: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<AuditView>>;

    /// The same as a table for a spreadsheet, on one page; that `who` took it is written down.
    fn audit_table<'a>(
        &'a self,
        ask: &'a AuditAsk,
        who: &'a Officer,
        with_cases: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Vec<u8>>>;
}
