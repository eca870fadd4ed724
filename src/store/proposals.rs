//! What was done because of a complaint, kept until an officer has made a line of "what we changed" of it or has dropped it.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// One that nobody has decided on.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its key.
    pub id: Uuid,
    /// The reference of the case.
    pub reference: String,
    /// What the case is mainly about.
    pub theme: String,
    /// What was done, without names.
    pub we_did: String,
}

// $1 is the officer: what of a case that they may not know of is not there for them.
macro_rules! theirs {
    () => {
        "NOT IN (SELECT b.case_id FROM case_barred b JOIN officer o ON o.email = b.email WHERE o.id = $1)"
    };
}

statements! {
    proposal_put = "INSERT INTO change_proposal (id, case_id, action, we_did, made_at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (case_id, action) DO NOTHING";
    proposal_undone = "DELETE FROM change_proposal WHERE case_id = $1 AND action = $2 AND decided_at IS NULL";
    proposals_open = { concat!("SELECT p.id, c.reference, c.theme, p.we_did FROM change_proposal p JOIN case_file c ON c.id = p.case_id
  WHERE p.decided_at IS NULL AND c.status = 'closed' AND c.anonymised_at IS NULL AND c.id ", theirs!(), " ORDER BY p.made_at, p.case_id, p.action LIMIT 50") };
    proposal_decide = { concat!("UPDATE change_proposal SET decided_at = $3, decided_by = $1, how = $4 WHERE id = $2 AND decided_at IS NULL AND case_id ", theirs!()) };
    proposals_gone = "DELETE FROM change_proposal WHERE case_id = $1";
    proposal_case_names = "SELECT name FROM case_name WHERE case_id = $1";
}

/// Keeps what was done, if nothing is kept of this action of the case.
pub async fn put(tx: &mut Tx, case: Uuid, action: i64, we_did: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, proposal_put, Uuid::now_v7(), case, action, we_did, now).map(|_| ())
}

/// The action is not done after all.
pub async fn undone(tx: &mut Tx, case: Uuid, action: i64) -> Stored<()> {
    execute!(tx, proposal_undone, case, action).map(|_| ())
}

/// What this officer can decide on, the oldest first.
pub async fn open(tx: &mut Tx, officer: Uuid) -> Stored<Vec<Row>> {
    fetch!(tx, proposals_open, Row, all, officer)
}

/// This officer has decided: `used` or `dropped`. False where there is none, or somebody else was quicker.
pub async fn decide(tx: &mut Tx, officer: Uuid, id: Uuid, how: &'static str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, proposal_decide, officer, id, now, how)? == 1)
}

/// The names that the case is looked up by: of whoever writes and of children.
pub async fn case_names(tx: &mut Tx, case: Uuid) -> Stored<Vec<String>> {
    Ok(fetch!(tx, proposal_case_names, (String,), all, case)?.into_iter().map(|row| row.0).collect())
}

/// Takes everything of a case out. Returns how many rows.
pub async fn gone(tx: &mut Tx, case: Uuid) -> Stored<u64> {
    execute!(tx, proposals_gone, case)
}
