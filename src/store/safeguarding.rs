//! Alerts that nobody has acknowledged, and addresses that must not be written to before somebody has looked.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    procedure::case::CaseFile,
    replies::guard::{DO_NOT_REPLY, Held, mailbox_of},
};

/// Alerts that nobody has acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Unread {
    /// How many.
    pub n: i64,
    /// Since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
}

statements! {
    alarm_set = "UPDATE case_file SET alert_unread_since = $2, alert_told_at = $3, alert_level = $4 WHERE id = $1";
    alarms_due = "SELECT id FROM case_file WHERE alert_unread_since IS NOT NULL AND alert_told_at <= $1 AND alert_level < $2 ORDER BY alert_told_at, id";
    alarms_unread = "SELECT count(*) AS n, min(alert_unread_since) AS oldest FROM case_file WHERE alert_unread_since IS NOT NULL";
    do_not_reply_put = "INSERT INTO do_not_reply (mailbox, marked_at) VALUES ($1,$2) ON CONFLICT (mailbox) DO NOTHING";
    do_not_reply_remove = "DELETE FROM do_not_reply WHERE mailbox = $1";
    do_not_reply_is = "SELECT count(*) AS n FROM do_not_reply WHERE mailbox = $1";
    letters_to_hold = "UPDATE outbox SET state = 'held', why = $2, held_by = $3 WHERE mailbox = $1 AND state = 'waiting' AND dropped_at IS NULL AND locked_until IS NULL
  AND kind NOT IN ('alert','designated-officer')";
    letter_to_hold = "UPDATE outbox SET state = 'held', why = $2, held_by = $3, settled_at = NULL, locked_until = NULL,
    delivery = NULL, delivery_code = NULL, delivery_fault = NULL, delivery_why = NULL, delivery_at = NULL WHERE id = $1 AND dropped_at IS NULL";
    letter_waits_for_look = "SELECT count(*) AS n FROM outbox WHERE dedupe_key = $1 AND mailbox = $2 AND state = 'held' AND held_by = $3 AND dropped_at IS NULL";
}

/// Brings the columns of a case's alert up to date. What went into another case waits there.
pub async fn keep_alarm(tx: &mut Tx, id: Uuid, case: &CaseFile) -> Stored<()> {
    let alarm = &case.safeguarding.alarm;
    let since = alarm.since.filter(|_| case.merged_into.is_none());
    execute!(tx, alarm_set, id, since, alarm.told_at, i64::from(alarm.level)).map(|_| ())
}

/// The cases whose alert nobody has acknowledged, where nobody was written to since `before` and a level of `levels` is left.
pub async fn due(tx: &mut Tx, before: DateTime<Utc>, levels: usize) -> Stored<Vec<Uuid>> {
    let levels = i64::try_from(levels).unwrap_or(i64::MAX);
    Ok(fetch!(tx, alarms_due, (Uuid,), all, before, levels)?.into_iter().map(|row| row.0).collect())
}

/// How many alerts nobody has acknowledged.
pub async fn unread(tx: &mut Tx) -> Stored<Unread> {
    fetch!(tx, alarms_unread, Unread, one)
}

/// Whether an officer marked the address.
pub async fn is_marked(tx: &mut Tx, address: &str) -> Stored<bool> {
    Ok(fetch!(tx, do_not_reply_is, (i64,), one, mailbox_of(address))?.0 > 0)
}

/// From now on nothing goes to the address before an officer has looked at it, letters that wait already included; or everything
/// goes as to any other.
pub async fn mark(tx: &mut Tx, address: &str, is: bool, now: DateTime<Utc>) -> Stored<()> {
    let mailbox = mailbox_of(address);
    if !is {
        return execute!(tx, do_not_reply_remove, &mailbox).map(|_| ());
    }
    execute!(tx, do_not_reply_put, &mailbox, now)?;
    execute!(tx, letters_to_hold, &mailbox, Held::DoNotReply.to_string(), DO_NOT_REPLY).map(|_| ())
}

/// The letter waits until an officer has looked at whom it goes to.
pub async fn hold(tx: &mut Tx, letter: Uuid) -> Stored<()> {
    execute!(tx, letter_to_hold, letter, Held::DoNotReply.to_string(), DO_NOT_REPLY).map(|_| ())
}

/// Whether the letter with this key to this address waits for that.
pub async fn waits_for_look(tx: &mut Tx, key: &str, address: &str) -> Stored<bool> {
    Ok(fetch!(tx, letter_waits_for_look, (i64,), one, key, mailbox_of(address), DO_NOT_REPLY)?.0 > 0)
}
