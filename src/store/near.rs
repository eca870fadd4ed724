//! Cases that a message may be about although it points at none: those of its author, and those of people who bear the names
//! in it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{ids::Uuid, intake::reading::Reading, labelling::labels::Suggestion};

/// Cases of one author that are looked at, the latest first.
const OF_AUTHOR: i64 = 12;
/// Cases with the same names that are looked at: those with most of them first, and of as many the latest.
const BY_NAMES: usize = 8;
/// Cases that are counted for all names of a message together: half a city bears some names, and looking at all of them
/// would cost more the longer the program is used, for the less such a name tells.
const COUNTED: usize = 480;
/// Cases that are counted for one of them, the latest first: at least, and at most.
const WITH_NAME: (usize, usize) = (20, 100);
/// Messages of a case that are looked at, the latest first.
const MESSAGES: i64 = 12;

statements! {
    near_of_author = "SELECT c.id FROM case_file c WHERE c.id IN (
    SELECT p.case_id FROM contact_address a JOIN contact k ON k.id = a.contact_id JOIN contact m ON m.person_id = k.person_id
    JOIN case_participant p ON p.contact_id = m.id WHERE a.address = $1 AND p.role <> 'named'
    UNION SELECT m.case_id FROM representation r JOIN case_message m ON m.representation_id = r.id WHERE r.author_address = $1)
  AND c.merged_into IS NULL
  ORDER BY c.received_at DESC, c.id LIMIT $2";
    near_by_name = "SELECT case_id FROM case_name WHERE name = $1 ORDER BY case_id DESC LIMIT $2";
    near_messages = "SELECT c.status, c.act, r.mailbox, r.channel, r.author_name, r.author_address, r.received_at, r.reading, s.body FROM case_file c
  JOIN case_message m ON m.case_id = c.id JOIN representation r ON r.id = m.representation_id LEFT JOIN suggestion s ON s.representation_id = r.id
  WHERE c.id = $1 AND m.relation NOT IN ('automatic','unverified-sender','status') ORDER BY r.received_at DESC, r.id LIMIT $2";
    near_turn = "SELECT CAST($1 AS TEXT) AS turn" | "SELECT CAST(pg_advisory_xact_lock(hashtextextended($1, 0)) AS TEXT) AS turn";
    near_name_put = "INSERT INTO case_name (name, case_id) VALUES ($1,$2) ON CONFLICT (name, case_id) DO NOTHING";
}

/// One message of a case, with what is known of the case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Said {
    /// The case's state.
    pub status: String,
    /// The case's act.
    pub act: String,
    /// The message.
    #[sqlx(flatten)]
    pub message: Message,
}

/// What is compared of a message.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Message {
    /// Where it was found.
    pub mailbox: String,
    /// How it came.
    pub channel: String,
    /// Its author's name.
    pub author_name: Option<String>,
    /// Its author's address.
    pub author_address: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// What was read.
    pub reading: Json<Reading>,
    /// What the machine thought of it.
    pub body: Option<Json<Suggestion>>,
}

/// Waits until no other program settles a message of this author, and keeps others waiting until the transaction ends: what
/// a family sends to five mailboxes at once must not open five cases. On SQLite whoever writes is alone anyhow.
pub async fn take_turn(tx: &mut Tx, address: &str) -> Stored<()> {
    fetch!(tx, near_turn, (String,), one, address.to_lowercase()).map(|_| ())
}

/// The cases in which this address is a party's, or has written.
pub async fn of_author(tx: &mut Tx, address: &str) -> Stored<Vec<Uuid>> {
    let rows = fetch!(tx, near_of_author, (Uuid,), all, address.to_lowercase(), OF_AUTHOR)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The cases whose people bear some of these names. One name alone says something only while few cases have it.
pub async fn by_names(tx: &mut Tx, names: &BTreeSet<&str>) -> Stored<Vec<Uuid>> {
    let mut shared: HashMap<Uuid, (usize, bool)> = HashMap::new();
    let most = (COUNTED / names.len().max(1)).clamp(WITH_NAME.0, WITH_NAME.1);
    for name in names {
        let cases = fetch!(tx, near_by_name, (Uuid,), all, *name, i64::try_from(most).unwrap_or(i64::MAX))?;
        let tells = cases.len() <= BY_NAMES;
        for (case,) in cases {
            let (names, told) = shared.entry(case).or_default();
            *names += 1;
            *told |= tells;
        }
    }
    let worth_a_look = shared.into_iter().filter(|(_, (names, told))| *told || *names > 1);
    let mut cases: Vec<(usize, Uuid)> = worth_a_look.map(|(case, (names, _))| (names, case)).collect();
    // Keys of cases are in the order in which they were opened.
    cases.sort_by(|a, b| b.cmp(a));
    Ok(cases.into_iter().take(BY_NAMES).map(|(_, case)| case).collect())
}

/// What was said in a case, the latest first. Machines' messages are left out, and those of people who may be nobody in it:
/// else one who joined by mistake would draw the next one after.
pub async fn said(tx: &mut Tx, case: Uuid) -> Stored<Vec<Said>> {
    fetch!(tx, near_messages, Said, all, case, MESSAGES)
}

/// From now on the case is found by these names.
pub async fn add_names(tx: &mut Tx, case: Uuid, names: &[String]) -> Stored<()> {
    for name in names {
        execute!(tx, near_name_put, name, case)?;
    }
    Ok(())
}
