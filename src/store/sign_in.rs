//! What stands behind a sign-in besides the password: the second factor, who is half signed in, whom the council's directory means.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, officers::Officer, on, statements};
use crate::ids::Uuid;

/// The second factor of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SecondFactor {
    /// Its secret, sealed.
    pub sealed: Vec<u8>,
    /// When the secret was made.
    pub begun_at: DateTime<Utc>,
    /// Since when it counts; None while no code was entered yet.
    pub since: Option<DateTime<Utc>>,
    /// The step of the last code that was taken (30 seconds each).
    pub last_step: i64,
}

/// A session of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Open {
    /// SHA-256 of its token, hex.
    pub token_hash: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The last page.
    pub seen_at: DateTime<Utc>,
}

statements! {
    factor_get = "SELECT sealed, begun_at, since, last_step FROM second_factor WHERE officer_id = $1";
    factor_begin = "INSERT INTO second_factor (officer_id, sealed, begun_at) VALUES ($1,$2,$3)
  ON CONFLICT (officer_id) DO UPDATE SET sealed = excluded.sealed, begun_at = excluded.begun_at WHERE second_factor.since IS NULL";
    factor_use = "UPDATE second_factor SET last_step = $2, since = coalesce(since, $3) WHERE officer_id = $1 AND last_step < $2";
    factor_forget = "DELETE FROM second_factor WHERE officer_id = $1";
    factor_all = "SELECT officer_id FROM second_factor WHERE since IS NOT NULL";
    half_put = "INSERT INTO half_signed_in (token_hash, officer_id, ends_at) VALUES ($1,$2,$3)";
    half_get = "SELECT o.id, o.email, o.name, o.role, o.password_hash, o.active FROM half_signed_in h JOIN officer o ON o.id = h.officer_id WHERE h.token_hash = $1 AND h.ends_at > $2 AND o.active";
    half_end = "DELETE FROM half_signed_in WHERE token_hash = $1 OR ends_at <= $2";
    half_end_of = "DELETE FROM half_signed_in WHERE officer_id = $1";
    sessions_of = "SELECT token_hash, created_at, seen_at FROM session WHERE officer_id = $1 AND ends_at > $2 ORDER BY created_at DESC";
    sessions_end = "DELETE FROM session WHERE officer_id = $1";
    officer_role = "UPDATE officer SET role = $2 WHERE id = $1";
    officer_named = "UPDATE officer SET name = $2 WHERE id = $1";
    officer_by_subject = "SELECT id, email, name, role, password_hash, active FROM officer WHERE issuer = $1 AND subject = $2";
    officer_is = "UPDATE officer SET issuer = $2, subject = $3 WHERE id = $1 AND subject IS NULL";
}

/// The second factor of an account, if it has one or begins to.
pub async fn second_factor(tx: &mut Tx, officer: Uuid) -> Stored<Option<SecondFactor>> {
    fetch!(tx, factor_get, SecondFactor, optional, officer)
}

/// A new secret, unless one counts already: then nothing changes, and it is false.
pub async fn begin_second_factor(tx: &mut Tx, officer: Uuid, sealed: &[u8], now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, factor_begin, officer, sealed, now)? == 1)
}

/// The code of this step is used up, and the factor counts from now if it did not yet. False if that step, or a later one, was used
/// before.
pub async fn use_code(tx: &mut Tx, officer: Uuid, step: i64, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, factor_use, officer, step, now)? == 1)
}

/// The account has no second factor any more.
pub async fn forget_second_factor(tx: &mut Tx, officer: Uuid) -> Stored<()> {
    execute!(tx, factor_forget, officer).map(|_| ())
}

/// Every account with a second factor that counts.
pub async fn with_second_factor(tx: &mut Tx) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, factor_all, (Uuid,), all)?.into_iter().map(|row| row.0).collect())
}

/// The right password was given; the code is waited for until `ends_at`.
pub async fn begin_half(tx: &mut Tx, token_hash: &str, officer: Uuid, ends_at: DateTime<Utc>) -> Stored<()> {
    execute!(tx, half_put, token_hash, officer, ends_at).map(|_| ())
}

/// Whoever is half signed in with this token.
pub async fn half(tx: &mut Tx, token_hash: &str, now: DateTime<Utc>) -> Stored<Option<Officer>> {
    fetch!(tx, half_get, Officer, optional, token_hash, now)
}

/// Ends it, and what has ended by itself.
pub async fn end_half(tx: &mut Tx, token_hash: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, half_end, token_hash, now).map(|_| ())
}

/// The sessions of an account, the newest first.
pub async fn sessions(tx: &mut Tx, officer: Uuid, now: DateTime<Utc>) -> Stored<Vec<Open>> {
    fetch!(tx, sessions_of, Open, all, officer, now)
}

/// Ends every session of an account, whole and half.
pub async fn end_sessions(tx: &mut Tx, officer: Uuid) -> Stored<u64> {
    execute!(tx, half_end_of, officer)?;
    execute!(tx, sessions_end, officer)
}

/// What the account is for from now on.
pub async fn set_role(tx: &mut Tx, officer: Uuid, role: &str) -> Stored<()> {
    execute!(tx, officer_role, officer, role).map(|_| ())
}

/// What the account's person is called from now on.
pub async fn set_name(tx: &mut Tx, officer: Uuid, name: &str) -> Stored<()> {
    execute!(tx, officer_named, officer, name).map(|_| ())
}

/// The account that the directory's `issuer` knows as `subject`.
pub async fn by_subject(tx: &mut Tx, issuer: &str, subject: &str) -> Stored<Option<Officer>> {
    fetch!(tx, officer_by_subject, Officer, optional, issuer, subject)
}

/// The account is this person of the directory, for good. False if it is somebody's already.
pub async fn set_subject(tx: &mut Tx, officer: Uuid, issuer: &str, subject: &str) -> Stored<bool> {
    Ok(execute!(tx, officer_is, officer, issuer, subject)? == 1)
}
