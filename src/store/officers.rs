//! Officers, their sessions, and the audit of who looked at what.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// An officer's account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Officer {
    /// Key.
    pub id: Uuid,
    /// Address, the account's name.
    pub email: String,
    /// Name.
    pub name: String,
    /// What it is for: a role's word.
    pub role: String,
    /// Argon2 (PHC string); empty where they sign in another way.
    pub password_hash: String,
    /// May sign in.
    pub active: bool,
}

/// A session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Whose.
    pub officer_id: Uuid,
    /// Since.
    pub created_at: DateTime<Utc>,
    /// Last request.
    pub seen_at: DateTime<Utc>,
    /// Ends at the latest.
    pub ends_at: DateTime<Utc>,
}

/// A look at a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LookRow {
    /// Whose.
    pub officer_id: Uuid,
    /// Name.
    pub name: String,
    /// Address, the account's name.
    pub email: String,
    /// What the account is for.
    pub role: String,
    /// May sign in.
    pub active: bool,
    /// When.
    pub at: DateTime<Utc>,
}

statements! {
    officer_put = "INSERT INTO officer (id, email, name, role, password_hash, active, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)
  ON CONFLICT (email) DO UPDATE SET name = excluded.name, role = excluded.role, password_hash = excluded.password_hash, active = excluded.active";
    officer_by_email = "SELECT id, email, name, role, password_hash, active FROM officer WHERE email = $1";
    officer_by_id = "SELECT id, email, name, role, password_hash, active FROM officer WHERE id = $1";
    officer_list = "SELECT id, email, name, role, password_hash, active FROM officer ORDER BY email";
    officer_active = "UPDATE officer SET active = $2 WHERE email = $1";
    officer_password = "UPDATE officer SET password_hash = $2 WHERE email = $1";
    session_put = "INSERT INTO session (token_hash, officer_id, created_at, seen_at, ends_at) VALUES ($1,$2,$3,$3,$4)";
    session_get = "SELECT officer_id, created_at, seen_at, ends_at FROM session WHERE token_hash = $1";
    session_seen = "UPDATE session SET seen_at = $2 WHERE token_hash = $1";
    session_end = "DELETE FROM session WHERE token_hash = $1";
    session_end_all = "DELETE FROM session WHERE officer_id IN (SELECT id FROM officer WHERE email = $1)";
    half_end_all = "DELETE FROM half_signed_in WHERE officer_id IN (SELECT id FROM officer WHERE email = $1)";
    audit_looks = "SELECT u.officer_id, o.name, o.email, o.role, o.active, u.at FROM audit u JOIN officer o ON o.id = u.officer_id
  WHERE u.case_id IN (SELECT m.id FROM case_file m WHERE m.id = $1 OR m.merged_into = $1)
    AND (u.what = 'opened case' OR u.what LIKE 'saw the beginning of a case%' OR u.what LIKE 'opened a file:%' OR u.what LIKE 'printed %' OR u.what LIKE 'made a bundle%') ORDER BY u.at, u.id";
    audit_put = "INSERT INTO audit (id, at, officer_id, what, case_id) VALUES ($1,$2,$3,$4,$5)";
}

/// Adds or changes an account.
pub async fn put(tx: &mut Tx, officer: &Officer, now: DateTime<Utc>) -> Stored<()> {
    execute!(
        tx,
        officer_put,
        officer.id,
        officer.email.to_lowercase(),
        &officer.name,
        &officer.role,
        &officer.password_hash,
        officer.active,
        now
    )
    .map(|_| ())
}

/// The account with this address.
pub async fn by_email(tx: &mut Tx, email: &str) -> Stored<Option<Officer>> {
    fetch!(tx, officer_by_email, Officer, optional, email.to_lowercase())
}

/// The account with this key.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Stored<Option<Officer>> {
    fetch!(tx, officer_by_id, Officer, optional, id)
}

/// All accounts.
pub async fn all(tx: &mut Tx) -> Stored<Vec<Officer>> {
    fetch!(tx, officer_list, Officer, all)
}

/// Opens or shuts an account; shutting ends its sessions. False if there is none.
pub async fn set_active(tx: &mut Tx, email: &str, active: bool) -> Stored<bool> {
    let email = email.to_lowercase();
    if !active {
        execute!(tx, session_end_all, &email)?;
        execute!(tx, half_end_all, &email)?;
    }
    Ok(execute!(tx, officer_active, &email, active)? == 1)
}

/// Sets another password, and ends the account's sessions. False if there is none.
pub async fn set_password(tx: &mut Tx, email: &str, password_hash: &str) -> Stored<bool> {
    let email = email.to_lowercase();
    execute!(tx, session_end_all, &email)?;
    execute!(tx, half_end_all, &email)?;
    Ok(execute!(tx, officer_password, &email, password_hash)? == 1)
}

/// Begins a session; only the token's SHA-256 (hex) is kept.
pub async fn begin_session(
    tx: &mut Tx,
    token_hash: &str,
    officer: Uuid,
    now: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Stored<()> {
    execute!(tx, session_put, token_hash, officer, now, ends_at).map(|_| ())
}

/// The session of a token.
pub async fn session(tx: &mut Tx, token_hash: &str) -> Stored<Option<Session>> {
    fetch!(tx, session_get, Session, optional, token_hash)
}

/// The session was used.
pub async fn session_used(tx: &mut Tx, token_hash: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, session_seen, token_hash, now).map(|_| ())
}

/// Ends a session.
pub async fn end_session(tx: &mut Tx, token_hash: &str) -> Stored<()> {
    execute!(tx, session_end, token_hash).map(|_| ())
}

/// Writes down what an officer did or saw.
pub async fn audit(
    tx: &mut Tx,
    officer: Option<Uuid>,
    what: &str,
    case: Option<Uuid>,
    now: DateTime<Utc>,
) -> Stored<()> {
    execute!(tx, audit_put, Uuid::now_v7(), now, officer, what, case).map(|_| ())
}

/// Every look at the case, its files and its letters on paper, and at what was merged into it: the oldest first.
pub async fn looks(tx: &mut Tx, case: Uuid) -> Stored<Vec<LookRow>> {
    fetch!(tx, audit_looks, LookRow, all, case)
}
