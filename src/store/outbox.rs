//! The outbox: what goes out lies here complete before the first attempt, in the transaction that caused it.

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, safeguarding, statements};
use crate::{
    ids::Uuid,
    replies::{
        courier::{Look, Outgoing},
        guard::{ENCLOSURE, Held, Sent, counted_domain, mailbox_of},
    },
};

/// A message to queue.
pub struct NewOutgoing<'a> {
    /// Key.
    pub id: Uuid,
    /// At most one message with this key is ever queued.
    pub dedupe_key: &'a str,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
    /// `acknowledgement`, `receipt`, `alert`.
    pub kind: &'static str,
    /// `email` or `chat`.
    pub channel: &'static str,
    /// The message.
    pub message: &'a Outgoing,
    /// A limit was reached: it waits for an officer. None: it goes out.
    pub held: Option<Held>,
}

/// A message taken for sending.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    /// Key.
    pub id: Uuid,
    /// `email` or `chat`.
    pub channel: String,
    /// The message.
    pub message: Json<Outgoing>,
    /// Attempts including this one.
    pub attempts: i64,
    /// It may have arrived before: nothing said so, and nothing said that it did not.
    pub again: bool,
}

/// How many messages are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// To go out.
    pub waiting: i64,
    /// Held for an officer.
    pub held: i64,
    /// Refused for good.
    pub failed: i64,
    /// Gone, and reported as not delivered.
    pub bounced: i64,
    /// Gone.
    pub sent: i64,
}

/// Attempts before a message counts as failed: with the delays below, about two days.
const MAX_ATTEMPTS: i64 = 30;

statements! {
    outbox_put = "INSERT INTO outbox (id, dedupe_key, case_id, kind, channel, recipient, message, state, why, held_by, queued_at, run_at, message_id, mailbox, domain)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11,$12,$13,$14) ON CONFLICT (dedupe_key) DO NOTHING";
    outbox_claim = "UPDATE outbox SET locked_until = $3, locked_by = $4, attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox
    WHERE state = 'waiting' AND dropped_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1) ORDER BY run_at, id LIMIT $2) RETURNING id, channel, message, attempts, again"
  | "UPDATE outbox SET locked_until = $3, locked_by = $4, attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox
    WHERE state = 'waiting' AND dropped_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1) ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id, channel, message, attempts, again";
    outbox_again = "UPDATE outbox SET again = TRUE WHERE id = $1 AND channel = 'chat' AND state = 'waiting'";
    outbox_settle = "UPDATE outbox SET state = $2, why = $3, settled_at = $4, locked_until = NULL WHERE id = $1 AND locked_by = $5 AND state = 'waiting'";
    outbox_free = "UPDATE outbox SET locked_until = NULL WHERE state = 'waiting' AND locked_until IS NOT NULL"
  | "UPDATE outbox SET locked_until = NULL WHERE state = 'waiting' AND locked_until IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.application_name = outbox.locked_by)";
    outbox_leased = "SELECT max(locked_until) AS at FROM outbox WHERE state = 'waiting' AND locked_until > $1";
    outbox_in_doubt = "UPDATE outbox SET state = 'held', why = $3, settled_at = $2, locked_until = NULL WHERE id = $1 AND state = 'waiting'";
    outbox_was_sent = "UPDATE outbox SET state = 'sent', why = NULL, settled_at = $2, locked_until = NULL WHERE id = $1 AND state = 'waiting'";
    outbox_hold = "UPDATE outbox SET state = 'held', why = $3, held_by = $4, attempts = 0, locked_until = NULL WHERE id = $1 AND locked_by = $2 AND state = 'waiting'";
    outbox_later = "UPDATE outbox SET run_at = $2, why = $3, locked_until = NULL WHERE id = $1 AND locked_by = $4 AND state = 'waiting'";
    outbox_release = "UPDATE outbox SET state = 'waiting', why = NULL, held_by = NULL, run_at = $2, attempts = 0, settled_at = NULL,
    delivery = NULL, delivery_code = NULL, delivery_fault = NULL, delivery_why = NULL, delivery_at = NULL
  WHERE id = $1 AND (state IN ('held','failed') OR (state = 'sent' AND delivery IN ('bounced','said-bounced'))) AND dropped_at IS NULL";
    outbox_rewrite = "UPDATE outbox SET recipient = $2, message = $3, state = $4, why = $5, held_by = $6, queued_at = $7, run_at = $7, message_id = $8, mailbox = $9, domain = $10,
    attempts = 0, settled_at = NULL, dropped_at = NULL, ended_how = NULL, ended_why = NULL,
    delivery = NULL, delivery_code = NULL, delivery_fault = NULL, delivery_why = NULL, delivery_at = NULL
  WHERE dedupe_key = $1 AND (state IN ('held','failed') OR (state = 'sent' AND delivery IN ('bounced','said-bounced'))) RETURNING id";
    outbox_told = "SELECT count(*) AS n FROM outbox WHERE case_id = $1 AND recipient = $2 AND kind IN ('acknowledgement','earlier acknowledgement')
  AND ((state = 'sent' AND coalesce(delivery, '') <> 'bounced') OR (state = 'waiting' AND dropped_at IS NULL))";
    outbox_supersede = "UPDATE outbox SET kind = 'earlier acknowledgement', dedupe_key = dedupe_key || $2, why = $3, dropped_at = $4,
  state = CASE WHEN state = 'waiting' AND locked_until IS NULL THEN 'held' ELSE state END WHERE case_id = $1 AND kind = 'acknowledgement'";
    outbox_by_key = "SELECT id FROM outbox WHERE dedupe_key = $1";
    outbox_recent = "SELECT count(*) FILTER (WHERE queued_at > $3) AS hour, count(*) FILTER (WHERE queued_at > $4) AS day, count(*) AS week FROM outbox
  WHERE mailbox = $1 AND kind = $2 AND queued_at > $5 AND (state <> 'held' OR attempts > 0)";
    outbox_recent_domain = "SELECT count(*) AS n FROM outbox WHERE domain = $1 AND kind = $2 AND queued_at > $3 AND (state <> 'held' OR attempts > 0)";
    outbox_recent_all = "SELECT count(*) AS n FROM outbox WHERE kind NOT IN ('alert','chat') AND queued_at > $1 AND (state <> 'held' OR attempts > 0)";
    outbox_counts = "SELECT CASE WHEN o.state = 'sent' AND o.dropped_at IS NULL AND o.delivery IN ('bounced','said-bounced') THEN 'bounced' ELSE o.state END AS how, count(*) AS n
  FROM outbox o LEFT JOIN case_file c ON c.id = o.case_id
  WHERE o.state IN ('waiting','sent') OR (o.dropped_at IS NULL AND NOT (o.state = 'held' AND coalesce(c.status, '') = 'dismissed')) GROUP BY how";
    outbox_put_off = "UPDATE outbox SET run_at = $2 WHERE id = $1 AND state = 'waiting' AND locked_until IS NULL AND attempts = 0";
    outbox_take_out = "DELETE FROM outbox WHERE id = $1 AND kind = 'chat' AND state = 'waiting' AND locked_until IS NULL AND attempts = 0";
    outbox_wait_all = "UPDATE outbox SET run_at = $2 WHERE channel = $1 AND state = 'waiting' AND run_at < $2";
    outbox_message = "SELECT message FROM outbox WHERE id = $1";
    outbox_next_due = "SELECT min(run_at) AS at FROM outbox WHERE state = 'waiting' AND run_at > $1";
}

/// What holds a message back, if a limit gives `held`: nothing goes to some addresses before an officer has looked.
pub async fn held_back(tx: &mut Tx, message: &Outgoing, held: Option<Held>) -> Stored<Option<Held>> {
    Ok(match message.look {
        Look::First => Some(Held::DoNotReply),
        Look::Usual if safeguarding::is_marked(tx, &message.to).await? => Some(Held::DoNotReply),
        Look::Usual | Look::Done => held,
    })
}

/// Queues a message. False if one with its key is queued or sent already.
pub async fn put(tx: &mut Tx, new: &NewOutgoing<'_>, now: DateTime<Utc>) -> Stored<bool> {
    let held = held_back(tx, new.message, new.held).await?;
    let state = if held.is_some() { "held" } else { "waiting" };
    let recipient = new.message.to.to_lowercase();
    let n = execute!(
        tx,
        outbox_put,
        new.id,
        new.dedupe_key,
        new.case_id,
        new.kind,
        new.channel,
        &recipient,
        Json(new.message),
        state,
        held.map(|held| held.to_string()),
        held.map(Held::as_str),
        now,
        new.message.message_id.to_lowercase(),
        mailbox_of(&recipient),
        counted_domain(&recipient)
    )?;
    Ok(n == 1)
}

/// Queues a message in place of one with its key that was held back, failed or came back; one that waits or has arrived for
/// all we know stays as it is. Returns the key of the row.
pub async fn put_again(tx: &mut Tx, new: &NewOutgoing<'_>, now: DateTime<Utc>) -> Stored<Uuid> {
    if put(tx, new, now).await? {
        return Ok(new.id);
    }
    let held = held_back(tx, new.message, new.held).await?;
    let state = if held.is_some() { "held" } else { "waiting" };
    let recipient = new.message.to.to_lowercase();
    let rewritten = fetch!(
        tx,
        outbox_rewrite,
        (Uuid,),
        optional,
        new.dedupe_key,
        &recipient,
        Json(new.message),
        state,
        held.map(|held| held.to_string()),
        held.map(Held::as_str),
        now,
        new.message.message_id.to_lowercase(),
        mailbox_of(&recipient),
        counted_domain(&recipient)
    )?;
    match rewritten {
        Some((id,)) => Ok(id),
        None => Ok(fetch!(tx, outbox_by_key, (Uuid,), one, new.dedupe_key)?.0),
    }
}

/// Whether an acknowledgement of the case went to this address, or is on its way there.
pub async fn was_told(tx: &mut Tx, case: Uuid, recipient: &str) -> Stored<bool> {
    Ok(fetch!(tx, outbox_told, (i64,), one, case, recipient.to_lowercase())?.0 > 0)
}

/// The case's acknowledgement went, or was to go, to the wrong person: what has not gone stays, and another may be written.
pub async fn supersede(tx: &mut Tx, case: Uuid, now: DateTime<Utc>) -> Stored<()> {
    let suffix = format!(":{}", Uuid::now_v7().simple());
    let why = "an officer said that it is another person's complaint";
    execute!(tx, outbox_supersede, case, suffix, why, now).map(|_| ())
}

/// A message as it was queued.
pub async fn message(tx: &mut Tx, id: Uuid) -> Stored<Option<Outgoing>> {
    Ok(fetch!(tx, outbox_message, (Json<Outgoing>,), optional, id)?.map(|(Json(message),)| message))
}

/// Takes up to `limit` messages that are due, for `lease`: if the sender dies, another may take them afterwards.
pub async fn claim(tx: &mut Tx, limit: i64, who: &str, lease: Duration, now: DateTime<Utc>) -> Stored<Vec<Claimed>> {
    let mut claimed = fetch!(tx, outbox_claim, Claimed, all, now, limit, now + lease, who)?;
    // RETURNING keeps no order; keys are in the order of queueing.
    claimed.sort_by_key(|message| message.id);
    Ok(claimed)
}

/// The message was delivered.
pub async fn sent(tx: &mut Tx, id: Uuid, who: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, outbox_settle, id, "sent", Option::<&str>::None, now, who)? == 1)
}

/// What officers read of a letter that was on its way when the program ended.
const IN_DOUBT: &str = "it was on its way when the program ended, and has most probably arrived; ask the family, and send it again only if it has not";

/// The message was on its way when the program ended: whether it arrived, only its recipient knows (RFC 1047). A letter by mail waits for an
/// officer; what goes into a chat goes again, and says so.
pub async fn in_doubt(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<()> {
    if unsure(tx, id).await? { Ok(()) } else { execute!(tx, outbox_in_doubt, id, now, IN_DOUBT).map(|_| ()) }
}

/// What goes into a chat may have arrived, and may not: the next attempt says so. False for what goes by mail.
pub async fn unsure(tx: &mut Tx, id: Uuid) -> Stored<bool> {
    Ok(execute!(tx, outbox_again, id)? == 1)
}

/// The message was delivered before the program ended last time.
pub async fn was_sent(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, outbox_was_sent, id, now).map(|_| ())
}

/// Frees what programs had in hand that are no more. On SQLite that is everything: the caller must be the only sender.
pub async fn free_abandoned(tx: &mut Tx) -> Stored<()> {
    execute!(tx, outbox_free).map(|_| ())
}

/// Until when messages are in the hands of another program, or of one that died.
pub async fn leased_until(tx: &mut Tx, now: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
    Ok(fetch!(tx, outbox_leased, (Option<DateTime<Utc>>,), one, now)?.0)
}

/// The message was refused for good: an officer must see it.
pub async fn failed(tx: &mut Tx, id: Uuid, who: &str, why: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, outbox_settle, id, "failed", Some(why), now, who)? == 1)
}

/// What goes with the message is not there or may not go: it waits for an officer, and was not tried.
pub async fn hold_enclosure(tx: &mut Tx, id: Uuid, who: &str, why: &str) -> Stored<bool> {
    Ok(execute!(tx, outbox_hold, id, who, why, ENCLOSURE)? == 1)
}

/// The message could not be sent now: again after a growing delay, or failed after the last attempt.
pub async fn later(tx: &mut Tx, claimed: &Claimed, who: &str, why: &str, now: DateTime<Utc>) -> Stored<()> {
    if claimed.attempts >= MAX_ATTEMPTS {
        failed(tx, claimed.id, who, why, now).await?;
        return Ok(());
    }
    execute!(tx, outbox_later, claimed.id, now + retry_delay(claimed.attempts), why, who).map(|_| ())
}

/// A message that waits goes at `at`. False when it has gone, or is on its way.
pub async fn put_off(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, outbox_put_off, id, at)? == 1)
}

/// A message of the bot's that waits does not go. False when it has gone, or is on its way.
pub async fn take_out(tx: &mut Tx, id: Uuid) -> Stored<bool> {
    Ok(execute!(tx, outbox_take_out, id)? == 1)
}

/// Nothing goes out by this channel before `at`: the service asks for it.
pub async fn wait_all(tx: &mut Tx, channel: &str, at: DateTime<Utc>) -> Stored<()> {
    execute!(tx, outbox_wait_all, channel, at).map(|_| ())
}

/// Delay before attempt `attempts + 1`: 5 s, doubling, at most 2 hours.
fn retry_delay(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    Duration::seconds((5i64 << doublings).min(7200))
}

/// An officer lets a message go that was held, failed or came back. False if it is none of these.
pub async fn release(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, outbox_release, id, now)? == 1)
}

/// How many letters of `kind` were queued lately: to this recipient's mailbox and domain, and in all. Those that a limit
/// held back were not sent, and do not count.
pub async fn sent_lately(tx: &mut Tx, recipient: &str, kind: &str, now: DateTime<Utc>) -> Stored<Sent> {
    let (hour, day, week) = (now - Duration::hours(1), now - Duration::days(1), now - Duration::days(7));
    let few = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let to = fetch!(tx, outbox_recent, (i64, i64, i64), one, mailbox_of(recipient), kind, hour, day, week)?;
    let to_domain_hour = match counted_domain(recipient) {
        Some(domain) => few(fetch!(tx, outbox_recent_domain, (i64,), one, domain, kind, hour)?.0),
        None => 0,
    };
    let (in_all,) = fetch!(tx, outbox_recent_all, (i64,), one, hour)?;
    Ok(Sent {
        to_recipient_hour: few(to.0),
        to_recipient_day: few(to.1),
        to_recipient_week: few(to.2),
        to_domain_hour,
        to_everyone_hour: few(in_all),
    })
}

/// How many messages are in each state.
pub async fn counts(tx: &mut Tx) -> Stored<Counts> {
    let mut counts = Counts::default();
    for (state, n) in fetch!(tx, outbox_counts, (String, i64), all)? {
        match state.as_str() {
            "waiting" => counts.waiting = n,
            "held" => counts.held = n,
            "failed" => counts.failed = n,
            "bounced" => counts.bounced = n,
            _ => counts.sent = n,
        }
    }
    Ok(counts)
}

/// When the next waiting message comes due after `now`.
pub async fn next_due(tx: &mut Tx, now: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
    Ok(fetch!(tx, outbox_next_due, (Option<DateTime<Utc>>,), one, now)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_from_five_seconds_to_two_hours() {
        assert_eq!(retry_delay(1), Duration::seconds(5));
        assert_eq!(retry_delay(4), Duration::seconds(40));
        assert_eq!(retry_delay(30), Duration::seconds(7200));
    }
}
