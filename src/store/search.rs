//! Full text over cases: the words of each case as they are compared, and which cases have the words that an officer typed.
//!
//! Triggers note every case whose words may be others now, whatever wrote them; `keep_up` writes them anew before the same
//! transaction ends. So nothing can be found that is not there, and what is there can be found.

use std::{cmp::Reverse, collections::BTreeSet, fmt::Write as _};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;

use super::{Store, StoreError, Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    search::{Scope, Typed, folded},
};

/// Words of one row. Postgres counts no places beyond 16,383, and phrases are found by their places.
const MOST_WORDS: usize = 16_000;
/// Bytes of one row: Postgres keeps at most a mebibyte of different words.
const MOST_BYTES: usize = 250_000;
/// Cases that are looked at of each sort, the newest first. Whoever finds more types another word.
pub const MOST_FOUND: i64 = 1_000;
/// Rows with the words up to which they are few, for Postgres: to fetch so many takes about as long as to look at rows one after the
/// other until [`MOST_FOUND`] have the words, if one in twenty has them.
const FEW: i64 = 10_000;
/// Cases of a backlog in one transaction.
const AT_ONCE: i64 = 500;

// $1 is what was typed, $2 the officer, $3 whether only cases of other lists than that of all are wanted, $4 how many. Those that
// the officer may not deal with are left out before anything is counted.
macro_rules! to_be_shown {
    () => {
        "NOT EXISTS (SELECT 1 FROM case_barred z WHERE z.case_id = w.case_id AND z.email = (SELECT email FROM officer WHERE id = $2))
      AND (NOT $3 OR EXISTS (SELECT 1 FROM case_file c WHERE c.id = w.case_id AND c.work))"
    };
}
macro_rules! hit {
    () => {
        "SELECT w.case_id, (SELECT c.received_at FROM case_file c WHERE c.id = w.case_id) AS received_at FROM "
    };
}
macro_rules! in_fts {
    () => {
        concat!(
            hit!(),
            "case_fts JOIN case_words w ON w.id = case_fts.rowid WHERE case_fts MATCH $1 AND ",
            to_be_shown!(),
            " ORDER BY case_fts.rowid DESC LIMIT $4"
        )
    };
}
macro_rules! count_in_fts {
    () => {
        "SELECT count(*) AS n FROM (SELECT 1 FROM case_fts WHERE case_fts MATCH $1 LIMIT $2) l"
    };
}
// Where there are few, the index of the words finds all of them, and they are sorted then; where there are many, the newest rows are
// looked at one after the other until enough have the words. An order by `id + 0` has no index, so the first way is taken.
macro_rules! in_vector {
    ($column:literal, $order:literal) => {
        concat!(
            hit!(),
            "case_words w WHERE w.",
            $column,
            " @@ to_tsquery('simple', $1) AND ",
            to_be_shown!(),
            " ORDER BY ",
            $order,
            " DESC LIMIT $4"
        )
    };
}
macro_rules! count_in_vector {
    ($column:literal) => {
        concat!(
            "SELECT count(*) AS n FROM (SELECT 1 FROM case_words w WHERE w.",
            $column,
            " @@ to_tsquery('simple', $1) LIMIT $2) l"
        )
    };
}

statements! {
    words_due = "SELECT DISTINCT case_id FROM case_words_due WHERE NOT backlog ORDER BY case_id";
    words_waiting = "SELECT DISTINCT case_id FROM case_words_due ORDER BY case_id LIMIT $1";
    words_done = "DELETE FROM case_words_due WHERE case_id = $1";
    words_of_case_lock = "SELECT reference FROM case_file WHERE id = $1" | "SELECT reference FROM case_file WHERE id = $1 FOR NO KEY UPDATE";
    words_of_people = "SELECT k.name, k.phone, d.address FROM case_participant p JOIN contact e ON e.id = p.contact_id JOIN contact k ON k.person_id = e.person_id
  LEFT JOIN contact_address d ON d.contact_id = k.id WHERE p.case_id = $1 ORDER BY k.id, d.address";
    words_of_messages = "SELECT r.subject, r.author_name, r.author_address, r.passed_on_by, r.visible_text FROM case_message m JOIN representation r ON r.id = m.representation_id
  WHERE m.case_id = $1 ORDER BY m.added_at, r.received_at, r.id";
    words_of_files = "SELECT t.filename AS name, f.words, 0 AS late, t.representation_id AS of_it, t.number AS number FROM case_message m JOIN attachment t ON t.representation_id = m.representation_id LEFT JOIN kept_file f ON f.sha256 = t.sha256 WHERE m.case_id = $1
  UNION ALL SELECT d.name, f.words, 1, d.id, 0 FROM case_document d JOIN kept_file f ON f.sha256 = d.sha256 WHERE d.case_id = $1 ORDER BY 3, 4, 5";
    words_of_officers = "SELECT seq, body FROM case_event WHERE case_id = $1 AND officer_id IS NOT NULL ORDER BY seq";
    words_of_managers = "SELECT name, question, answer FROM contribution WHERE case_id = $1 ORDER BY number";
    words_kept = "SELECT people, subjects, words FROM case_words WHERE case_id = $1 ORDER BY part";
    words_put = "INSERT INTO case_words (case_id, part, people, subjects, words) VALUES ($1,$2,$3,$4,$5)
  ON CONFLICT (case_id, part) DO UPDATE SET people = excluded.people, subjects = excluded.subjects, words = excluded.words";
    words_cut = "DELETE FROM case_words WHERE case_id = $1 AND part >= $2";
    search_few_people = { in_fts!() } | { in_vector!("in_people", "w.id + 0") };
    search_few_head = { in_fts!() } | { in_vector!("in_head", "w.id + 0") };
    search_few_all = { in_fts!() } | { in_vector!("in_all", "w.id + 0") };
    search_many_people = { in_fts!() } | { in_vector!("in_people", "w.id") };
    search_many_head = { in_fts!() } | { in_vector!("in_head", "w.id") };
    search_many_all = { in_fts!() } | { in_vector!("in_all", "w.id") };
    search_count_people = { count_in_fts!() } | { count_in_vector!("in_people") };
    search_count_head = { count_in_fts!() } | { count_in_vector!("in_head") };
    search_count_all = { count_in_fts!() } | { count_in_vector!("in_all") };
}

/// A case that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    /// Which.
    pub case_id: Uuid,
    /// 0: its people or its reference have all the words; 1: they and the subjects have; 2: the case has.
    pub tier: i64,
}

/// The cases that have what was typed, those of the first tier first and then the newest, that `officer` may deal with: of each tier
/// the newest [`MOST_FOUND`], and no further tier once there are so many. `work`: only those that may stand in another list than
/// that of all cases.
pub async fn find(tx: &mut Tx, typed: &Typed, officer: Uuid, work: bool) -> Stored<Vec<Found>> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for (tier, scope) in [Scope::People, Scope::Head, Scope::All].into_iter().enumerate() {
        let mut hits = tier_of(tx, typed, scope, officer, work).await?;
        hits.sort_by_key(|hit| Reverse((hit.received_at, hit.case_id)));
        let new = hits.into_iter().filter(|hit| seen.insert(hit.case_id));
        found.extend(new.map(|hit| Found { case_id: hit.case_id, tier: tier as i64 }));
        if i64::try_from(found.len()).is_ok_and(|found| found >= MOST_FOUND) {
            break;
        }
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct Hit {
    case_id: Uuid,
    received_at: DateTime<Utc>,
}

async fn tier_of(tx: &mut Tx, typed: &Typed, scope: Scope, officer: Uuid, work: bool) -> Stored<Vec<Hit>> {
    let text = match tx {
        Tx::Sqlite(_) => typed.for_fts5(scope),
        Tx::Postgres(_) => typed.for_tsquery(),
    };
    if are_many(tx, typed, scope).await? {
        plan(tx, "SET LOCAL enable_bitmapscan = off").await?;
        let hits = match scope {
            Scope::People => fetch!(tx, search_many_people, Hit, all, &text, officer, work, MOST_FOUND),
            Scope::Head => fetch!(tx, search_many_head, Hit, all, &text, officer, work, MOST_FOUND),
            Scope::All => fetch!(tx, search_many_all, Hit, all, &text, officer, work, MOST_FOUND),
        };
        plan(tx, "SET LOCAL enable_bitmapscan = on").await?;
        return hits;
    }
    match scope {
        Scope::People => fetch!(tx, search_few_people, Hit, all, &text, officer, work, MOST_FOUND),
        Scope::Head => fetch!(tx, search_few_head, Hit, all, &text, officer, work, MOST_FOUND),
        Scope::All => fetch!(tx, search_few_all, Hit, all, &text, officer, work, MOST_FOUND),
    }
}

/// Whether more rows than [`FEW`] have the words, whatever their order. SQLite goes through its index from the newest on anyway.
async fn are_many(tx: &mut Tx, typed: &Typed, scope: Scope) -> Stored<bool> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(false);
    }
    let text = typed.for_tsquery_of_words();
    plan(tx, "SET LOCAL enable_seqscan = off").await?;
    let counted: Stored<(i64,)> = match scope {
        Scope::People => fetch!(tx, search_count_people, (i64,), one, &text, FEW),
        Scope::Head => fetch!(tx, search_count_head, (i64,), one, &text, FEW),
        Scope::All => fetch!(tx, search_count_all, (i64,), one, &text, FEW),
    };
    plan(tx, "SET LOCAL enable_seqscan = on").await?;
    Ok(counted?.0 >= FEW)
}

/// How Postgres goes about what follows in this transaction. It does not know how many rows have the beginning of a word.
async fn plan(tx: &mut Tx, how: &'static str) -> Stored<()> {
    if let Tx::Postgres(tx) = tx {
        let done = sqlx::raw_sql(how).execute(&mut **tx).await;
        done.map_err(|cause| StoreError::new("search_plan", cause))?;
    }
    Ok(())
}

/// Where the words of a case stand, as officers see them.
#[derive(Debug, Default)]
pub struct Source {
    /// The messages, the first one first.
    pub messages: Vec<String>,
    /// Names, addresses and telephone numbers.
    pub people: String,
    /// Files: name and words.
    pub files: Vec<(String, String)>,
    /// What officers and managers wrote down.
    pub notes: Vec<String>,
}

/// The texts of a case as far as they are needed to show where the words stand.
pub async fn source(tx: &mut Tx, case: Uuid) -> Stored<Source> {
    let messages = fetch!(tx, words_of_messages, Message, all, case)?;
    let mut people = Vec::new();
    for (name, phone, address) in fetch!(tx, words_of_people, Person, all, case)? {
        people.extend([name, address, phone].into_iter().flatten());
    }
    for message in &messages {
        people.extend(
            [&message.author_name, &message.author_address, &message.passed_on_by].into_iter().flatten().cloned(),
        );
    }
    let mut seen = BTreeSet::new();
    people.retain(|said| seen.insert(said.clone()));
    Ok(Source {
        messages: messages.into_iter().map(|message| format!("{} {}", message.subject, message.visible_text)).collect(),
        people: people.join(", "),
        ..Source::default()
    })
}

/// The same with what else there is.
pub async fn more_of(tx: &mut Tx, case: Uuid, source: &mut Source) -> Stored<()> {
    source.files = files(tx, case).await?;
    source.notes = notes(tx, case).await?;
    Ok(())
}

type Person = (Option<String>, Option<String>, Option<String>);

#[derive(sqlx::FromRow)]
struct Message {
    subject: String,
    author_name: Option<String>,
    author_address: Option<String>,
    passed_on_by: Option<String>,
    visible_text: String,
}

#[derive(sqlx::FromRow)]
struct File {
    name: String,
    words: Option<String>,
}

async fn files(tx: &mut Tx, case: Uuid) -> Stored<Vec<(String, String)>> {
    let files = fetch!(tx, words_of_files, File, all, case)?;
    Ok(files.into_iter().map(|file| (file.name, file.words.unwrap_or_default())).collect())
}

async fn notes(tx: &mut Tx, case: Uuid) -> Stored<Vec<String>> {
    let events = fetch!(tx, words_of_officers, (i64, Json<Value>), all, case)?;
    let mut notes = said(&events.into_iter().map(|(seq, Json(body))| (seq, body)).collect::<Vec<_>>());
    for (name, question, answer) in fetch!(tx, words_of_managers, (String, String, Option<String>), all, case)? {
        notes.extend([Some(name), Some(question), answer].into_iter().flatten());
    }
    Ok(notes)
}

/// What officers wrote in these events, as it stands now: what was taken back is not there any more, and of the points of the
/// complaint only the last.
fn said(events: &[(i64, Value)]) -> Vec<String> {
    let taken_back: BTreeSet<i64> = events
        .iter()
        .filter(|(_, body)| is(body, "undone"))
        .filter_map(|(_, body)| body.get("seq")?.as_i64())
        .collect();
    let stands = |seq: &i64| !taken_back.contains(seq);
    let points = events.iter().rfind(|(seq, body)| stands(seq) && is(body, "points-set")).map(|(seq, _)| *seq);
    let mut notes = Vec::new();
    for (seq, body) in events {
        if stands(seq) && (!is(body, "points-set") || Some(*seq) == points) {
            prose(body, &mut notes);
        }
    }
    notes
}

fn is(body: &Value, kind: &str) -> bool {
    body.get("kind").and_then(Value::as_str) == Some(kind)
}

/// Fields of events in which officers write sentences. Names and addresses are found where they stand now.
const PROSE: [&str; 14] = [
    "because",
    "evidence",
    "how",
    "learning",
    "opening",
    "papers",
    "reason",
    "reasons",
    "recommendations",
    "remedy",
    "text",
    "wanted",
    "what",
    "why",
];

fn prose(body: &Value, into: &mut Vec<String>) {
    match body {
        Value::Array(list) => list.iter().for_each(|one| prose(one, into)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if PROSE.contains(&name.as_str()) => into.push(text.clone()),
                    other => prose(other, into),
                }
            }
        }
        _ => {}
    }
}

/// Writes anew the words of the cases that this transaction has changed. Part of every commit.
pub(super) async fn keep_up(tx: &mut Tx) -> Stored<()> {
    for (case,) in fetch!(tx, words_due, (Uuid,), all)? {
        write(tx, case).await?;
    }
    Ok(())
}

/// Writes the words of the cases that were there before, the oldest first, so that newer rows are newer cases.
pub(super) async fn catch_up(store: &Store) -> Stored<()> {
    // Nobody who only looks waits for whoever writes.
    while !waiting(&mut store.begin_read().await?).await?.is_empty() {
        let mut tx = store.begin().await?;
        for (case,) in waiting(&mut tx).await? {
            write(&mut tx, case).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn waiting(tx: &mut Tx) -> Stored<Vec<(Uuid,)>> {
    fetch!(tx, words_waiting, (Uuid,), all, AT_ONCE)
}

/// The words of one case, from what is stored now.
async fn write(tx: &mut Tx, case: Uuid) -> Stored<()> {
    execute!(tx, words_done, case)?;
    // Whoever else writes of this case waits, and then sees what is written here.
    let Some((reference,)) = fetch!(tx, words_of_case_lock, (String,), optional, case)? else { return Ok(()) };
    let rows = rows(tx, case, &reference).await?;
    let kept = fetch!(tx, words_kept, Row, all, case)?;
    if kept == rows {
        return Ok(());
    }
    for (part, row) in (0_i64..).zip(&rows) {
        execute!(tx, words_put, case, part, &row.people, &row.subjects, &row.words)?;
    }
    execute!(tx, words_cut, case, i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
    Ok(())
}

#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    people: String,
    subjects: String,
    words: String,
}

async fn rows(tx: &mut Tx, case: Uuid, reference: &str) -> Stored<Vec<Row>> {
    let mut people = vec![reference.to_owned()];
    for (name, phone, address) in fetch!(tx, words_of_people, Person, all, case)? {
        // However a number is grouped, and in one piece.
        let digits = phone.as_ref().map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
        people.extend([name, address, phone, digits].into_iter().flatten());
    }
    let (mut subjects, mut words) = (Vec::new(), String::new());
    for message in fetch!(tx, words_of_messages, Message, all, case)? {
        people.extend([message.author_name, message.author_address, message.passed_on_by].into_iter().flatten());
        subjects.push(message.subject);
        let _ = write!(words, " {}", message.visible_text);
    }
    for note in notes(tx, case).await? {
        let _ = write!(words, " {note}");
    }
    for (name, said) in files(tx, case).await? {
        let _ = write!(words, " {name} {said}");
    }
    Ok(parts(&once(&people), &once(&subjects), &folded(&words)))
}

/// Every text once: a case's messages name the same people and bear the same subject over and over.
fn once(texts: &[String]) -> String {
    let mut seen = BTreeSet::new();
    let texts: Vec<String> = texts.iter().map(|text| folded(text)).filter(|text| seen.insert(text.clone())).collect();
    cut(&texts.join(" ")).0.to_owned()
}

/// As many rows as the words need, each with the people and the subjects.
fn parts(people: &str, subjects: &str, words: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest = words;
    loop {
        let (part, more) = cut(rest);
        rows.push(Row { people: people.to_owned(), subjects: subjects.to_owned(), words: part.to_owned() });
        if more.is_empty() {
            return rows;
        }
        rest = more;
    }
}

/// As many words as one row takes, and the others. There is one space between words.
fn cut(words: &str) -> (&str, &str) {
    let full = words.match_indices(' ').enumerate().find(|(n, (at, _))| *n + 1 == MOST_WORDS || *at > MOST_BYTES);
    full.and_then(|(_, (at, _))| Some((words.get(..at)?, words.get(at + 1..)?))).unwrap_or((words, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_of_many_words_has_several_rows_and_no_word_is_lost() {
        let words = (0..40_000).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        let rows = parts("ann", "taxi", &words);
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.people == "ann" && row.subjects == "taxi"));
        assert!(rows.iter().all(|row| row.words.split(' ').count() <= MOST_WORDS));
        assert_eq!(rows.into_iter().map(|row| row.words).collect::<Vec<_>>().join(" "), words);
        let long = ["x".repeat(60).as_str(); 10_000].join(" ");
        assert!(parts("", "", &long).iter().all(|row| row.words.len() <= MOST_BYTES + 61));
        assert_eq!(parts("ann", "", ""), [Row { people: "ann".into(), ..Row::default() }]);
    }

    #[test]
    fn of_an_event_the_words_that_somebody_wrote_are_found() {
        let point =
            |text: &str| serde_json::json!({"kind": "points-set", "points": {"points": [{"text": text, "n": 3}]}});
        let events = [
            serde_json::json!({"kind": "dismissed", "act": "enquiry", "reason": "They asked for the timetable."}),
            point("The taxi."),
            point("The taxi was late."),
            serde_json::json!({"kind": "dismissed", "reason": "Wrong."}),
            serde_json::json!({"kind": "undone", "seq": 4}),
            serde_json::json!({"kind": "group", "members": [{"name": "Jo Tregar"}]}),
        ];
        let events: Vec<_> = (1..).zip(events).collect();
        assert_eq!(said(&events), ["They asked for the timetable.", "The taxi was late."]);
    }
}
