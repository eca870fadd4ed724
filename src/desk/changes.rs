//! What everybody is told that was changed, over the store.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use super::Answer;
use crate::{
    clock::london_date,
    ids::Uuid,
    store::{Store, officers, said_done},
    web::{
        desk::DeskError,
        families::{Change, Changes},
        views::Officer,
    },
};

/// The lines in the database.
pub struct StoreChanges {
    store: Store,
}

impl StoreChanges {
    /// Over `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

impl From<said_done::Row> for Change {
    fn from(row: said_done::Row) -> Self {
        let said_done::Row { id, you_said, we_did, on_day, shown } = row;
        Self { id: Some(id), you_said, we_did, on: Some(on_day), shown }
    }
}

impl Changes for StoreChanges {
    fn shown(&self) -> BoxFuture<'_, Answer<Vec<Change>>> {
        Box::pin(async move {
            let rows = said_done::shown(&mut self.store.begin_read().await?).await?;
            Ok(rows.into_iter().map(Change::from).collect())
        })
    }

    fn all(&self) -> BoxFuture<'_, Answer<Vec<Change>>> {
        Box::pin(async move {
            let rows = said_done::all(&mut self.store.begin_read().await?).await?;
            Ok(rows.into_iter().map(Change::from).collect())
        })
    }

    fn save<'a>(&'a self, change: Change, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let Change { id, you_said, we_did, on, shown } = change;
            let what =
                if id.is_some() { "changed a line of what we changed" } else { "wrote a line of what we changed" };
            let (id, on_day) = (id.unwrap_or_else(Uuid::now_v7), on.unwrap_or_else(|| london_date(now)));
            let mut tx = self.store.begin().await?;
            said_done::put(&mut tx, &said_done::Row { id, you_said, we_did, on_day, shown }, who.id, now).await?;
            officers::audit(&mut tx, Some(who.id), what, None, now).await?;
            Ok(tx.commit().await?)
        })
    }

    fn show<'a>(&'a self, id: Uuid, shown: bool, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut tx = self.store.begin().await?;
            if !said_done::show(&mut tx, id, shown, who.id, now).await? {
                return Err(DeskError::NotFound);
            }
            let what = if shown { "showed a line of what we changed" } else { "hid a line of what we changed" };
            officers::audit(&mut tx, Some(who.id), what, None, now).await?;
            Ok(tx.commit().await?)
        })
    }
}
