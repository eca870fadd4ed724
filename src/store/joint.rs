//! Joint complaints, and what is suggested as one.

use chrono::{DateTime, Datelike, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, near::Message, on, statements};
use crate::{clock::london_date, ids::Uuid, labelling::labels::Suggestion};

/// Open cases that are compared with one another, the latest.
const MOST_CASES: i64 = 2_000;
/// Joint complaints that are listed, the latest.
const MOST_LISTED: i64 = 200;

statements! {
    joint_next = "INSERT INTO joint_counter (year, last) VALUES ($1, 1) ON CONFLICT (year) DO UPDATE SET last = joint_counter.last + 1 RETURNING last";
    joint_put = "INSERT INTO joint (id, reference, title, made_at, officer_id) VALUES ($1,$2,$3,$4,$5)";
    joint_by_reference = "SELECT id FROM joint WHERE reference = $1";
    joint_case_put = "INSERT INTO joint_case (case_id, joint_id) VALUES ($1,$2) ON CONFLICT (case_id) DO UPDATE SET joint_id = excluded.joint_id";
    joint_case_delete = "DELETE FROM joint_case WHERE case_id = $1";
    joint_list = "SELECT j.id, j.reference, j.title, '' AS why, j.made_at FROM joint j WHERE EXISTS (SELECT 1 FROM joint_case x WHERE x.joint_id = j.id AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = x.case_id AND w.id = $2))
  ORDER BY j.made_at DESC, j.id LIMIT $1";
    joint_cases = "SELECT x.joint_id AS group_id, c.reference, k.name AS family, c.received_at, c.status, c.theme, r.subject, substr(r.visible_text, 1, 400) AS words,
    s.body AS suggestion, j.reference AS joint FROM joint_case x JOIN joint j ON j.id = x.joint_id JOIN case_file c ON c.id = x.case_id
  LEFT JOIN contact k ON k.id = c.complainant_id
  LEFT JOIN case_message m ON m.case_id = c.id AND m.relation = 'new' LEFT JOIN representation r ON r.id = m.representation_id
  LEFT JOIN suggestion s ON s.representation_id = r.id WHERE NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $1) ORDER BY c.received_at, c.reference";
    joint_suggestions = "SELECT id, '' AS reference, title, why, made_at FROM joint_suggestion WHERE state = 'open' ORDER BY made_at DESC, id";
    joint_suggestion_count = "SELECT count(*) AS n FROM joint_suggestion g WHERE state = 'open' AND (SELECT count(*) FROM joint_suggestion_case x WHERE x.suggestion_id = g.id AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = x.case_id AND w.id = $1)) > 1";
    joint_suggested_cases = "SELECT x.suggestion_id AS group_id, c.reference, k.name AS family, c.received_at, c.status, c.theme, r.subject, substr(r.visible_text, 1, 400) AS words,
    s.body AS suggestion, j.reference AS joint FROM joint_suggestion g JOIN joint_suggestion_case x ON x.suggestion_id = g.id JOIN case_file c ON c.id = x.case_id
  LEFT JOIN joint_case t ON t.case_id = c.id LEFT JOIN joint j ON j.id = t.joint_id LEFT JOIN contact k ON k.id = c.complainant_id
  LEFT JOIN case_message m ON m.case_id = c.id AND m.relation = 'new' LEFT JOIN representation r ON r.id = m.representation_id
  LEFT JOIN suggestion s ON s.representation_id = r.id WHERE g.state = 'open' AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $1) ORDER BY c.received_at, c.reference";
    joint_of_case = "SELECT j.reference, j.title, (SELECT count(*) FROM joint_case o WHERE o.joint_id = j.id) AS cases FROM joint_case x JOIN joint j ON j.id = x.joint_id WHERE x.case_id = $1";
    joint_others = "SELECT c.id, c.reference FROM joint_case x JOIN joint_case o ON o.joint_id = x.joint_id JOIN case_file c ON c.id = o.case_id
  WHERE x.case_id = $1 AND c.id <> $1 AND NOT EXISTS (SELECT 1 FROM case_barred z JOIN officer w ON w.email = z.email WHERE z.case_id = c.id AND w.id = $2) ORDER BY c.received_at, c.reference LIMIT 50";
    joint_suggestion_of_case = "SELECT g.id, g.why, (SELECT count(*) FROM joint_suggestion_case o WHERE o.suggestion_id = g.id) AS cases FROM joint_suggestion_case x JOIN joint_suggestion g ON g.id = x.suggestion_id
  WHERE x.case_id = $1 AND g.state = 'open' ORDER BY g.made_at DESC, g.id LIMIT 1";
    joint_all_suggested = "SELECT g.id, g.state, g.title, g.why, x.case_id, (c.status IN ('to-confirm','open') AND c.act IN ('complaint','concern')) AS stands
  FROM joint_suggestion g JOIN joint_suggestion_case x ON x.suggestion_id = g.id JOIN case_file c ON c.id = x.case_id ORDER BY g.made_at, g.id, x.case_id";
    joint_all_tied = "SELECT x.case_id, x.joint_id FROM joint_case x JOIN case_file c ON c.id = x.case_id WHERE c.status IN ('to-confirm','open') ORDER BY x.case_id";
    joint_suggestion_put = "INSERT INTO joint_suggestion (id, title, why, made_at, state) VALUES ($1,$2,$3,$4,'open') ON CONFLICT (id) DO UPDATE SET title = excluded.title, why = excluded.why";
    joint_suggestion_case_put = "INSERT INTO joint_suggestion_case (suggestion_id, case_id) VALUES ($1,$2) ON CONFLICT (suggestion_id, case_id) DO NOTHING";
    joint_suggestion_cases_clear = "DELETE FROM joint_suggestion_case WHERE suggestion_id = $1";
    joint_suggestion_delete = "DELETE FROM joint_suggestion WHERE id = $1 AND state = 'open'";
    joint_suggestion_decide = "UPDATE joint_suggestion SET state = $2, decided_at = $3, officer_id = $4 WHERE id = $1 AND state = 'open'";
    joint_state = "SELECT count(*) AS n, max(updated_at) AS at FROM case_file WHERE status IN ('to-confirm','open') AND received_at >= $1";
    joint_said = "SELECT c.id AS case_id, c.complainant_id, r.mailbox, r.channel, r.author_name, r.author_address, r.received_at, r.reading, s.body FROM
    (SELECT id, complainant_id, received_at FROM case_file WHERE status IN ('to-confirm','open') AND act IN ('complaint','concern') AND received_at >= $1 ORDER BY received_at DESC, id LIMIT $2) c
  JOIN case_message m ON m.case_id = c.id AND m.relation IN ('new','same-issue') JOIN representation r ON r.id = m.representation_id
  LEFT JOIN suggestion s ON s.representation_id = r.id ORDER BY c.id, r.received_at, r.id";
}

/// A message of an open case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenMessage {
    /// The case.
    pub case_id: Uuid,
    /// Whose complaint it is.
    pub complainant_id: Option<Uuid>,
    /// The message.
    #[sqlx(flatten)]
    pub message: Message,
}

/// What was said in the cases of dissatisfaction that are open and were received since `since`, case by case.
pub async fn said_in_open_cases(tx: &mut Tx, since: DateTime<Utc>) -> Stored<Vec<OpenMessage>> {
    fetch!(tx, joint_said, OpenMessage, all, since, MOST_CASES)
}

/// A joint complaint, or what is suggested as one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Group {
    /// Key.
    pub id: Uuid,
    /// `JNT-26-0001`; empty for a suggestion.
    pub reference: String,
    /// A few words to know it by.
    pub title: String,
    /// Why it is suggested.
    pub why: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// One of its cases.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GroupCase {
    /// The group.
    pub group_id: Uuid,
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// The complainant's name.
    pub family: Option<String>,
    /// When the first message was received.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub status: String,
    /// What it is mainly about.
    pub theme: String,
    /// Subject of the message that opened it.
    pub subject: Option<String>,
    /// How its words begin.
    pub words: Option<String>,
    /// What the machine thinks of it.
    pub suggestion: Option<Json<Suggestion>>,
    /// The joint complaint that it is in.
    pub joint: Option<String>,
}

/// The joint complaints, the latest first, and the cases in them that `officer` may deal with.
pub async fn all(tx: &mut Tx, officer: Uuid) -> Stored<(Vec<Group>, Vec<GroupCase>)> {
    let groups = fetch!(tx, joint_list, Group, all, MOST_LISTED, officer)?;
    Ok((groups, fetch!(tx, joint_cases, GroupCase, all, officer)?))
}

/// The other cases of the joint complaint that the case is in and `officer` may deal with: key and reference, the oldest first.
pub async fn others(tx: &mut Tx, case: Uuid, officer: Uuid) -> Stored<Vec<(Uuid, String)>> {
    fetch!(tx, joint_others, (Uuid, String), all, case, officer)
}

/// The suggestions that no officer has decided, the latest first, and the cases in them that `officer` may deal with.
pub async fn suggestions(tx: &mut Tx, officer: Uuid) -> Stored<(Vec<Group>, Vec<GroupCase>)> {
    Ok((fetch!(tx, joint_suggestions, Group, all)?, fetch!(tx, joint_suggested_cases, GroupCase, all, officer)?))
}

/// How many of these `officer` sees two cases of, or more.
pub async fn suggestion_count(tx: &mut Tx, officer: Uuid) -> Stored<i64> {
    Ok(fetch!(tx, joint_suggestion_count, (i64,), one, officer)?.0)
}

/// The joint complaint that a case is in: reference, title, and how many cases are in it.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Option<(String, String, i64)>> {
    fetch!(tx, joint_of_case, (String, String, i64), optional, case)
}

/// What is suggested of a case: the suggestion, why, and how many cases are in it.
pub async fn suggested_of_case(tx: &mut Tx, case: Uuid) -> Stored<Option<(Uuid, String, i64)>> {
    fetch!(tx, joint_suggestion_of_case, (Uuid, String, i64), optional, case)
}

/// Makes a joint complaint. Its reference is never used twice.
pub async fn open(tx: &mut Tx, id: Uuid, title: &str, by: Uuid, now: DateTime<Utc>) -> Stored<String> {
    let year = london_date(now).year();
    let (number,) = fetch!(tx, joint_next, (i64,), one, i64::from(year))?;
    let reference = format!("JNT-{:02}-{number:04}", year.rem_euclid(100));
    execute!(tx, joint_put, id, &reference, title, now, by)?;
    Ok(reference)
}

/// The joint complaint with this reference.
pub async fn by_reference(tx: &mut Tx, reference: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, joint_by_reference, (Uuid,), optional, reference)?.map(|row| row.0))
}

/// From now on the case is in this joint complaint, or in none.
pub async fn put_case(tx: &mut Tx, case: Uuid, joint: Option<Uuid>) -> Stored<()> {
    match joint {
        Some(joint) => execute!(tx, joint_case_put, case, joint),
        None => execute!(tx, joint_case_delete, case),
    }
    .map(|_| ())
}

/// A suggestion that was made at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Key.
    pub id: Uuid,
    /// `open`, `refused` or `tied`.
    pub state: String,
    /// A few words to know it by.
    pub title: String,
    /// Why.
    pub why: String,
    /// Its cases.
    pub cases: Vec<Uuid>,
    /// How many of them are open, and dissatisfaction.
    pub standing: usize,
}

/// Every suggestion ever made, the oldest first.
pub async fn made(tx: &mut Tx) -> Stored<Vec<Made>> {
    let mut made: Vec<Made> = Vec::new();
    type Row = (Uuid, String, String, String, Uuid, bool);
    for (id, state, title, why, case, stands) in fetch!(tx, joint_all_suggested, Row, all)? {
        if made.last().is_none_or(|last| last.id != id) {
            made.push(Made { id, state, title, why, cases: Vec::new(), standing: 0 });
        }
        if let Some(last) = made.last_mut() {
            last.cases.push(case);
            last.standing += usize::from(stands);
        }
    }
    Ok(made)
}

/// Open cases that are in a joint complaint, and in which.
pub async fn tied(tx: &mut Tx) -> Stored<Vec<(Uuid, Uuid)>> {
    fetch!(tx, joint_all_tied, (Uuid, Uuid), all)
}

/// Makes a suggestion, or brings one up to date.
pub async fn suggest(tx: &mut Tx, made: &Made, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, joint_suggestion_put, made.id, &made.title, &made.why, now)?;
    execute!(tx, joint_suggestion_cases_clear, made.id)?;
    for case in &made.cases {
        execute!(tx, joint_suggestion_case_put, made.id, *case)?;
    }
    Ok(())
}

/// A suggestion does not hold any more.
pub async fn withdraw(tx: &mut Tx, suggestion: Uuid) -> Stored<()> {
    execute!(tx, joint_suggestion_cases_clear, suggestion)?;
    execute!(tx, joint_suggestion_delete, suggestion).map(|_| ())
}

/// An officer decided on a suggestion: `refused` or `tied`. False if somebody else did before.
pub async fn decide(tx: &mut Tx, suggestion: Uuid, state: &str, by: Uuid, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, joint_suggestion_decide, suggestion, state, now, by)? == 1)
}

/// Something that is different whenever an open case that was received since `since` has changed.
pub async fn state_of_cases(tx: &mut Tx, since: DateTime<Utc>) -> Stored<(i64, Option<DateTime<Utc>>)> {
    fetch!(tx, joint_state, (i64, Option<DateTime<Utc>>), one, since)
}
