//! What "What we changed" needs: lines that a person wrote for everybody.

use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::Serialize;

use crate::{
    ids::Uuid,
    web::{desk::DeskError, views::Officer},
};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its key; None for a new one.
    pub id: Option<Uuid>,
    /// What families said.
    pub you_said: String,
    /// What the council did.
    pub we_did: String,
    /// Since when it stands there; None for a new one.
    pub on: Option<NaiveDate>,
    /// Everybody may read it.
    pub shown: bool,
}

/// What was done because of a complaint, for an officer to make a line of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Its key.
    pub id: Uuid,
    /// The reference of the case.
    pub reference: String,
    /// What the case is mainly about.
    pub about: String,
    /// What was done, without the names that we know.
    pub we_did: String,
}

/// The lines, and changing them.
pub trait Changes: Send + Sync {
    /// What everybody may read, the newest first.
    fn shown(&self) -> BoxFuture<'_, Result<Vec<Change>, DeskError>>;

    /// Every line.
    fn all(&self) -> BoxFuture<'_, Result<Vec<Change>, DeskError>>;

    /// Keeps a line.
    fn save<'a>(&'a self, change: Change, who: &'a Officer, now: DateTime<Utc>)
    -> BoxFuture<'a, Result<(), DeskError>>;

    /// Shows it to everybody, or to nobody any more.
    fn show<'a>(
        &'a self,
        id: Uuid,
        shown: bool,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;

    /// What lines can be made of, as far as this officer may know of it.
    fn proposals<'a>(&'a self, who: &'a Officer) -> BoxFuture<'a, Result<Vec<Proposal>, DeskError>>;

    /// Keeps a line that is made of a proposal.
    fn publish<'a>(
        &'a self,
        proposal: Uuid,
        change: Change,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;

    /// No line is made of it; it does not come back.
    fn drop_proposal<'a>(
        &'a self,
        proposal: Uuid,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;
}
