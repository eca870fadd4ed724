//! The officers' accounts and sessions, as the sign-in and the list of officers ask for them.

use super::{Answer, StoreDesk, count, hex, role};
use crate::{
    store::{officers, upkeep},
    web::{
        desk::{Account, Session, TokenHash},
        views::{Officer, OfficerRow},
    },
};

impl StoreDesk {
    pub(super) async fn all_officers(&self) -> Answer<Vec<OfficerRow>> {
        let mut tx = self.store.begin_read().await?;
        let rows = upkeep::officers(&mut tx).await?.into_iter().map(|row| {
            Ok(OfficerRow {
                officer: Officer { id: row.id, name: row.name, email: row.email, role: role(&row.role)? },
                disabled: !row.active,
                last_sign_in_at: row.last_sign_in_at,
                open_cases: count(row.open_cases),
            })
        });
        rows.collect()
    }

    pub(super) async fn find_account(&self, email: &str) -> Answer<Option<Account>> {
        let mut tx = self.store.begin_read().await?;
        let Some(found) = officers::by_email(&mut tx, email).await? else { return Ok(None) };
        Ok(Some(Account {
            officer: Officer { id: found.id, name: found.name, email: found.email, role: role(&found.role)? },
            password_hash: Some(found.password_hash).filter(|hash| !hash.is_empty()),
            disabled: !found.active,
        }))
    }

    pub(super) async fn find_session(&self, token: TokenHash) -> Answer<Option<Session>> {
        let mut tx = self.store.begin_read().await?;
        let Some(found) = upkeep::session(&mut tx, &hex(token)).await? else { return Ok(None) };
        Ok(Some(Session {
            officer: Officer { id: found.id, name: found.name, email: found.email, role: role(&found.role)? },
            created_at: found.created_at,
            seen_at: found.seen_at,
        }))
    }
}
