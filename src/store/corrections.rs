//! What officers correct in the sorting: messages that belong to another case, cases that are one, and what is learnt from it.

use chrono::{DateTime, Utc};

use super::{StoreError, Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    procedure::event::{Moved, Relation},
};

/// Cases merged one into the next that are followed at most.
const CHAIN: usize = 20;

statements! {
    placed_list = "SELECT m.representation_id, m.relation, m.why, r.received_at FROM case_message m JOIN representation r ON r.id = m.representation_id
  WHERE m.case_id = $1 ORDER BY r.received_at, r.id";
    message_move = "UPDATE case_message SET case_id = $2, relation = $4, why = $5 WHERE case_id = $1 AND representation_id = $3
  AND NOT EXISTS (SELECT 1 FROM case_message o WHERE o.case_id = $2 AND o.representation_id = $3)";
    merged_set = "UPDATE case_file SET merged_into = $2 WHERE id = $1";
    merged_get = "SELECT merged_into FROM case_file WHERE id = $1";
    leads_clear_threads = "DELETE FROM thread_id WHERE case_id = $1";
    leads_clear_awaited = "DELETE FROM thread_awaited WHERE case_id = $1";
    leads_clear_names = "DELETE FROM case_name WHERE case_id = $1";
    parties_list = "SELECT contact_id FROM case_participant WHERE case_id = $1 AND role <> 'named' ORDER BY contact_id";
    pair_put = "INSERT INTO matter_pair (one, other, same, decided_at) VALUES ($1,$2,$3,$4) ON CONFLICT (one, other)
  DO UPDATE SET same = excluded.same, decided_at = excluded.decided_at";
    pair_delete = "DELETE FROM matter_pair WHERE one = $1 AND other = $2";
    pair_list = "SELECT one, other, same FROM matter_pair ORDER BY decided_at, one, other";
}

/// A message in its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The message, and how it belongs.
    pub moved: Moved,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
}

/// The messages of a case, as they were received.
pub async fn placed(tx: &mut Tx, case: Uuid) -> Stored<Vec<Placed>> {
    let rows = fetch!(tx, placed_list, (Uuid, String, String, DateTime<Utc>), all, case)?;
    let placed = rows.into_iter().map(|(representation, relation, why, received_at)| {
        let relation = Relation::named(&relation)
            .ok_or_else(|| StoreError::bad_row("placed_list", "a message belongs to its case in an unknown way"))?;
        Ok(Placed { moved: Moved { representation, relation, why }, received_at })
    });
    placed.collect()
}

/// Puts a message of one case into another, where it belongs as `as_what` says. Nothing happens if it is not in the first, or
/// in the other already.
pub async fn move_message(tx: &mut Tx, from: Uuid, to: Uuid, as_what: &Moved) -> Stored<()> {
    let Moved { representation, relation, why } = as_what;
    execute!(tx, message_move, from, to, *representation, relation.as_str(), why).map(|_| ())
}

/// From now on the case is the other one, or itself again.
pub async fn set_merged(tx: &mut Tx, case: Uuid, into: Option<Uuid>) -> Stored<()> {
    execute!(tx, merged_set, case, into).map(|_| ())
}

/// The case in which `case` is dealt with: itself, or the one that it was merged into.
pub async fn stands_for(tx: &mut Tx, case: Uuid) -> Stored<Uuid> {
    let mut case = case;
    for _ in 0..CHAIN {
        match fetch!(tx, merged_get, (Option<Uuid>,), optional, case)? {
            Some((Some(into),)) => case = into,
            _ => break,
        }
    }
    Ok(case)
}

/// Nothing leads to the case any more: no Message-ID, no name.
pub async fn clear_leads(tx: &mut Tx, case: Uuid) -> Stored<()> {
    execute!(tx, leads_clear_threads, case)?;
    execute!(tx, leads_clear_awaited, case)?;
    execute!(tx, leads_clear_names, case).map(|_| ())
}

/// The contacts who are a party to the case.
pub async fn parties(tx: &mut Tx, case: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, parties_list, (Uuid,), all, case)?.into_iter().map(|row| row.0).collect())
}

/// An officer decided whether `one` is about the matter of `other`.
pub async fn learn_pair(tx: &mut Tx, one: Uuid, other: Uuid, same: bool, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, pair_put, one, other, same, now).map(|_| ())
}

/// That was taken back.
pub async fn unlearn_pair(tx: &mut Tx, one: Uuid, other: Uuid) -> Stored<()> {
    execute!(tx, pair_delete, one, other).map(|_| ())
}

/// What officers decided of two messages each: whether they are about one matter of one family.
pub async fn pairs(tx: &mut Tx) -> Stored<Vec<(Uuid, Uuid, bool)>> {
    fetch!(tx, pair_list, (Uuid, Uuid, bool), all)
}
