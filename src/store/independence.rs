//! Who may not deal with which case.

use std::collections::BTreeSet;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

statements! {
    barred_clear = "DELETE FROM case_barred WHERE case_id = $1";
    barred_put = "INSERT INTO case_barred (case_id, email, why) VALUES ($1,$2,$3) ON CONFLICT (case_id, email) DO UPDATE SET why = excluded.why";
    barred_why = "SELECT b.why FROM case_barred b JOIN officer o ON o.email = b.email WHERE b.case_id = $1 AND o.id = $2";
    barred_address = "SELECT count(*) AS n FROM case_barred WHERE case_id = $1 AND email = $2";
    barred_cases = "SELECT DISTINCT case_id FROM case_barred";
    barred_of = "SELECT b.case_id FROM case_barred b JOIN officer o ON o.email = b.email WHERE o.id = $1";
}

/// From now on these may not deal with the case: address and why, `subject` or `line-manager`.
pub async fn put_barred(tx: &mut Tx, case: Uuid, barred: impl Iterator<Item = (&str, &str)>) -> Stored<()> {
    execute!(tx, barred_clear, case)?;
    for (email, why) in barred {
        execute!(tx, barred_put, case, email, why)?;
    }
    Ok(())
}

/// Why this officer may not deal with the case: `subject` or `line-manager`; None when they may.
pub async fn why_barred(tx: &mut Tx, case: Uuid, officer: Uuid) -> Stored<Option<String>> {
    Ok(fetch!(tx, barred_why, (String,), optional, case, officer)?.map(|row| row.0))
}

/// Whether nothing about the case may go to this address.
pub async fn is_barred(tx: &mut Tx, case: Uuid, email: &str) -> Stored<bool> {
    Ok(fetch!(tx, barred_address, (i64,), one, case, email.to_lowercase())?.0 > 0)
}

/// Every case that this officer may not deal with.
pub async fn barred_from(tx: &mut Tx, officer: Uuid) -> Stored<BTreeSet<Uuid>> {
    Ok(fetch!(tx, barred_of, (Uuid,), all, officer)?.into_iter().map(|row| row.0).collect())
}

/// Every case that somebody may not deal with.
pub async fn cases_with_barred(tx: &mut Tx) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, barred_cases, (Uuid,), all)?.into_iter().map(|row| row.0).collect())
}
