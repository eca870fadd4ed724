//! One case as its page shows it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, fetch, on, statements};
use crate::{ids::Uuid, intake::reading::Reading, labelling::labels::Suggestion};

/// The case's columns with names.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Head {
    /// Key.
    pub id: Uuid,
    /// Where the first message was found.
    pub mailbox: String,
    /// Whose complaint it is.
    pub complainant_id: Option<Uuid>,
    /// Their name.
    pub family: Option<String>,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// The duty of that day.
    pub due_duty: String,
    /// The rule of that day in words.
    pub due_rule: String,
    /// Last day to say which procedure it is.
    pub decide_by: NaiveDate,
    /// `closed` is known by this column alone.
    pub status: String,
}

/// A message of the case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Message {
    /// Key.
    pub id: Uuid,
    /// Whose words these are.
    pub author_name: Option<String>,
    /// Where they can be reached.
    pub author_address: Option<String>,
    /// Staff who passed it on.
    pub passed_on_by: Option<String>,
    /// When the council received it.
    pub received_at: DateTime<Utc>,
    /// Where it was found first.
    pub mailbox: String,
    /// What was read.
    pub reading: Json<Reading>,
    /// How it belongs.
    pub relation: String,
    /// Why it was matched.
    pub why: String,
}

/// A letter of the case in the outbox, with what became of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Letter {
    /// To whom.
    pub recipient: String,
    /// `waiting`, `sent`, `held` or `failed`.
    pub state: String,
    /// Why it is held, failed, or was not sent the last time.
    pub why: Option<String>,
    /// When the next attempt is made.
    pub run_at: DateTime<Utc>,
    /// When it was sent or failed.
    pub settled_at: Option<DateTime<Utc>>,
    /// `arrived`, `told` or `dropped`: how an officer ended the matter.
    pub ended_how: Option<String>,
    /// Why.
    pub ended_why: Option<String>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// `delayed`, `delivered`, `bounced` or `said-bounced`, if anything was reported.
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

statements! {
    case_head = "SELECT c.id, c.mailbox, c.complainant_id, k.name AS family, c.received_at, c.due_on, c.due_duty, c.due_rule, c.decide_by, c.status
  FROM case_file c LEFT JOIN contact k ON k.id = c.complainant_id WHERE c.reference = $1";
    case_messages = "SELECT r.id, r.author_name, r.author_address, r.passed_on_by, r.received_at, r.mailbox, r.reading, m.relation, m.why
  FROM case_message m JOIN representation r ON r.id = m.representation_id WHERE m.case_id = $1 ORDER BY CASE WHEN m.relation = 'new' THEN 0 ELSE 1 END, r.received_at, r.id";
    case_deliveries = "SELECT d.representation_id, d.mailbox, min(d.arrived_at) AS first_at FROM delivery d
  JOIN case_message m ON m.representation_id = d.representation_id WHERE m.case_id = $1 GROUP BY d.representation_id, d.mailbox ORDER BY first_at, d.mailbox";
    case_suggestion = "SELECT s.body FROM suggestion s JOIN case_message m ON m.representation_id = s.representation_id WHERE m.case_id = $1 AND m.relation = 'new' LIMIT 1";
    case_acknowledgement = "SELECT recipient, state, why, run_at, settled_at, ended_how, ended_why, dropped_at AS ended_at, delivery, delivery_code, delivery_fault, delivery_why, delivery_at FROM outbox WHERE case_id = $1 AND kind = 'acknowledgement' ORDER BY queued_at LIMIT 1";
}

/// The case with this reference.
pub async fn head(tx: &mut Tx, reference: &str) -> Stored<Option<Head>> {
    fetch!(tx, case_head, Head, optional, reference)
}

/// The messages: the one that opened the case, then the others as they were received.
pub async fn messages(tx: &mut Tx, case: Uuid) -> Stored<Vec<Message>> {
    fetch!(tx, case_messages, Message, all, case)
}

/// In which mailboxes each message was found, the first place first.
pub async fn deliveries(tx: &mut Tx, case: Uuid) -> Stored<Vec<(Uuid, String)>> {
    let rows = fetch!(tx, case_deliveries, (Uuid, String, DateTime<Utc>), all, case)?;
    Ok(rows.into_iter().map(|(message, mailbox, _)| (message, mailbox)).collect())
}

/// What the machine thinks of the message that opened the case.
pub async fn suggestion(tx: &mut Tx, case: Uuid) -> Stored<Option<Suggestion>> {
    Ok(fetch!(tx, case_suggestion, (Json<Suggestion>,), optional, case)?.map(|(Json(suggestion),)| suggestion))
}

/// The acknowledgement, if one was ever written.
pub async fn acknowledgement(tx: &mut Tx, case: Uuid) -> Stored<Option<Letter>> {
    fetch!(tx, case_acknowledgement, Letter, optional, case)
}
