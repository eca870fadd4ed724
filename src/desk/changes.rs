//! What everybody is told that was changed, over the store.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use super::Answer;
use crate::{
    clock::london_date,
    ids::Uuid,
    labelling::labels::Theme,
    store::{Store, officers, proposals, said_done},
    web::{
        desk::DeskError,
        families::{Change, Changes, Proposal},
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

    fn proposals<'a>(&'a self, who: &'a Officer) -> BoxFuture<'a, Answer<Vec<Proposal>>> {
        Box::pin(async move {
            let rows = proposals::open(&mut self.store.begin_read().await?, who.id).await?;
            let proposal = |row: proposals::Row| Proposal {
                id: row.id,
                reference: row.reference,
                about: row.theme.parse::<Theme>().map_or_else(|_| String::new(), |theme| theme.shown().to_owned()),
                we_did: row.we_did,
            };
            Ok(rows.into_iter().map(proposal).collect())
        })
    }

    fn publish<'a>(
        &'a self,
        proposal: Uuid,
        change: Change,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut tx = self.store.begin().await?;
            if !proposals::decide(&mut tx, who.id, proposal, "used", now).await? {
                return Err(DeskError::NotFound);
            }
            let Change { you_said, we_did, shown, .. } = change;
            let row = said_done::Row { id: Uuid::now_v7(), you_said, we_did, on_day: london_date(now), shown };
            said_done::put(&mut tx, &row, who.id, now).await?;
            officers::audit(&mut tx, Some(who.id), "made a proposal a line of what we changed", None, now).await?;
            Ok(tx.commit().await?)
        })
    }

    fn drop_proposal<'a>(&'a self, proposal: Uuid, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut tx = self.store.begin().await?;
            if !proposals::decide(&mut tx, who.id, proposal, "dropped", now).await? {
                return Err(DeskError::NotFound);
            }
            officers::audit(&mut tx, Some(who.id), "dropped a proposal for what we changed", None, now).await?;
            Ok(tx.commit().await?)
        })
    }
}
