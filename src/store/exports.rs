//! What exports read.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, fetch, on, statements};
use crate::ids::Uuid;

statements! {
    export_cases = "SELECT c.id, c.reference, c.status, c.act, c.procedure, c.theme, c.safeguarding, c.stage, c.received_at, c.due_on, c.due_duty, c.decide_by, (c.merged_into IS NOT NULL) AS merged,
  (SELECT j.reference FROM joint_case x JOIN joint j ON j.id = x.joint_id WHERE x.case_id = c.id) AS joint,
  p.name AS complainant_name, (SELECT min(a.address) FROM contact_address a WHERE a.contact_id = c.complainant_id) AS complainant_address
  FROM case_file c LEFT JOIN contact p ON p.id = c.complainant_id ORDER BY c.reference";
    export_suggested = "SELECT c.reference, o.reference AS other FROM joint_suggestion g JOIN joint_suggestion_case x ON x.suggestion_id = g.id JOIN case_file c ON c.id = x.case_id
  JOIN joint_suggestion_case y ON y.suggestion_id = g.id AND y.case_id <> x.case_id JOIN case_file o ON o.id = y.case_id WHERE g.state = 'open'";
    export_messages = "SELECT m.case_id, r.message_id, r.mailbox, m.relation FROM case_message m JOIN representation r ON r.id = m.representation_id
  ORDER BY r.received_at, r.id";
    count_cases = "SELECT act, procedure, theme, stage, status, (answered_at IS NOT NULL) AS answered, count(*) AS n FROM case_file
  WHERE received_at >= $1 AND received_at < $2 AND merged_into IS NULL GROUP BY act, procedure, theme, stage, status, (answered_at IS NOT NULL)";
}

/// How many cases are alike.
#[derive(Clone, Debug, sqlx::FromRow)]
#[allow(missing_docs)] // the names are those of the export
pub struct CountLine {
    pub act: String,
    pub procedure: String,
    pub theme: String,
    pub stage: i64,
    pub status: String,
    pub answered: bool,
    pub n: i64,
}

/// How many cases were received from `from` until before `until`, by what they are; each that was merged into another is left out.
pub async fn counts(tx: &mut Tx, from: DateTime<Utc>, until: DateTime<Utc>) -> Stored<Vec<CountLine>> {
    fetch!(tx, count_cases, CountLine, all, from, until)
}

/// A case's line.
#[derive(Clone, Debug, sqlx::FromRow)]
#[allow(missing_docs)] // the names are those of the export
pub struct CaseLine {
    pub id: Uuid,
    pub reference: String,
    pub status: String,
    pub act: String,
    pub procedure: String,
    pub theme: String,
    pub safeguarding: bool,
    pub stage: i64,
    pub received_at: DateTime<Utc>,
    pub due_on: NaiveDate,
    pub due_duty: String,
    pub decide_by: NaiveDate,
    pub merged: bool,
    pub joint: Option<String>,
    pub complainant_name: Option<String>,
    pub complainant_address: Option<String>,
}

/// A message's line.
#[derive(Clone, Debug, sqlx::FromRow)]
#[allow(missing_docs)] // the names are those of the export
pub struct MessageLine {
    pub case_id: Uuid,
    pub message_id: Option<String>,
    pub mailbox: String,
    pub relation: String,
}

/// Every case, by reference.
pub async fn cases(tx: &mut Tx) -> Stored<Vec<CaseLine>> {
    fetch!(tx, export_cases, CaseLine, all)
}

/// What is suggested as a joint complaint: the reference of each case with that of each other.
pub async fn suggested(tx: &mut Tx) -> Stored<Vec<(String, String)>> {
    fetch!(tx, export_suggested, (String, String), all)
}

/// Every message of every case, oldest first.
pub async fn messages(tx: &mut Tx) -> Stored<Vec<MessageLine>> {
    fetch!(tx, export_messages, MessageLine, all)
}
