//! Who was told where their case is up to, so that nobody is told twice in an hour.

use chrono::{DateTime, Duration, Utc};

use super::{Stored, Tx, fetch, on, statements};
use crate::ids::Uuid;

statements! {
    status_told = "SELECT count(*) AS n FROM outbox WHERE case_id = $1 AND recipient = $2 AND kind = 'status' AND queued_at > $3";
}

/// Whether `address` was told within the last hour where the case is up to.
pub async fn told_lately(tx: &mut Tx, case: Uuid, address: &str, now: DateTime<Utc>) -> Stored<bool> {
    let row = fetch!(tx, status_told, (i64,), one, case, address.to_lowercase(), now - Duration::hours(1))?;
    Ok(row.0 > 0)
}
