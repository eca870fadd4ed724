//! Who may not deal with which case, and who is appointed in which.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// How an account stands to a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    /// What the account is for.
    pub role: String,
    /// Why they may not deal with it: `subject` or `line-manager`.
    pub barred: Option<String>,
    /// They are appointed in it, and it is open.
    pub appointed: bool,
}

/// A case that somebody is appointed in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GivenRow {
    /// Its reference.
    pub reference: String,
    /// Whose complaint it is.
    pub family: Option<String>,
    /// Which procedure.
    pub procedure: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// What is due next.
    pub next_on: Option<NaiveDate>,
    /// To what they are appointed.
    pub post: String,
}

statements! {
    barred_clear = "DELETE FROM case_barred WHERE case_id = $1";
    barred_put = "INSERT INTO case_barred (case_id, email, why) VALUES ($1,$2,$3) ON CONFLICT (case_id, email) DO UPDATE SET why = excluded.why";
    barred_why = "SELECT b.why FROM case_barred b JOIN officer o ON o.email = b.email WHERE b.case_id = $1 AND o.id = $2";
    barred_address = "SELECT count(*) AS n FROM case_barred WHERE case_id = $1 AND email = $2";
    barred_cases = "SELECT DISTINCT case_id FROM case_barred UNION SELECT DISTINCT case_id FROM case_event WHERE CAST(body AS TEXT) LIKE '%\"appointed\"%'";
    case_standing = "SELECT o.role, (SELECT b.why FROM case_barred b WHERE b.case_id = c.id AND b.email = o.email) AS barred,
    (c.status IN ('to-confirm','open') AND c.merged_into IS NULL AND EXISTS (SELECT 1 FROM case_appointed a WHERE a.case_id = c.id AND a.email = o.email)) AS appointed
  FROM case_file c CROSS JOIN officer o WHERE c.id = $1 AND o.id = $2";
    appointed_clear = "DELETE FROM case_appointed WHERE case_id = $1";
    appointed_put = "INSERT INTO case_appointed (case_id, email, post) VALUES ($1,$2,$3) ON CONFLICT (case_id, email, post) DO NOTHING";
    appointed_posts = "SELECT a.post FROM case_appointed a JOIN officer o ON o.email = a.email WHERE a.case_id = $1 AND o.id = $2 ORDER BY a.post";
    given_list = "SELECT c.reference, k.name AS family, c.procedure, c.received_at, c.next_on, a.post
  FROM officer o JOIN case_appointed a ON a.email = o.email JOIN case_file c ON c.id = a.case_id LEFT JOIN contact k ON k.id = c.complainant_id
  WHERE o.id = $1 AND c.status IN ('to-confirm','open') AND c.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM case_barred b WHERE b.case_id = c.id AND b.email = o.email)
  ORDER BY (c.next_on IS NULL), c.next_on, c.received_at, c.reference, a.post";
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

/// From now on these are appointed in the case: address and post.
pub async fn put_appointed(tx: &mut Tx, case: Uuid, people: impl Iterator<Item = (&str, &str)>) -> Stored<()> {
    execute!(tx, appointed_clear, case)?;
    for (email, post) in people {
        execute!(tx, appointed_put, case, email, post)?;
    }
    Ok(())
}

/// How this account stands to the case; None where there is no such account or case.
pub async fn standing(tx: &mut Tx, case: Uuid, officer: Uuid) -> Stored<Option<Standing>> {
    fetch!(tx, case_standing, Standing, optional, case, officer)
}

/// To what this account is appointed in the case.
pub async fn posts(tx: &mut Tx, case: Uuid, officer: Uuid) -> Stored<Vec<String>> {
    Ok(fetch!(tx, appointed_posts, (String,), all, case, officer)?.into_iter().map(|row| row.0).collect())
}

/// The open cases that this account is appointed in and may deal with, once for each post, what is due first in front.
pub async fn given(tx: &mut Tx, officer: Uuid) -> Stored<Vec<GivenRow>> {
    fetch!(tx, given_list, GivenRow, all, officer)
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

/// Every case that somebody may not deal with, or was appointed in.
pub async fn cases_with_barred(tx: &mut Tx) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, barred_cases, (Uuid,), all)?.into_iter().map(|row| row.0).collect())
}
