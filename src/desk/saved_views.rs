//! Lists that an officer keeps under a name.

use chrono::{DateTime, Utc};

use super::{Answer, StoreDesk};
use crate::{
    ids::Uuid,
    store::{
        Tx,
        saved_views::{self, Row},
    },
    web::{
        desk::{DeskError, ViewAction},
        views::{Officer, SavedView},
    },
};

/// As many as can be looked over at a glance.
const MOST: i64 = 12;

/// The officer's, in the order in which they were saved.
pub(super) async fn of(tx: &mut Tx, officer: Uuid) -> Answer<Vec<SavedView>> {
    let rows = saved_views::list(tx, officer).await?;
    Ok(rows.into_iter().map(|Row { id, name, filter, sorted }| SavedView { id, name, filter, order: sorted }).collect())
}

/// Keeps, renames or forgets one.
pub(super) async fn change(desk: &StoreDesk, officer: &Officer, action: ViewAction, now: DateTime<Utc>) -> Answer<()> {
    let mut tx = desk.store.begin().await?;
    match action {
        ViewAction::Save { name, filter, order } => {
            if saved_views::others(&mut tx, officer.id, &name).await? >= MOST {
                return Err(DeskError::Refused(format!("You keep {MOST} views already: delete one first")));
            }
            let row = Row { id: Uuid::now_v7(), name, filter: filter.as_str().to_owned(), sorted: order.word() };
            saved_views::put(&mut tx, officer.id, &row, now).await?;
        }
        ViewAction::Rename { id, name } => {
            if !saved_views::rename(&mut tx, officer.id, id, &name).await? {
                return Err(DeskError::Refused("Another of your views has this name".to_owned()));
            }
        }
        ViewAction::Delete { id } => saved_views::delete(&mut tx, officer.id, id).await?,
    }
    tx.commit().await?;
    Ok(())
}
