//! The officers' queue: one page of it, and how many cases each filter finds.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, fetch, on, statements};
use crate::{ids::Uuid, intake::files::text::for_search, labelling::labels::Suggestion};

/// Shorter words stand in every file.
const SHORTEST_WORD: usize = 3;

/// Which cases, in which order.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// `to-confirm`, `mine`, `unassigned`, `overdue`, `due-soon`, `safeguarding`, `unread-alert`, `new-message`, `possible` or `all`.
    pub filter: &'a str,
    /// Whose cases are "mine", and who sees none that they may not deal with.
    pub officer: Uuid,
    /// What counts as late.
    pub late: Late,
    /// Part of a reference, name or address, or of a file's name or words; empty for no search.
    pub search: &'a str,
    /// The newest case first, else what is due first.
    pub newest_first: bool,
    /// How many cases at most.
    pub limit: i64,
    /// How many cases to leave out before them.
    pub offset: i64,
}

/// What counts as late now, or as near. The two moments put the working days of the acknowledgement into words the database knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// Today in London.
    pub today: NaiveDate,
    /// A corporate case received before is late if it is not acknowledged.
    pub corporate_before: DateTime<Utc>,
    /// Any other received before is late if it is not acknowledged.
    pub other_before: DateTime<Utc>,
    /// A date up to this day, and not over, is near.
    pub soon_until: NaiveDate,
}

/// One case of the queue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Cases on all pages.
    pub total: i64,
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The version that an action must name.
    pub version: i64,
    /// Where it stands.
    pub status: String,
    /// What it is.
    pub act: String,
    /// Which procedure.
    pub procedure: String,
    /// A child may be at risk.
    pub safeguarding: bool,
    /// The same, and nobody has acknowledged it.
    pub unread_alert: bool,
    /// A message came that nobody has acted on, and that its officer has not seen.
    pub new_message: bool,
    /// An officer must say whose complaint it is.
    pub to_complete: bool,
    /// A message came from nobody in the case.
    pub to_verify: bool,
    /// Reference of the case that it may belong to.
    pub may_belong: Option<String>,
    /// Why the message that came last is in it.
    pub joined_because: Option<String>,
    /// Where the first message was found.
    pub mailbox: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// The duty of that day.
    pub due_duty: String,
    /// The rule of that day in words.
    pub due_rule: String,
    /// Last day to say which procedure it is.
    pub decide_by: NaiveDate,
    /// The next date of any sort that is not done: an answer, an action, a panel, a look again.
    pub next_on: Option<NaiveDate>,
    /// What is to be done then.
    pub next_what: Option<String>,
    /// A child complains for themselves.
    pub childs_own: bool,
    /// `queued`, `held` or `none`.
    pub acknowledgement: String,
    /// When the acknowledgement went out.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When the family got its answer.
    pub answered_at: Option<DateTime<Utc>>,
    /// The complainant's name.
    pub family: Option<String>,
    /// Who has it.
    pub officer: Option<String>,
    /// Subject of the message that opened it.
    pub subject: Option<String>,
    /// How its words begin.
    pub words: Option<String>,
    /// Its words cannot be read here: it is encrypted.
    pub sealed: bool,
    /// What the machine thinks of it.
    pub suggestion: Option<Json<Suggestion>>,
}

/// How many cases each filter finds.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Counts {
    /// Not looked at by an officer.
    pub to_confirm: i64,
    /// The officer's own.
    pub mine: i64,
    /// Nobody's.
    pub unassigned: i64,
    /// With a date of any sort that has passed.
    pub overdue: i64,
    /// With a date of any sort that is near.
    pub due_soon: i64,
    /// A child may be at risk.
    pub safeguarding: i64,
    /// The same, and nobody has acknowledged it.
    pub unread_alert: i64,
    /// With a message that is not dealt with.
    pub new_message: i64,
    /// That may belong to another.
    pub possible: i64,
    /// Every case.
    pub every: i64,
}

// A contribution that came is new like a message.
statements! {
    queue_page = "SELECT q.total, c.reference, c.version, c.status, c.act, c.procedure, c.safeguarding, (c.alert_unread_since IS NOT NULL) AS unread_alert, c.mailbox, c.received_at, c.due_on, c.due_duty, c.due_rule, c.decide_by, c.next_on, c.next_what, c.childs_own,
    c.acknowledgement, q.acknowledged_at, c.answered_at, k.name AS family, o.name AS officer, r.subject, substr(r.visible_text, 1, 400) AS words, ((r.reading ->> 'sealed') IS NOT NULL) AS sealed, s.body AS suggestion,
    (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = c.id AND n.relation IN ('same-issue','unverified-sender')
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.added_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.added_at))
      OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = c.id AND n.answered_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.answered_at))) AS new_message,
    (c.unsure IS NOT NULL) AS to_complete,
    EXISTS (SELECT 1 FROM case_message v WHERE v.case_id = c.id AND v.relation = 'unverified-sender') AS to_verify,
    (SELECT o.reference FROM case_file o WHERE o.id = c.may_belong AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = o.id AND w.id = $2)) AS may_belong,
    (SELECT j.why FROM case_message j WHERE j.case_id = c.id AND j.relation IN ('same-issue','unverified-sender') ORDER BY j.added_at DESC, j.representation_id LIMIT 1) AS joined_because
  FROM (SELECT c.id, coalesce(c.told_at, a.settled_at) AS acknowledged_at, count(*) OVER () AS total, row_number() OVER (ORDER BY CASE WHEN c.alert_unread_since IS NOT NULL THEN 0 ELSE 1 END,
      CASE WHEN c.childs_own AND c.status IN ('to-confirm','open') AND (c.answered_at IS NULL OR c.next_on IS NOT NULL) THEN 0 ELSE 1 END,
      CASE WHEN CAST($6 AS TEXT) = 'newest' THEN c.received_at END DESC NULLS LAST,
      CASE WHEN c.status = 'to-confirm' AND c.safeguarding THEN 0 WHEN c.status = 'to-confirm' THEN 1 ELSE 2 END,
      CASE WHEN c.status = 'open' AND c.act IN ('complaint','concern') AND c.answered_at IS NULL AND c.acknowledgement <> 'none' AND a.id IS NULL AND c.told_at IS NULL
        AND (c.next_on IS NULL OR c.decide_by < c.next_on) THEN c.decide_by ELSE c.next_on END NULLS LAST,
      c.received_at, c.reference) AS place
    FROM case_file c LEFT JOIN outbox a ON a.case_id = c.id AND a.kind = 'acknowledgement' AND (a.ended_how = 'arrived' OR (a.state = 'sent' AND coalesce(a.delivery, '') <> 'bounced'))
    WHERE NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $2) AND CASE CAST($1 AS TEXT)
      WHEN 'to-confirm' THEN c.status = 'to-confirm'
      WHEN 'mine' THEN c.status IN ('to-confirm','open') AND c.officer_id = $2
      WHEN 'unassigned' THEN c.status IN ('to-confirm','open') AND c.officer_id IS NULL
      WHEN 'due-soon' THEN c.next_on >= $3 AND c.next_on <= $12
      WHEN 'overdue' THEN c.next_on < $3 OR (c.status = 'to-confirm' AND c.decide_by < $3) OR (c.status IN ('to-confirm','open') AND c.act IN ('complaint','concern') AND c.answered_at IS NULL AND (c.due_on < $3
        OR (c.acknowledgement <> 'none' AND a.id IS NULL AND c.told_at IS NULL AND ((c.procedure = 'corporate' AND c.received_at < $4) OR (c.procedure <> 'corporate' AND c.received_at < $5)))))
      WHEN 'safeguarding' THEN c.status IN ('to-confirm','open') AND c.safeguarding
      WHEN 'unread-alert' THEN c.alert_unread_since IS NOT NULL
      WHEN 'new-message' THEN c.merged_into IS NULL AND (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = c.id AND n.relation IN ('same-issue','unverified-sender')
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.added_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.added_at))
      OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = c.id AND n.answered_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.answered_at)))
      WHEN 'possible' THEN c.status IN ('to-confirm','open') AND c.may_belong IS NOT NULL
      ELSE TRUE END
    AND (CAST($7 AS TEXT) = '' OR lower(c.reference) LIKE $8 ESCAPE '!' OR EXISTS (SELECT 1 FROM case_participant p JOIN contact e ON e.id = p.contact_id
      JOIN contact k ON k.person_id = e.person_id LEFT JOIN contact_address d ON d.contact_id = k.id WHERE p.case_id = c.id
      AND (lower(k.name) LIKE $8 ESCAPE '!' OR k.name LIKE $7 ESCAPE '!' OR d.address LIKE $8 ESCAPE '!'))
      OR (CAST($11 AS TEXT) <> '' AND EXISTS (SELECT 1 FROM case_message y JOIN attachment t ON t.representation_id = y.representation_id LEFT JOIN kept_file f ON f.sha256 = t.sha256
      WHERE y.case_id = c.id AND (f.words LIKE $11 ESCAPE '!' OR lower(t.filename) LIKE $11 ESCAPE '!' OR t.filename LIKE $7 ESCAPE '!'))))
    ORDER BY place LIMIT $9 OFFSET $10) q
  JOIN case_file c ON c.id = q.id
  LEFT JOIN contact k ON k.id = c.complainant_id LEFT JOIN officer o ON o.id = c.officer_id
  LEFT JOIN case_message m ON m.case_id = c.id AND m.relation = 'new' LEFT JOIN representation r ON r.id = m.representation_id
  LEFT JOIN suggestion s ON s.representation_id = r.id
  ORDER BY q.place";
    queue_counts = "SELECT count(*) FILTER (WHERE c.status = 'to-confirm') AS to_confirm,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.officer_id = $1) AS mine,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.officer_id IS NULL) AS unassigned,
    count(*) FILTER (WHERE c.next_on < $2 OR (c.status = 'to-confirm' AND c.decide_by < $2) OR (c.status IN ('to-confirm','open') AND c.act IN ('complaint','concern') AND c.answered_at IS NULL AND (c.due_on < $2
      OR (c.acknowledgement <> 'none' AND a.id IS NULL AND c.told_at IS NULL AND ((c.procedure = 'corporate' AND c.received_at < $3) OR (c.procedure <> 'corporate' AND c.received_at < $4)))))) AS overdue,
    count(*) FILTER (WHERE c.next_on >= $2 AND c.next_on <= $5) AS due_soon,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.safeguarding) AS safeguarding,
    count(*) FILTER (WHERE c.alert_unread_since IS NOT NULL) AS unread_alert,
    count(*) FILTER (WHERE c.merged_into IS NULL AND (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = c.id AND n.relation IN ('same-issue','unverified-sender')
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.added_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.added_at))
      OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = c.id AND n.answered_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.answered_at)))) AS new_message,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.may_belong IS NOT NULL) AS possible,
    count(*) AS every
  FROM case_file c LEFT JOIN outbox a ON a.case_id = c.id AND a.kind = 'acknowledgement' AND (a.ended_how = 'arrived' OR (a.state = 'sent' AND coalesce(a.delivery, '') <> 'bounced'))
  WHERE NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $1)";
}

/// One page of the queue.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> Stored<Vec<Row>> {
    // SQLite lowers only ASCII letters: what was typed is compared as it stands as well.
    let as_typed = pattern(wanted.search);
    let lowered = pattern(&wanted.search.to_lowercase());
    let words = for_search(wanted.search);
    let in_files = if words.chars().count() < SHORTEST_WORD { String::new() } else { pattern(&words) };
    fetch!(
        tx,
        queue_page,
        Row,
        all,
        wanted.filter,
        wanted.officer,
        wanted.late.today,
        wanted.late.corporate_before,
        wanted.late.other_before,
        if wanted.newest_first { "newest" } else { "due" },
        &as_typed,
        &lowered,
        wanted.limit,
        wanted.offset,
        &in_files,
        wanted.late.soon_until
    )
}

/// How many cases each filter finds for `officer`.
pub async fn counts(tx: &mut Tx, officer: Uuid, late: Late) -> Stored<Counts> {
    fetch!(
        tx,
        queue_counts,
        Counts,
        one,
        officer,
        late.today,
        late.corporate_before,
        late.other_before,
        late.soon_until
    )
}

/// A LIKE pattern that finds `part` anywhere; empty when `part` is.
fn pattern(part: &str) -> String {
    if part.is_empty() {
        return String::new();
    }
    let mut pattern = String::with_capacity(part.len() + 4);
    pattern.push('%');
    for c in part.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_typed_finds_itself_and_is_no_pattern() {
        assert_eq!(pattern(""), "");
        assert_eq!(pattern("o'rourke"), "%o'rourke%");
        assert_eq!(pattern("50%_off!"), "%50!%!_off!!%");
    }
}
