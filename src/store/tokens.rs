//! Sources of sign-in tokens: how each is, and the refresh token it was given last.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};

/// How a source is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Source {
    /// `[oauth.NAME]`.
    pub name: String,
    /// When it last gave a token.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When that token ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// The sort of fault, None when it works.
    pub fault: Option<String>,
    /// The server's own code for it.
    pub code: Option<String>,
    /// The fault in words.
    pub error: Option<String>,
    /// Since when.
    pub error_since: Option<DateTime<Utc>>,
}

/// What came of asking for the turn to spend a refresh token.
#[derive(Clone, Debug)]
pub enum Turn {
    /// It is ours.
    Ours {
        /// The token that was kept last, sealed.
        sealed: Option<Vec<u8>>,
        /// The turn before was not given back.
        interrupted: bool,
    },
    /// Another program has it.
    Others,
}

statements! {
    token_source_known = "INSERT INTO token_source (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
    token_source_seed = "UPDATE token_source SET seed = $2, sealed = NULL WHERE name = $1 AND coalesce(seed, '') <> $2";
    token_source_turn = "SELECT locked_by FROM token_source WHERE name = $1 AND locked_until IS NOT NULL";
    token_source_take = "UPDATE token_source SET locked_by = $2, locked_until = $3
  WHERE name = $1 AND (locked_until IS NULL OR locked_until < $4 OR locked_by = $2) RETURNING sealed";
    token_source_give_back = "UPDATE token_source SET sealed = coalesce($3, sealed), locked_by = NULL, locked_until = NULL
  WHERE name = $1 AND locked_by = $2 AND seed = $4";
    token_source_good = "INSERT INTO token_source (name, refreshed_at, ends_at, failures) VALUES ($1,$2,$3,0) ON CONFLICT (name) DO UPDATE
  SET refreshed_at = excluded.refreshed_at, ends_at = excluded.ends_at, fault = NULL, code = NULL, error = NULL, error_since = NULL, failures = 0";
    token_source_bad = "INSERT INTO token_source (name, fault, code, error, error_since, failures) VALUES ($1,$2,$3,$4,$5,1) ON CONFLICT (name) DO UPDATE
  SET fault = excluded.fault, code = excluded.code, error = excluded.error,
    error_since = coalesce(token_source.error_since, excluded.error_since), failures = token_source.failures + 1";
    token_source_all = "SELECT name, refreshed_at, ends_at, fault, code, error, error_since FROM token_source ORDER BY name";
}

/// Asks for the turn of `name` until `until`. `seed` marks the configured token; another mark than before forgets what was
/// kept.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    seed: &str,
    who: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Stored<Turn> {
    execute!(tx, token_source_known, name)?;
    execute!(tx, token_source_seed, name, seed)?;
    let before = fetch!(tx, token_source_turn, (Option<String>,), optional, name)?;
    let interrupted = before.and_then(|row| row.0).is_some_and(|other| other != who);
    let taken = fetch!(tx, token_source_take, (Option<Vec<u8>>,), optional, name, who, until, now)?;
    Ok(taken.map_or(Turn::Others, |(sealed,)| Turn::Ours { sealed, interrupted }))
}

/// Keeps `sealed`, if there is one, and gives the turn back. False if it was not ours any more: nothing is kept then.
pub async fn give_back(tx: &mut Tx, name: &str, seed: &str, who: &str, sealed: Option<&[u8]>) -> Stored<bool> {
    Ok(execute!(tx, token_source_give_back, name, who, sealed, seed)? == 1)
}

/// The source gave a token that ends at `ends_at`.
pub async fn good(tx: &mut Tx, name: &str, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, token_source_good, name, now, ends_at).map(|_| ())
}

/// The source gave none: the sort of fault, the server's code, and the words.
pub async fn bad(
    tx: &mut Tx,
    name: &str,
    fault: &str,
    code: Option<&str>,
    error: &str,
    now: DateTime<Utc>,
) -> Stored<()> {
    execute!(tx, token_source_bad, name, fault, code, error, now).map(|_| ())
}

/// How all sources are that were ever used.
pub async fn sources(tx: &mut Tx) -> Stored<Vec<Source>> {
    fetch!(tx, token_source_all, Source, all)
}
