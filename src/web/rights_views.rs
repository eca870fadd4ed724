//! How long cases are kept, and what is held about one person, as the pages show it and ask for it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;

use super::{
    desk::{DeskError, Download},
    views::Officer,
};
use crate::{
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::event::Retention,
};

/// Cases by how long they are kept, as one complaints manager may see them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Kept {
    /// To be looked at now, the longest due first.
    pub due: Vec<KeptRow>,
    /// Decided: everything that says who may go.
    pub decided: Vec<KeptRow>,
    /// To be looked at soon.
    pub soon: Vec<KeptRow>,
    /// On hold.
    pub held: Vec<KeptRow>,
    /// So many cases say nothing of anybody any more.
    pub anonymised: u64,
    /// The schedule in words, a sentence each.
    pub schedule: Vec<String>,
}

/// One case in such a list.
#[derive(Clone, Debug, Serialize)]
pub struct KeptRow {
    /// Reference.
    pub reference: String,
    /// The complainant's name.
    pub family: Option<String>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Since when it is due, or will be; None of one on hold.
    pub on: Option<NaiveDate>,
    /// Why, as a sentence.
    pub because: String,
}

/// How long one case is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptCase {
    /// Reference.
    pub reference: String,
    /// The version that an action must name.
    pub version: i64,
    /// The complainant's name.
    pub family: Option<String>,
    /// What it is.
    pub act: Act,
    /// Which procedure.
    pub procedure: Procedure,
    /// What it is mainly about.
    pub theme: Theme,
    /// `goes-on`, `kept`, `due`, `by-hand`, `to-anonymise`, `held` or `anonymised`.
    pub stand: &'static str,
    /// Since or until when.
    pub on: Option<NaiveDate>,
    /// Why, as a sentence.
    pub because: String,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// A child complains for themselves.
    pub childs_own: bool,
    /// When they were born.
    pub born_on: Option<NaiveDate>,
    /// Since when it is on hold, and why.
    pub hold: Option<(DateTime<Utc>, String)>,
    /// What the last review said, and why.
    pub reviewed: Option<(String, String)>,
    /// Cases that were merged into it, and go with it.
    pub with: Vec<String>,
}

/// Rows of a table that go or are emptied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoneLine {
    /// What they are, in words.
    pub what: &'static str,
    /// How many.
    pub n: u64,
}

/// Whom a request for own data is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonAsk {
    /// Whoever has this address.
    Address(String),
    /// Whose complaint this case is.
    Case(CaseReference),
}

/// What is held about a person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    /// Their name.
    pub name: Option<String>,
    /// By these words they are asked for again: an address, or a reference.
    pub asked_by: String,
    /// Their addresses and telephone numbers.
    pub details: Vec<(String, String)>,
    /// Their cases.
    pub cases: Vec<PersonCase>,
    /// Names of others that are proposed to be blacked out.
    pub names: Vec<String>,
}

/// A case that somebody has a part in.
#[derive(Clone, Debug, Serialize)]
pub struct PersonCase {
    /// Reference.
    pub reference: String,
    /// What they are in it.
    pub part: String,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
    /// Where it stands, in words.
    pub status: String,
    /// Their messages.
    pub messages: usize,
    /// Letters to them.
    pub letters: usize,
    /// Files that came with their messages.
    pub files: usize,
}

/// What is wanted for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDataAsk {
    /// Whose data.
    pub person: PersonAsk,
    /// When they asked.
    pub asked_on: NaiveDate,
    /// Names of others to be blacked out.
    pub names: Vec<String>,
    /// The cases that go in, by their references.
    pub cases: BTreeSet<String>,
    /// Whose file it is.
    pub council: String,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, DeskError>>;

fn nothing<'a, T: Send + 'a>() -> Answer<'a, T> {
    async { Err(DeskError::NotFound) }.boxed()
}

/// What the pages about how long cases are kept, and about one person's data, need. A desk without a store has none of it.
pub trait Rights {
    /// Cases that are due, will be soon, or are held, as far as `officer` may know of them.
    fn kept<'a>(&'a self, _officer: &'a Officer, _now: DateTime<Utc>) -> Answer<'a, Kept> {
        nothing()
    }

    /// How long one case is kept. That `officer` looked is written down.
    fn kept_case<'a>(&'a self, _of: CaseReference, _officer: &'a Officer, _now: DateTime<Utc>) -> Answer<'a, KeptCase> {
        nothing()
    }

    /// Decides something about how long a case is kept.
    fn keep<'a>(
        &'a self,
        _of: (CaseReference, i64),
        _officer: &'a Officer,
        _step: Retention,
        _now: DateTime<Utc>,
    ) -> Answer<'a, ()> {
        nothing()
    }

    /// What would go if everything that says who were taken out of a case; with `really` it goes.
    fn anonymise<'a>(
        &'a self,
        _of: (CaseReference, i64),
        _officer: &'a Officer,
        _really: bool,
        _now: DateTime<Utc>,
    ) -> Answer<'a, Vec<GoneLine>> {
        nothing()
    }

    /// What is held about a person, as far as `officer` may know of it.
    fn person<'a>(&'a self, _ask: &'a PersonAsk, _officer: &'a Officer, _now: DateTime<Utc>) -> Answer<'a, PersonView> {
        nothing()
    }

    /// By when a request of that day must be answered; None where nobody can say.
    fn own_data_due(&self, _asked_on: NaiveDate) -> Option<NaiveDate> {
        None
    }

    /// All of it as one download. That `officer` made it is written down with each case.
    fn own_data<'a>(&'a self, _ask: OwnDataAsk, _officer: &'a Officer, _now: DateTime<Utc>) -> Answer<'a, Download> {
        nothing()
    }
}
