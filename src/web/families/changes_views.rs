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
}
