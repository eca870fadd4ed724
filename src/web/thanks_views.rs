//! What the page on which a thank-you is passed on needs.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use serde::Serialize;

use super::{desk::DeskError, views::Officer};
use crate::ids::CaseReference;

/// Somebody whom the thanks can go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThankedView {
    /// Their address in the staff directory.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they are.
    pub job: String,
    /// They manage somebody who is named; otherwise they are named themselves.
    pub manages: bool,
}

/// A thank-you, and whom it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThanksView {
    /// The case.
    pub reference: String,
    /// What the officer saw.
    pub version: i64,
    /// The words, as they came.
    pub words: String,
    /// Who is named, and their managers.
    pub people: Vec<ThankedView>,
    /// Why it cannot be passed on, if so.
    pub why_not: Option<String>,
}

/// Passing a thank-you on.
pub trait Thanks: Send + Sync {
    /// What there is to pass on. Whoever may not deal with the case hears that there is none.
    fn thanks<'a>(&'a self, case: CaseReference, who: &'a Officer) -> BoxFuture<'a, Result<ThanksView, DeskError>>;

    /// Passes `words` on to these members of staff.
    fn pass_on<'a>(
        &'a self,
        case: (CaseReference, i64),
        to: Vec<String>,
        words: String,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;
}
