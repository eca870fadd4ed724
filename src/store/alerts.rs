//! What somebody was told on another channel than mail, and how the ways out are.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};

/// A fault that was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Alert {
    /// Which.
    pub about: String,
    /// What does not work.
    pub title: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When somebody was told last; None: nobody could be reached yet.
    pub told_at: Option<DateTime<Utc>>,
}

/// How a way out is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WayOut {
    /// `email` or `chat`.
    pub channel: String,
    /// When something last went out.
    pub last_success_at: Option<DateTime<Utc>>,
    /// The sort of trouble, None when it works.
    pub trouble: Option<String>,
    /// Since when.
    pub trouble_since: Option<DateTime<Utc>>,
}

statements! {
    alert_all = "SELECT about, title, since, told_at FROM alert ORDER BY since, about";
    alert_begin = "INSERT INTO alert (about, title, since, locked_by, locked_until) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (about) DO NOTHING";
    alert_claim = "UPDATE alert SET locked_by = $2, locked_until = $3 WHERE about = $1 AND (locked_until IS NULL OR locked_until < $4)
  AND (told_at = $5 OR (told_at IS NULL AND $5 IS NULL))";
    alert_told = "UPDATE alert SET told_at = $3, locked_by = NULL, locked_until = NULL, attempts = 0 WHERE about = $1 AND locked_by = $2";
    alert_over = "DELETE FROM alert WHERE about = $1 AND locked_by = $2";
    alert_later = "UPDATE alert SET attempts = attempts + 1, locked_until = $3 WHERE about = $1 AND locked_by = $2";
    sending_good = "INSERT INTO sending_health (channel, last_success_at) VALUES ($1,$2) ON CONFLICT (channel) DO UPDATE
  SET last_success_at = excluded.last_success_at, trouble = NULL, trouble_since = NULL";
    sending_bad = "INSERT INTO sending_health (channel, trouble, trouble_since) VALUES ($1,$2,$3) ON CONFLICT (channel) DO UPDATE
  SET trouble = excluded.trouble, trouble_since = coalesce(sending_health.trouble_since, excluded.trouble_since)";
    sending_all = "SELECT channel, last_success_at, trouble, trouble_since FROM sending_health ORDER BY channel";
}

/// Every fault that lasts, or that is over and nobody was told yet.
pub async fn alerts(tx: &mut Tx) -> Stored<Vec<Alert>> {
    fetch!(tx, alert_all, Alert, all)
}

/// Takes it on to tell that `about` does not work. False if another program does, or the last attempt was a moment ago.
pub async fn claim_new(
    tx: &mut Tx,
    about: &str,
    title: &str,
    since: DateTime<Utc>,
    who: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Stored<bool> {
    if execute!(tx, alert_begin, about, title, since, who, until)? == 1 {
        return Ok(true);
    }
    claim(tx, about, None, who, until, now).await
}

/// Takes it on to say something more about a fault that was told at `told_at`. False if another program does, or did.
pub async fn claim(
    tx: &mut Tx,
    about: &str,
    told_at: Option<DateTime<Utc>>,
    who: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Stored<bool> {
    Ok(execute!(tx, alert_claim, about, who, until, now, told_at)? == 1)
}

/// Somebody was told.
pub async fn told(tx: &mut Tx, about: &str, who: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, alert_told, about, who, now).map(|_| ())
}

/// It is over, and whoever was told of it knows.
pub async fn over(tx: &mut Tx, about: &str, who: &str) -> Stored<()> {
    execute!(tx, alert_over, about, who).map(|_| ())
}

/// Nobody could be reached: not again before `until`.
pub async fn later(tx: &mut Tx, about: &str, who: &str, until: DateTime<Utc>) -> Stored<()> {
    execute!(tx, alert_later, about, who, until).map(|_| ())
}

/// Something went out by `channel`.
pub async fn sending_good(tx: &mut Tx, channel: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, sending_good, channel, now).map(|_| ())
}

/// Nothing can go out by `channel`.
pub async fn sending_bad(tx: &mut Tx, channel: &str, trouble: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, sending_bad, channel, trouble, now).map(|_| ())
}

/// How all ways out are.
pub async fn ways_out(tx: &mut Tx) -> Stored<Vec<WayOut>> {
    fetch!(tx, sending_all, WayOut, all)
}
