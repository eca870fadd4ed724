//! The officers' queue: one page of it, and how many cases each filter finds.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, fetch, on, statements};
use crate::{ids::Uuid, labelling::labels::Suggestion};

/// Which cases, in which order.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// `to-confirm`, `mine`, `unassigned`, `overdue`, `due-soon`, `safeguarding`, `unread-alert`, `new-message`, `possible` or `all`.
    pub filter: &'a str,
    /// Whose cases are "mine", and who sees none that they may not deal with.
    pub officer: Uuid,
    /// What counts as late.
    pub late: Late,
    /// The cases that a search found, the best first; None for no search.
    pub found: Option<&'a [Uuid]>,
    /// `due`, `newest`, `found` (as they were found), or a column: `reference`, `family`, `state`, `procedure`, `next`, `received`,
    /// `found-in` or `with`.
    pub order: &'a str,
    /// A column goes up.
    pub up: bool,
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
    /// The case.
    pub id: Uuid,
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

// Parts that the texts share. $1 is the filter, $2 the officer, $3 to $6 what is late and what is near.
macro_rules! not_barred {
    () => {
        "c.id NOT IN (SELECT z.case_id FROM case_barred z WHERE z.email = (SELECT email FROM officer WHERE id = $2))"
    };
}
// A contribution that came is new like a message. Where case_file.news is false there is none, and nothing is looked up.
macro_rules! new_message {
    () => { "(c.news AND (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = c.id AND n.relation IN ('same-issue','unverified-sender')
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.added_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.added_at))
    OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = c.id AND n.answered_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at)
      AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.case_id = c.id AND u.officer_id = c.officer_id AND u.at >= n.answered_at))))" };
}
macro_rules! acknowledgement {
    ($what:literal) => { concat!("(SELECT ", $what, " FROM outbox a WHERE a.case_id = c.id AND a.kind = 'acknowledgement' AND (a.ended_how = 'arrived' OR (a.state = 'sent' AND coalesce(a.delivery, '') <> 'bounced')))") };
}
macro_rules! is_overdue {
    () => { concat!("(c.next_on < $3 OR (c.status = 'to-confirm' AND c.decide_by < $3) OR (c.status IN ('to-confirm','open') AND c.act IN ('complaint','concern') AND c.answered_at IS NULL AND (c.due_on < $3
      OR (c.acknowledgement <> 'none' AND c.told_at IS NULL AND ((c.procedure = 'corporate' AND c.received_at < $4) OR (c.procedure <> 'corporate' AND c.received_at < $5)) AND ", acknowledgement!("count(*)"), " = 0))))") };
}
// What comes before everything else in both standing orders.
macro_rules! is_first {
    () => {
        concat!("(c.alert_unread_since IS NOT NULL OR ", is_childs_own!(), ")")
    };
}
macro_rules! is_childs_own {
    () => {
        "(c.childs_own AND c.status IN ('to-confirm','open') AND (c.answered_at IS NULL OR c.next_on IS NOT NULL))"
    };
}
macro_rules! in_filter {
    () => {
        concat!(
            "CASE CAST($1 AS TEXT)
      WHEN 'to-confirm' THEN c.status = 'to-confirm'
      WHEN 'mine' THEN c.status IN ('to-confirm','open') AND c.officer_id = $2
      WHEN 'unassigned' THEN c.status IN ('to-confirm','open') AND c.officer_id IS NULL
      WHEN 'due-soon' THEN c.next_on >= $3 AND c.next_on <= $6
      WHEN 'overdue' THEN ",
            is_overdue!(),
            "
      WHEN 'safeguarding' THEN c.status IN ('to-confirm','open') AND c.safeguarding
      WHEN 'unread-alert' THEN c.alert_unread_since IS NOT NULL
      WHEN 'new-message' THEN c.merged_into IS NULL AND ",
            new_message!(),
            "
      WHEN 'first' THEN ",
            is_first!(),
            "
      WHEN 'possible' THEN c.status IN ('to-confirm','open') AND c.may_belong IS NOT NULL
      ELSE TRUE END"
        )
    };
}
// $7 is the order and $8 whether it goes up. An alert that nobody has acknowledged is first in each.
macro_rules! in_order {
    () => { concat!("CASE WHEN c.alert_unread_since IS NOT NULL THEN 0 ELSE 1 END,
      CASE WHEN CAST($7 AS TEXT) IN ('due','newest') AND ", is_childs_own!(), " THEN 0 ELSE 1 END,
      CASE WHEN CAST($7 AS TEXT) = 'newest' OR (CAST($7 AS TEXT) = 'received' AND NOT $8) THEN c.received_at END DESC NULLS LAST,
      CASE WHEN CAST($7 AS TEXT) = 'received' AND $8 THEN c.received_at END NULLS LAST,
      CASE WHEN CAST($7 AS TEXT) = 'next' AND $8 THEN c.next_on END NULLS LAST,
      CASE WHEN CAST($7 AS TEXT) = 'next' AND NOT $8 THEN c.next_on END DESC NULLS LAST,
      CASE WHEN $8 THEN ", by_text!(), " END NULLS LAST,
      CASE WHEN NOT $8 THEN ", by_text!(), " END DESC NULLS LAST,
      CASE WHEN c.status = 'to-confirm' AND c.safeguarding THEN 0 WHEN c.status = 'to-confirm' THEN 1 ELSE 2 END,
      CASE WHEN c.status = 'open' AND c.act IN ('complaint','concern') AND c.answered_at IS NULL AND c.acknowledgement <> 'none' AND c.told_at IS NULL
        AND (c.next_on IS NULL OR c.decide_by < c.next_on) AND ", acknowledgement!("count(*)"), " = 0 THEN c.decide_by ELSE c.next_on END NULLS LAST,
      c.received_at, c.reference") };
}
// Names are sorted without regard to capital letters, and what it is by where it stands first.
macro_rules! by_text {
    () => { "CASE CAST($7 AS TEXT) WHEN 'reference' THEN c.reference WHEN 'family' THEN (SELECT lower(k.name) FROM contact k WHERE k.id = c.complainant_id)
        WHEN 'with' THEN (SELECT lower(o.name) FROM officer o WHERE o.id = c.officer_id) WHEN 'procedure' THEN c.procedure WHEN 'found-in' THEN c.mailbox
        WHEN 'state' THEN CASE c.status WHEN 'to-confirm' THEN '1' WHEN 'open' THEN '2' WHEN 'closed' THEN '3' ELSE '4' END || c.act END" };
}

macro_rules! row {
    () => { concat!("SELECT c.id, c.reference, c.version, c.status, c.act, c.procedure, c.safeguarding, (c.alert_unread_since IS NOT NULL) AS unread_alert, c.mailbox, c.received_at, c.due_on, c.due_duty, c.due_rule, c.decide_by, c.next_on, c.next_what, c.childs_own,
    c.acknowledgement, coalesce(c.told_at, ", acknowledgement!("min(a.settled_at)"), ") AS acknowledged_at, c.answered_at, k.name AS family, o.name AS officer, r.subject, substr(r.visible_text, 1, 400) AS words, ((r.reading ->> 'sealed') IS NOT NULL) AS sealed, s.body AS suggestion,
    ", new_message!(), " AS new_message, (c.unsure IS NOT NULL) AS to_complete,
    EXISTS (SELECT 1 FROM case_message v WHERE v.case_id = c.id AND v.relation = 'unverified-sender') AS to_verify,
    (SELECT o.reference FROM case_file o WHERE o.id = c.may_belong AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = o.id AND w.id = $2)) AS may_belong,
    (SELECT j.why FROM case_message j WHERE j.case_id = c.id AND j.relation IN ('same-issue','unverified-sender') ORDER BY j.added_at DESC, j.representation_id LIMIT 1) AS joined_because") };
}
macro_rules! row_from {
    () => { concat!("JOIN case_file c ON c.id = l.id LEFT JOIN contact k ON k.id = c.complainant_id LEFT JOIN officer o ON o.id = c.officer_id
  LEFT JOIN case_message m ON m.case_id = c.id AND m.relation = 'new' LEFT JOIN representation r ON r.id = m.representation_id
  LEFT JOIN suggestion s ON s.representation_id = r.id WHERE ", not_barred!(), " ORDER BY l.place") };
}

statements! {
    queue_work = { concat!("SELECT c.id, count(*) OVER () AS total FROM case_file c WHERE c.work AND ", not_barred!(), " AND ", in_filter!(), " ORDER BY ", in_order!(), " LIMIT $9 OFFSET $10") };
    queue_every = { concat!("SELECT c.id, count(*) OVER () AS total FROM case_file c WHERE ", not_barred!(), " AND ", in_filter!(), " ORDER BY ", in_order!(), " LIMIT $9 OFFSET $10") };
    // The cases that stand in no other list, as they come after those that do.
    queue_rest = { concat!("SELECT c.id FROM case_file c WHERE NOT c.work AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.received_at, c.reference LIMIT $3 OFFSET $4") };
    queue_newest = { concat!("SELECT c.id FROM case_file c WHERE NOT ", is_first!(), " AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.received_at DESC, c.reference DESC LIMIT $3 OFFSET $4") };
    queue_received_down = { concat!("SELECT c.id FROM case_file c WHERE c.alert_unread_since IS NULL AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.received_at DESC, c.reference DESC LIMIT $3 OFFSET $4") };
    queue_received_up = { concat!("SELECT c.id FROM case_file c WHERE c.alert_unread_since IS NULL AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.received_at, c.reference LIMIT $3 OFFSET $4") };
    queue_reference_down = { concat!("SELECT c.id FROM case_file c WHERE c.alert_unread_since IS NULL AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.reference DESC LIMIT $3 OFFSET $4") };
    queue_reference_up = { concat!("SELECT c.id FROM case_file c WHERE c.alert_unread_since IS NULL AND ", not_barred!(), " AND $1 = 'all' ORDER BY c.reference LIMIT $3 OFFSET $4") };
    // Of the cases in the list $11, in its order where none is asked for.
    queue_found = { concat!("SELECT c.id, count(*) OVER () AS total FROM (SELECT k.key AS place, unhex(k.value) AS id FROM json_each($11) k) l JOIN case_file c ON c.id = l.id
  WHERE ", not_barred!(), " AND ", in_filter!(), " ORDER BY CASE WHEN CAST($7 AS TEXT) = 'found' THEN l.place END, ", in_order!(), " LIMIT $9 OFFSET $10") } |
  { concat!("SELECT c.id, count(*) OVER () AS total FROM (SELECT k.place, CAST(k.value AS UUID) AS id FROM json_array_elements_text(CAST($11 AS JSON)) WITH ORDINALITY AS k (value, place)) l JOIN case_file c ON c.id = l.id
  WHERE ", not_barred!(), " AND ", in_filter!(), " ORDER BY CASE WHEN CAST($7 AS TEXT) = 'found' THEN l.place END, ", in_order!(), " LIMIT $9 OFFSET $10") };
    queue_rows = { concat!(row!(), " FROM (SELECT k.key AS place, unhex(k.value) AS id FROM json_each($1) k) l ", row_from!()) } |
  { concat!(row!(), " FROM (SELECT k.place, CAST(k.value AS UUID) AS id FROM json_array_elements_text(CAST($1 AS JSON)) WITH ORDINALITY AS k (value, place)) l ", row_from!()) };
    // How many there are is how many references were given: each belongs to a case, and no case goes. Counting them reads them all.
    queue_counts = { concat!("SELECT count(*) FILTER (WHERE c.status = 'to-confirm') AS to_confirm,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.officer_id = $2) AS mine,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.officer_id IS NULL) AS unassigned,
    count(*) FILTER (WHERE ", is_overdue!(), ") AS overdue,
    count(*) FILTER (WHERE c.next_on >= $3 AND c.next_on <= $6) AS due_soon,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.safeguarding) AS safeguarding,
    count(*) FILTER (WHERE c.alert_unread_since IS NOT NULL) AS unread_alert,
    count(*) FILTER (WHERE c.merged_into IS NULL AND ", new_message!(), ") AS new_message,
    count(*) FILTER (WHERE c.status IN ('to-confirm','open') AND c.may_belong IS NOT NULL) AS possible,
    (SELECT CAST(coalesce(sum(last), 0) AS BIGINT) FROM reference_counter) - (SELECT count(*) FROM case_barred z WHERE z.email = (SELECT email FROM officer WHERE id = $2)) AS every
  FROM case_file c WHERE c.work AND $1 = 'all' AND ", not_barred!()) };
}

#[derive(sqlx::FromRow)]
struct Placed {
    id: Uuid,
    total: i64,
}

/// The cases of one page, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Which.
    pub ids: Vec<Uuid>,
    /// How many there are on all pages. None where this page has none, or where every case is shown: those are counted anyway.
    pub total: Option<i64>,
}

/// One page of the queue.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> Stored<Page> {
    if let Some(found) = wanted.found {
        let list = list(found);
        return placed(fetch!(
            tx,
            queue_found,
            Placed,
            all,
            wanted.filter,
            wanted.officer,
            wanted.late.today,
            wanted.late.corporate_before,
            wanted.late.other_before,
            wanted.late.soon_until,
            wanted.order,
            wanted.up,
            wanted.limit,
            wanted.offset,
            &list
        )?);
    }
    if wanted.filter != "all" {
        return work(tx, wanted, wanted.limit, wanted.offset).await;
    }
    every(tx, wanted).await
}

fn placed(rows: Vec<Placed>) -> Stored<Page> {
    let total = rows.first().map(|first| first.total);
    Ok(Page { ids: rows.into_iter().map(|row| row.id).collect(), total })
}

async fn work(tx: &mut Tx, wanted: &Wanted<'_>, limit: i64, offset: i64) -> Stored<Page> {
    placed(fetch!(
        tx,
        queue_work,
        Placed,
        all,
        wanted.filter,
        wanted.officer,
        wanted.late.today,
        wanted.late.corporate_before,
        wanted.late.other_before,
        wanted.late.soon_until,
        wanted.order,
        wanted.up,
        limit,
        offset
    )?)
}

/// Every case there is: what is worked on is sorted, and the others come from an index, however many there are.
async fn every(tx: &mut Tx, wanted: &Wanted<'_>) -> Stored<Page> {
    let first = match (wanted.order, wanted.up) {
        ("due", _) => "all",
        ("newest", _) => "first",
        ("received" | "reference", _) => "unread-alert",
        _ => {
            return placed(fetch!(
                tx,
                queue_every,
                Placed,
                all,
                wanted.filter,
                wanted.officer,
                wanted.late.today,
                wanted.late.corporate_before,
                wanted.late.other_before,
                wanted.late.soon_until,
                wanted.order,
                wanted.up,
                wanted.limit,
                wanted.offset
            )?);
        }
    };
    let first = Wanted { filter: first, ..wanted.clone() };
    let page = work(tx, &first, wanted.limit, wanted.offset).await?;
    let before = match page.total {
        None if wanted.offset > 0 => work(tx, &first, 1, 0).await?.total.unwrap_or(0),
        total => total.unwrap_or(0),
    };
    let mut ids = page.ids;
    let limit = wanted.limit - i64::try_from(ids.len()).unwrap_or(wanted.limit);
    if limit > 0 {
        ids.extend(others(tx, wanted, limit, (wanted.offset - before).max(0)).await?.into_iter().map(|(id,)| id));
    }
    Ok(Page { ids, total: None })
}

async fn others(tx: &mut Tx, wanted: &Wanted<'_>, limit: i64, offset: i64) -> Stored<Vec<(Uuid,)>> {
    let officer = wanted.officer;
    match (wanted.order, wanted.up) {
        ("newest", _) => fetch!(tx, queue_newest, (Uuid,), all, "all", officer, limit, offset),
        ("received", true) => fetch!(tx, queue_received_up, (Uuid,), all, "all", officer, limit, offset),
        ("received", false) => fetch!(tx, queue_received_down, (Uuid,), all, "all", officer, limit, offset),
        ("reference", true) => fetch!(tx, queue_reference_up, (Uuid,), all, "all", officer, limit, offset),
        ("reference", false) => fetch!(tx, queue_reference_down, (Uuid,), all, "all", officer, limit, offset),
        _ => fetch!(tx, queue_rest, (Uuid,), all, "all", officer, limit, offset),
    }
}

/// What is shown of these cases, in their order.
pub async fn rows(tx: &mut Tx, ids: &[Uuid], officer: Uuid) -> Stored<Vec<Row>> {
    fetch!(tx, queue_rows, Row, all, list(ids), officer)
}

fn list(ids: &[Uuid]) -> String {
    serde_json::Value::from_iter(ids.iter().map(|id| id.simple().to_string())).to_string()
}

/// How many cases each filter finds for `officer`.
pub async fn counts(tx: &mut Tx, officer: Uuid, late: Late) -> Stored<Counts> {
    fetch!(
        tx,
        queue_counts,
        Counts,
        one,
        "all",
        officer,
        late.today,
        late.corporate_before,
        late.other_before,
        late.soon_until
    )
}
