//! What decisions depend on beside the case.

use chrono::{DateTime, Utc};

use super::{CaseworkError, Office};
use crate::{
    clock::london_date,
    ids::Uuid,
    procedure::{
        clocks::Book,
        decide::{Actor, Setting},
        working_days::Calendar,
    },
    store::{Tx, officers},
    web::access::Role,
};

impl Office {
    /// What dates are counted by.
    #[must_use]
    pub fn book<'a>(&'a self, calendar: &'a Calendar) -> Book<'a> {
        Book { duties: &self.duties, calendar, options: self.options }
    }

    /// What a decision of `actor` depends on now.
    #[must_use]
    pub fn setting<'a>(&'a self, calendar: &'a Calendar, actor: Actor, now: DateTime<Utc>) -> Setting<'a> {
        Setting {
            today: london_date(now),
            duties: &self.duties,
            calendar,
            directory: &self.directory,
            actor,
            options: self.options,
        }
    }
}

/// As what `by` acts; None is the program. An account that is gone, or whose role nobody knows, decides nothing.
///
/// # Errors
///
/// The database's.
pub async fn actor(tx: &mut Tx, by: Option<Uuid>) -> Result<Actor, CaseworkError> {
    let Some(by) = by else { return Ok(Actor::Program) };
    let role = officers::by_id(tx, by).await?.and_then(|account| account.role.parse::<Role>().ok());
    Ok(match role {
        Some(Role::Officer) => Actor::Officer,
        Some(Role::ComplaintsManager) => Actor::ComplaintsManager,
        Some(_) | None => Actor::NoCaseworker,
    })
}
