//! What the pages about settings read: what was seen of each mailbox and became of it, messages with what the machine said of
//! them, and the audit.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, fetch, on, statements};
use crate::{ids::Uuid, labelling::labels::Suggestion, procedure::event::Event};

/// What became of all messages that were seen in a mailbox and stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SeenRow {
    /// Configured name.
    pub mailbox: String,
    /// All of them.
    pub stored: i64,
    /// Not read yet.
    pub unread: i64,
    /// Could not be read, or only in part: an officer has to look.
    pub unreadable: i64,
    /// Read, and nothing of it is kept in a case or on the list of automatic mail.
    pub set_aside: i64,
    /// Read, and in a case.
    pub in_cases: i64,
    /// When the oldest came that is not read yet.
    pub oldest_unread: Option<DateTime<Utc>>,
}

/// A message that opened a case, with what the machine said of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenedBy {
    /// Key of the case.
    pub case_id: Uuid,
    /// Where the case stands.
    pub status: String,
    /// Key of the message.
    pub representation_id: Uuid,
    /// Where it was found.
    pub mailbox: String,
    /// Staff wrote it or passed it on.
    pub by_staff: bool,
    /// What the machine said.
    pub suggestion: Json<Suggestion>,
}

/// Whose and which lines of the audit.
#[derive(Clone, Copy, Debug)]
pub struct AuditWanted<'a> {
    /// Who reads it: nothing of a case that they may not deal with.
    pub reader: Uuid,
    /// Whether they may read cases at all.
    pub with_cases: bool,
    /// By whom; None: by everybody.
    pub by: Option<By>,
    /// `sign-in`, `look`, `case`, `check`, `account`, `settings`, `other`; empty for all.
    pub kind: &'a str,
    /// Not before.
    pub from: DateTime<Utc>,
    /// Before.
    pub to: DateTime<Utc>,
    /// How many at most.
    pub limit: i64,
    /// How many to leave out before them.
    pub offset: i64,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The account.
    Officer(Uuid),
    /// The program, somebody at the command line, or somebody without an account.
    Nobody,
}

/// A line of the audit, or what an officer did to a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AuditRow {
    /// Lines on all pages.
    pub total: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Name of the account; None for the program.
    pub officer: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// What, for a line of the audit; empty for an event.
    pub what: String,
    /// The sort.
    pub kind: String,
    /// The case's reference.
    pub reference: Option<String>,
    /// The event.
    pub body: Option<Json<Event>>,
}

// `made message` without a case: until that was written down beside it, it stood in the words alone.
statements! {
    settings_seen = "SELECT d.mailbox, count(*) AS stored, count(*) FILTER (WHERE d.state = 'unread') AS unread, count(*) FILTER (WHERE d.state = 'quarantined') AS unreadable,
    count(*) FILTER (WHERE d.state = 'read' AND d.representation_id IS NULL) AS set_aside,
    count(*) FILTER (WHERE d.state = 'read' AND EXISTS (SELECT 1 FROM case_message m WHERE m.representation_id = d.representation_id)) AS in_cases,
    min(CASE WHEN d.state = 'unread' THEN d.arrived_at END) AS oldest_unread FROM delivery d GROUP BY d.mailbox ORDER BY d.mailbox";
    settings_newest = "SELECT arrived_at, stored_at FROM delivery WHERE mailbox = $1 ORDER BY stored_at DESC, arrived_at DESC LIMIT 1";
    settings_forgotten = "SELECT mailbox, CAST(sum(n) AS BIGINT) AS n FROM forgotten_count GROUP BY mailbox ORDER BY mailbox";
    settings_opened_by = "SELECT c.id AS case_id, c.status, r.id AS representation_id, r.mailbox, (r.passed_on_by IS NOT NULL) AS by_staff, s.body AS suggestion
  FROM case_message m JOIN case_file c ON c.id = m.case_id JOIN representation r ON r.id = m.representation_id JOIN suggestion s ON s.representation_id = r.id
  WHERE m.relation = 'new' AND m.added_at >= $1 AND r.automated IS NULL AND r.channel <> 'chat' AND r.why <> $2 ORDER BY m.added_at DESC, r.id LIMIT $3";
    settings_audit = "SELECT q.total, q.at, o.name AS officer, o.email, q.what, q.kind, c.reference, e.body FROM (SELECT count(*) OVER () AS total, p.at, p.officer_id, p.what, p.kind, p.case_id, p.seq FROM (
      SELECT u.at, u.officer_id, u.what, CASE WHEN u.what IN ('signed in','failed to sign in','signed out everywhere') THEN 'sign-in'
        WHEN u.what = 'opened case' OR u.what LIKE 'saw the beginning of a case%' OR u.what LIKE 'opened a file:%' OR u.what LIKE 'opened a document:%' OR u.what LIKE 'printed %'
          OR u.what LIKE 'made a bundle%' OR u.what LIKE 'a manager opened%' THEN 'look'
        WHEN u.what LIKE 'account %' OR u.what LIKE 'password set:%' OR u.what LIKE 'second factor %' OR u.what = 'set up a second factor' THEN 'account'
        WHEN u.what LIKE 'changed the bank holidays:%' OR u.what LIKE 'exported the audit%' THEN 'settings'
        WHEN u.what LIKE '% the check %' OR u.what LIKE 'asked for a check of %' THEN 'check'
        WHEN u.case_id IS NOT NULL THEN 'case' ELSE 'other' END AS kind, u.case_id, CAST(NULL AS BIGINT) AS seq FROM audit u WHERE u.at >= $5 AND u.at < $6
      UNION ALL SELECT v.at, v.officer_id, '' AS what, 'case' AS kind, v.case_id, v.seq FROM case_event v WHERE v.officer_id IS NOT NULL AND v.at >= $5 AND v.at < $6) p
    WHERE (CAST($4 AS TEXT) = '' OR p.kind = $4)
      AND CASE CAST($2 AS TEXT) WHEN 'one' THEN p.officer_id = $3 WHEN 'nobody' THEN p.officer_id IS NULL ELSE TRUE END
      AND (CAST($7 AS TEXT) = 'with-cases' OR (p.case_id IS NULL AND p.what NOT LIKE 'made message %'))
      AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE w.id = $1
        AND (z.case_id = p.case_id OR z.case_id = (SELECT m.merged_into FROM case_file m WHERE m.id = p.case_id)))
      AND NOT (p.case_id IS NULL AND p.what LIKE 'made message %' AND EXISTS (SELECT 1 FROM case_file b JOIN case_barred z ON z.case_id = b.id JOIN officer w ON w.email = z.email
        WHERE w.id = $1 AND p.what LIKE '%' || b.reference))
    ORDER BY p.at DESC, p.case_id, p.seq DESC, p.what, p.officer_id LIMIT $8 OFFSET $9) q
  LEFT JOIN officer o ON o.id = q.officer_id LEFT JOIN case_file c ON c.id = q.case_id LEFT JOIN case_event e ON e.case_id = q.case_id AND e.seq = q.seq
  ORDER BY q.at DESC, q.case_id, q.seq DESC, q.what, q.officer_id";
}

/// What was stored of each mailbox, and what became of it.
pub async fn seen(tx: &mut Tx) -> Stored<Vec<SeenRow>> {
    fetch!(tx, settings_seen, SeenRow, all)
}

/// When the message came that was stored last of this mailbox, and when it was stored.
pub async fn newest(tx: &mut Tx, mailbox: &str) -> Stored<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    fetch!(tx, settings_newest, (DateTime<Utc>, DateTime<Utc>), optional, mailbox)
}

/// How many private messages of each mailbox were looked at and forgotten, ever.
pub async fn forgotten(tx: &mut Tx) -> Stored<Vec<(String, i64)>> {
    fetch!(tx, settings_forgotten, (String, i64), all)
}

/// The `most` newest messages that opened a case since `from`, without those whose reason is `but_for` and those of chats.
pub async fn opened_by(tx: &mut Tx, from: DateTime<Utc>, but_for: &str, most: i64) -> Stored<Vec<OpenedBy>> {
    fetch!(tx, settings_opened_by, OpenedBy, all, from, but_for, most)
}

/// One page of the audit, the newest first.
pub async fn audit(tx: &mut Tx, wanted: &AuditWanted<'_>) -> Stored<Vec<AuditRow>> {
    let (whose, officer) = match wanted.by {
        None => ("everybody", Uuid::nil()),
        Some(By::Nobody) => ("nobody", Uuid::nil()),
        Some(By::Officer(id)) => ("one", id),
    };
    fetch!(
        tx,
        settings_audit,
        AuditRow,
        all,
        wanted.reader,
        whose,
        officer,
        wanted.kind,
        wanted.from,
        wanted.to,
        if wanted.with_cases { "with-cases" } else { "" },
        wanted.limit,
        wanted.offset
    )
}
