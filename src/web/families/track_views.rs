//! The port behind the page on which a family sees where its case stands, and what that page shows. What is on it is written out here,
//! so that nothing comes onto it by being added elsewhere.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::Serialize;
use tokio_util::bytes::Bytes;

use crate::{
    casework::track::Asks,
    ids::{CaseReference, Uuid},
    languages::Language,
    procedure::standing::Promise,
    web::{
        desk::{DeskError, TokenHash},
        views::Officer,
    },
};

/// What stands behind the page.
pub trait Tracker: Send + Sync {
    /// Sends the figures for the link with this code, if it is one and may have them now.
    fn send_figures<'a>(
        &'a self,
        code: &'a str,
        language: Language,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;
    /// Opens a session of that link by the figures. False where they, or it, are not good.
    fn enter<'a>(
        &'a self,
        code: &'a str,
        figures: &'a str,
        token: TokenHash,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool, DeskError>>;
    /// What the page shows to whoever has this session; None where it is none of this link.
    fn view<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        language: Language,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<TrackView>, DeskError>>;
    /// Another text whenever the page shows something else; None where the session is over.
    fn version<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<String>, DeskError>>;
    /// Keeps what was sent from the page. False where the session is over.
    fn tell<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        said: Said,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool, DeskError>>;
    /// Ends a session.
    fn leave(&self, token: TokenHash) -> BoxFuture<'_, Result<(), DeskError>>;
    /// What may come with what is sent.
    fn limits(&self) -> Limits;
    /// What is wrong with a file, judged by its name and its bytes.
    fn refuses(&self, file: &SentFile) -> bool;

    /// The links of a case, for an officer.
    fn links<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<LinksView, DeskError>>;
    /// An officer stops a link.
    fn stop<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        link: Uuid,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;
    /// An officer sends a new link to whoever letters of the case go to.
    fn send_new<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;
}

/// What may come with what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Files; none where files cannot be kept.
    pub files: usize,
    /// The largest of them.
    pub mb: u64,
}

/// A file as it was sent.
#[derive(Clone, Debug, Default)]
pub struct SentFile {
    /// Its name, as the browser says.
    pub name: String,
    /// Its type, as the browser says.
    pub said_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What was sent from the page.
#[derive(Clone, Debug)]
pub struct Said {
    /// What it is.
    pub asks: Asks,
    /// The first line for officers.
    pub first_line: String,
    /// Their words.
    pub words: String,
    /// Files.
    pub files: Vec<SentFile>,
    /// The form's own number.
    pub form: String,
    /// The language that they read the page in.
    pub reads: Language,
}

/// The page.
#[derive(Clone, Debug, Serialize)]
pub struct TrackView {
    /// Another text whenever something changed.
    pub version: String,
    /// The case's reference.
    pub reference: String,
    /// Where it stands now.
    pub now: Vec<String>,
    /// What happens next.
    pub next: Vec<String>,
    /// Who deals with it.
    pub who: Vec<String>,
    /// What changed, each with the reasons.
    pub changes: Vec<(String, String)>,
    /// What was answered, the last first.
    pub answers: Vec<TrackAnswer>,
    /// How much of what was promised is done.
    pub promised: Vec<String>,
    /// What was promised.
    pub promises: Vec<Promise>,
    /// Letters to them, the last first.
    pub letters: Vec<TrackLetter>,
    /// Messages from them, the last first.
    pub messages: Vec<TrackMessage>,
    /// What they asked for on the page: what, and when.
    pub requests: Vec<(String, DateTime<Utc>)>,
    /// The next stage, while they may ask for it.
    pub next_stage: Option<u8>,
    /// There is something to take back.
    pub may_withdraw: bool,
    /// Today.
    pub today: NaiveDate,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct TrackAnswer {
    /// At which stage, when, and what was found on the whole.
    pub words: String,
    /// The points.
    pub points: Vec<TrackPoint>,
}

/// A point of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct TrackPoint {
    /// What it is about.
    pub text: String,
    /// What was found: a word of the catalogues.
    pub outcome: String,
    /// Why.
    pub reasons: String,
    /// What that rests on.
    pub evidence: String,
    /// What is done for them.
    pub remedy: String,
    /// What is changed for others.
    pub learning: String,
}

/// A letter to them.
#[derive(Clone, Debug, Serialize)]
pub struct TrackLetter {
    /// What it is, a word of the catalogues.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `waiting`, `sent`, `arrived` or `failed`.
    pub how: &'static str,
}

/// A message from them.
#[derive(Clone, Debug, Serialize)]
pub struct TrackMessage {
    /// When it came.
    pub at: DateTime<Utc>,
    /// `email`, `chat` or `form`.
    pub channel: String,
    /// Its first words.
    pub words: String,
    /// What its files are called.
    pub files: Vec<String>,
}

/// The links of a case, as officers see them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinksView {
    /// The case's reference.
    pub reference: String,
    /// The links, the last first.
    pub links: Vec<LinkView>,
    /// Where a new one would go; None where none can go, and why.
    pub to: Option<String>,
}

/// A link of a case.
#[derive(Clone, Debug, Serialize)]
pub struct LinkView {
    /// Key.
    pub id: Uuid,
    /// For whom, as it is shown.
    pub address: String,
    /// Since.
    pub made_at: DateTime<Utc>,
    /// When it was opened last.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was stopped.
    pub stopped_at: Option<DateTime<Utc>>,
}
