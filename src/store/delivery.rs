//! What became of letters after they were sent, and what officers did about those that did not arrive.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    procedure::event::{Outcome, Settlement},
};

/// A letter that a report may be about.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Letter {
    /// Key.
    pub id: Uuid,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
    /// `acknowledgement`, `receipt`, `alert`, `greeting`.
    pub kind: String,
    /// To whom it went.
    pub recipient: String,
    /// `delayed`, `delivered`, `bounced` or `said-bounced`, if anything was reported.
    pub delivery: Option<String>,
}

/// What a report says about a letter.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'a> {
    /// What became of it.
    pub outcome: Outcome,
    /// The report names the letter by our keyed Message-ID.
    pub proven: bool,
    /// Status code (RFC 3463).
    pub code: Option<&'a str>,
    /// The kind of fault, as [`crate::intake::bounce::Fault`] is written.
    pub fault: &'a str,
    /// What the mail system said.
    pub why: &'a str,
}

/// A letter that an officer must see to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenLetter {
    /// Key.
    pub id: Uuid,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
    /// Where the case stands.
    pub status: Option<String>,
    /// The case.
    pub reference: Option<String>,
    /// `acknowledgement`, `receipt`, `alert`, `greeting`.
    pub kind: String,
    /// `email` or `chat`.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// `held`, `failed` or `sent`.
    pub state: String,
    /// It was on its way once: refused, in doubt, or come back.
    pub tried: bool,
    /// Why it is held or was refused.
    pub why: Option<String>,
    /// The limit that held it back.
    pub held_by: Option<String>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// `bounced` or `said-bounced`.
    pub delivery: Option<String>,
    /// Status code of that.
    pub delivery_code: Option<String>,
    /// The kind of fault.
    pub delivery_fault: Option<String>,
    /// What the mail system said.
    pub delivery_why: Option<String>,
    /// When it was reported.
    pub delivery_at: Option<DateTime<Utc>>,
}

/// A case whose family no letter can tell that we have their complaint.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Untold {
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The complainant's name.
    pub family: Option<String>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Its version.
    pub version: i64,
}

// What the lists and their counts share. The beginning of each stands word for word in an index (migration 0028): so neither reads every
// letter, or every case, that there is.
macro_rules! is_listed {
    () => { "o.dropped_at IS NULL AND (o.state IN ('held','failed') OR o.delivery IN ('bounced','said-bounced'))
    AND (o.state = 'failed' OR (o.state = 'held' AND coalesce(c.status, '') <> 'dismissed') OR (o.state = 'sent' AND o.delivery IN ('bounced','said-bounced')))" };
}
macro_rules! is_untold {
    () => { "c.acknowledgement = 'by-hand' AND c.told_at IS NULL AND c.status IN ('to-confirm','open') AND c.act IN ('complaint','concern')" };
}

statements! {
    letter_by_message_id = "SELECT id, case_id, kind, recipient, delivery FROM outbox WHERE message_id = $1 ORDER BY queued_at DESC, id DESC LIMIT 1";
    letter_latest_to = "SELECT id, case_id, kind, recipient, delivery FROM outbox WHERE recipient = $1 AND channel = 'email' AND queued_at > $2 AND (state = 'sent' OR attempts > 0)
  ORDER BY queued_at DESC, id DESC LIMIT 1";
    letter_reported = "UPDATE outbox SET delivery = $2, delivery_code = $3, delivery_fault = $4, delivery_why = $5, delivery_at = $6 WHERE id = $1";
    letter_listed_again = "UPDATE outbox SET dropped_at = NULL, ended_how = NULL, ended_why = NULL WHERE id = $1 AND dropped_at IS NOT NULL";
    letter_was_taken = "UPDATE outbox SET state = 'sent', why = NULL, locked_until = NULL WHERE id = $1 AND state = 'held' AND attempts > 0";
    letter_ended = "UPDATE outbox SET ended_how = $2, ended_why = $3, dropped_at = $4
  WHERE id = $1 AND dropped_at IS NULL AND (state IN ('held','failed') OR (state = 'sent' AND delivery IN ('bounced','said-bounced')))";
    letter_open = "SELECT o.id, o.case_id, c.status, c.reference, o.kind, o.channel, o.recipient, o.state, (o.attempts > 0) AS tried, o.why, o.held_by, o.queued_at,
    o.delivery, o.delivery_code, o.delivery_fault, o.delivery_why, o.delivery_at FROM outbox o LEFT JOIN case_file c ON c.id = o.case_id
  WHERE o.id = $1 AND o.dropped_at IS NULL AND (o.state IN ('held','failed') OR (o.state = 'sent' AND o.delivery IN ('bounced','said-bounced')))";
    letters_open = { concat!("SELECT o.id, o.case_id, c.status, c.reference, o.kind, o.channel, o.recipient, o.state, (o.attempts > 0) AS tried, o.why, o.held_by, o.queued_at,
    o.delivery, o.delivery_code, o.delivery_fault, o.delivery_why, o.delivery_at FROM outbox o LEFT JOIN case_file c ON c.id = o.case_id
  WHERE ", is_listed!(), "
  AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = o.case_id AND w.id = $2)
  ORDER BY CASE WHEN o.kind = 'alert' THEN 0 ELSE 1 END, o.queued_at, o.id LIMIT $1") };
    untold = { concat!("SELECT c.reference, k.name AS family, c.received_at, c.version FROM case_file c LEFT JOIN contact k ON k.id = c.complainant_id
  WHERE ", is_untold!(), " AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $2) ORDER BY c.received_at, c.reference LIMIT $1") };
    untold_count = { concat!("SELECT count(*) AS n FROM case_file c WHERE ", is_untold!(), "
  AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $1)") };
    letters_open_count = { concat!("SELECT count(*) AS n FROM outbox o LEFT JOIN case_file c ON c.id = o.case_id
  WHERE ", is_listed!(), "
  AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = o.case_id AND w.id = $1)") };
    address_unreachable = "UPDATE contact_address SET unreachable_at = $2 WHERE address = $1";
    address_owner = "SELECT contact_id FROM contact_address WHERE address = $1";
    address_add = "INSERT INTO contact_address (address, contact_id) VALUES ($1,$2) ON CONFLICT (address) DO UPDATE SET unreachable_at = NULL";
}

/// The letter with this Message-ID.
pub async fn by_message_id(tx: &mut Tx, message_id: &str) -> Stored<Option<Letter>> {
    fetch!(tx, letter_by_message_id, Letter, optional, message_id.to_lowercase())
}

/// The last letter that was sent to `recipient` since `since`.
pub async fn latest_to(tx: &mut Tx, recipient: &str, since: DateTime<Utc>) -> Stored<Option<Letter>> {
    fetch!(tx, letter_latest_to, Letter, optional, recipient.to_lowercase(), since)
}

/// Writes down what a report says. What came back after all is on the list again, whatever was thought of it before.
pub async fn report(tx: &mut Tx, letter: Uuid, reported: Reported<'_>, now: DateTime<Utc>) -> Stored<()> {
    let delivery = match (reported.outcome, reported.proven) {
        (Outcome::Failed, true) => "bounced",
        (Outcome::Failed, false) => "said-bounced",
        (Outcome::Delayed, _) => "delayed",
        (Outcome::Delivered, _) => "delivered",
    };
    execute!(tx, letter_reported, letter, delivery, reported.code, reported.fault, reported.why, now)?;
    if reported.proven {
        // Whoever reports on it had it in hands: no doubt any more whether it left.
        execute!(tx, letter_was_taken, letter)?;
    }
    if delivery == "bounced" {
        execute!(tx, letter_listed_again, letter)?;
    }
    Ok(())
}

/// An officer ends the matter of a letter. False if it is not on the list.
pub async fn end(tx: &mut Tx, letter: Uuid, how: Settlement, why: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, letter_ended, letter, how.as_str(), why, now)? == 1)
}

/// The matter of a letter is open again.
pub async fn reopen(tx: &mut Tx, letter: Uuid) -> Stored<()> {
    execute!(tx, letter_listed_again, letter).map(|_| ())
}

/// The letter, if it is on the list.
pub async fn open(tx: &mut Tx, letter: Uuid) -> Stored<Option<OpenLetter>> {
    fetch!(tx, letter_open, OpenLetter, optional, letter)
}

/// The letters that an officer must see to: alerts first, then the oldest.
pub async fn all_open(tx: &mut Tx, limit: i64, officer: Uuid) -> Stored<Vec<OpenLetter>> {
    fetch!(tx, letters_open, OpenLetter, all, limit, officer)
}

/// The cases whose families no letter can tell and that `officer` may deal with, the oldest first.
pub async fn untold(tx: &mut Tx, limit: i64, officer: Uuid) -> Stored<Vec<Untold>> {
    fetch!(tx, untold, Untold, all, limit, officer)
}

/// How many there are.
pub async fn untold_count(tx: &mut Tx, officer: Uuid) -> Stored<i64> {
    Ok(fetch!(tx, untold_count, (i64,), one, officer)?.0)
}

/// How many letters have not arrived, without those about cases that `officer` may not deal with.
pub async fn open_count(tx: &mut Tx, officer: Uuid) -> Stored<i64> {
    Ok(fetch!(tx, letters_open_count, (i64,), one, officer)?.0)
}

/// Mail to this address comes back.
pub async fn unreachable(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, address_unreachable, address.to_lowercase(), now).map(|_| ())
}

/// Whose address it is.
pub async fn owner(tx: &mut Tx, address: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, address_owner, (Uuid,), optional, address.to_lowercase())?.map(|row| row.0))
}

/// Another address of a contact; one that somebody has already stays theirs, and is good again.
pub async fn add_address(tx: &mut Tx, contact: Uuid, address: &str) -> Stored<()> {
    execute!(tx, address_add, address.to_lowercase(), contact).map(|_| ())
}
