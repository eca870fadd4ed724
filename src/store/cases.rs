//! Cases: their events, and the columns that lists are sorted by. Written only by [`crate::casework`].

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{StoreError, Stored, Tx, execute, fetch, holidays, on, statements};
use crate::{
    clock::london_date,
    ids::{CaseReference, Uuid},
    procedure::{
        case::CaseFile,
        event::{Event, Recorded, Relation},
    },
};

/// The columns of a case that do not come from its events.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Key.
    pub id: Uuid,
    /// Whose complaint it is.
    pub complainant: Option<Uuid>,
    /// Whom letters go to in their place.
    pub answered: Option<Uuid>,
    /// Staff who passed it on.
    pub passed_on_by: Option<String>,
    /// `email`, `chat` or `form`.
    pub channel: &'static str,
    /// Where the first message was found.
    pub mailbox: String,
}

/// The dates of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// The duty's name, e.g. `S1-10`.
    pub due_duty: String,
    /// The rule in words.
    pub due_rule: String,
    /// Last day to say which procedure it is.
    pub decide_by: NaiveDate,
    /// The calendar that they were counted with.
    pub calendar_version: String,
}

/// What is needed of a case to act on it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CaseRow {
    /// Key.
    pub id: Uuid,
    /// `HRD-26-00042-K`.
    pub reference: String,
    /// Whose complaint it is.
    pub complainant_id: Option<Uuid>,
    /// Whom letters go to in their place.
    pub answered_id: Option<Uuid>,
    /// Staff who passed it on.
    pub passed_on_by: Option<String>,
    /// `email`, `chat` or `form`.
    pub channel: String,
    /// Where the first message was found.
    pub mailbox: String,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// The duty.
    pub due_duty: String,
    /// The rule in words.
    pub due_rule: String,
    /// Last day to say which procedure it is.
    pub decide_by: NaiveDate,
    /// Number of the last event.
    pub version: i64,
}

statements! {
    case_get = "SELECT id, reference, complainant_id, answered_id, passed_on_by, channel, mailbox, due_on, due_duty, due_rule, decide_by, version FROM case_file WHERE id = $1";
    participant_put = "INSERT INTO case_participant (case_id, contact_id, role) VALUES ($1,$2,$3) ON CONFLICT (case_id, contact_id)
  DO UPDATE SET role = excluded.role WHERE case_participant.role = 'named'";
    participant_is = "SELECT count(*) AS n FROM contact_address a JOIN contact k ON k.id = a.contact_id JOIN contact m ON m.person_id = k.person_id
  JOIN case_participant p ON p.contact_id = m.id WHERE p.case_id = $1 AND a.address = $2 AND p.role <> 'named'";
    participant_role = "SELECT role FROM case_participant WHERE case_id = $1 AND contact_id = $2";
    participant_remove = "DELETE FROM case_participant WHERE case_id = $1 AND contact_id = $2 AND role = $3";
    participant_representative = "SELECT c.id, c.name, a.address, c.phone FROM case_participant p JOIN contact c ON c.id = p.contact_id
  LEFT JOIN contact_address a ON a.contact_id = c.id WHERE p.case_id = $1 AND p.role = 'representative' ORDER BY (a.unreachable_at IS NOT NULL), a.address LIMIT 1";
    case_people = "UPDATE case_file SET complainant_id = $2, answered_id = $3 WHERE id = $1";
    contact_describe = "UPDATE contact SET name = $2, phone = $3 WHERE id = $1";
    contact_details = "SELECT c.name, a.address, c.phone FROM contact c LEFT JOIN contact_address a ON a.contact_id = c.id WHERE c.id = $1 ORDER BY (a.unreachable_at IS NOT NULL), a.address LIMIT 1";
    message_relation = "UPDATE case_message SET relation = $3, why = $4 WHERE case_id = $1 AND representation_id = $2";
    message_out = "DELETE FROM case_message WHERE case_id = $1 AND representation_id = $2";
    message_id_of = "SELECT message_id FROM representation WHERE id = $1";
    thread_remove = "DELETE FROM thread_id WHERE message_id = $1 AND case_id = $2";
    message_put = "INSERT INTO case_message (case_id, representation_id, relation, why, added_at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (case_id, representation_id) DO NOTHING";
    thread_put = "INSERT INTO thread_id (message_id, case_id) VALUES ($1,$2) ON CONFLICT (message_id, case_id) DO NOTHING";
    chat_latest = "SELECT m.case_id, max(r.received_at) AS last_at FROM representation r JOIN case_message m ON m.representation_id = r.id JOIN case_file c ON c.id = m.case_id
  WHERE r.author_address = $1 AND r.channel = 'chat' AND m.relation <> 'unverified-sender' AND c.status NOT IN ('closed','dismissed') GROUP BY m.case_id ORDER BY last_at DESC LIMIT 1";
    first_message = "SELECT r.message_id, r.reading FROM case_message m JOIN representation r ON r.id = m.representation_id
  WHERE m.case_id = $1 AND m.relation = 'new' ORDER BY m.added_at LIMIT 1";
    case_put = "INSERT INTO case_file (id, reference, status, act, procedure, theme, safeguarding, complainant_id, passed_on_by, channel, mailbox,
  received_at, due_on, due_duty, due_rule, decide_by, officer_id, acknowledgement, version, opened_at, updated_at, answered_id, unsure)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$20,$21,$22)";
    case_update = "UPDATE case_file SET status = CASE WHEN status = 'closed' AND CAST($18 AS TEXT) = 'stays' THEN status ELSE $3 END, act = $4, procedure = $5, theme = $6, safeguarding = $7, officer_id = $8, acknowledgement = $9,
  due_on = $10, due_duty = $11, due_rule = $12, decide_by = $13, version = $14, updated_at = $15, unsure = $16, told_at = $17, may_belong = $19, received_at = $20, answered_at = $21, childs_own = $22 WHERE id = $1 AND version = $2";
    reference_next = "INSERT INTO reference_counter (year, last) VALUES ($1, 1) ON CONFLICT (year) DO UPDATE SET last = reference_counter.last + 1 RETURNING last";
    case_id_by_reference = "SELECT id FROM case_file WHERE reference = $1";
    event_put = "INSERT INTO case_event (case_id, seq, at, officer_id, body) VALUES ($1,$2,$3,$4,$5)";
    event_list = "SELECT seq, at, officer_id, body FROM case_event WHERE case_id = $1 ORDER BY seq";
    awaited_put = "INSERT INTO thread_awaited (message_id, case_id) VALUES ($1,$2) ON CONFLICT (message_id, case_id) DO NOTHING";
    awaited_find = "SELECT case_id FROM thread_awaited WHERE message_id = $1 ORDER BY case_id LIMIT 20";
    thread_find = "SELECT case_id FROM thread_id WHERE message_id = $1 ORDER BY case_id LIMIT 1";
}

/// The next reference of the year. Numbers are never used twice, also when the transaction is abandoned on Postgres.
pub async fn next_reference(tx: &mut Tx, opened_at: DateTime<Utc>) -> Stored<CaseReference> {
    let year = chrono::Datelike::year(&london_date(opened_at));
    let (last,) = fetch!(tx, reference_next, (i64,), one, i64::from(year))?;
    let number = u32::try_from(last).map_err(|_| StoreError::bad_row("reference_next", "number out of range"))?;
    Ok(CaseReference { year, number })
}

/// Stores a new case with its first events.
pub async fn put(
    tx: &mut Tx,
    new: &NewCase,
    reference: CaseReference,
    case: &CaseFile,
    dates: &Dates,
    events: &[Recorded],
    now: DateTime<Utc>,
) -> Stored<()> {
    execute!(
        tx,
        case_put,
        new.id,
        reference.to_string(),
        case.status.as_str(),
        case.nature.act.as_str(),
        case.nature.procedure.as_str(),
        case.nature.theme.as_str(),
        case.nature.safeguarding,
        new.complainant,
        &new.passed_on_by,
        new.channel,
        &new.mailbox,
        case.received_at,
        dates.due_on,
        &dates.due_duty,
        &dates.due_rule,
        dates.decide_by,
        case.officer,
        case.acknowledgement.as_str(),
        case.version,
        now,
        new.answered,
        &case.unsure
    )?;
    holidays::counted(tx, new.id, &dates.calendar_version).await?;
    put_events(tx, new.id, events).await
}

/// Appends events to a case and brings its columns up to date. A closed case stays closed unless what happened `reopens` it;
/// no event but a merging closes one yet, only the column does. False when somebody else changed the case since
/// `version`: then nothing was written that may be committed.
#[allow(clippy::too_many_arguments)]
pub async fn append(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    case: &CaseFile,
    dates: &Dates,
    events: &[Recorded],
    reopens: bool,
    now: DateTime<Utc>,
) -> Stored<bool> {
    let n = execute!(
        tx,
        case_update,
        id,
        version,
        case.status.as_str(),
        case.nature.act.as_str(),
        case.nature.procedure.as_str(),
        case.nature.theme.as_str(),
        case.nature.safeguarding,
        case.officer,
        case.acknowledgement.as_str(),
        dates.due_on,
        &dates.due_duty,
        &dates.due_rule,
        dates.decide_by,
        case.version,
        now,
        &case.unsure,
        case.told_at,
        if reopens { "reopens" } else { "stays" },
        case.may_belong.as_ref().map(|(other, ..)| *other),
        case.received_at,
        case.settled_at(),
        case.is_childs_own()
    )?;
    if n == 1 {
        holidays::counted(tx, id, &dates.calendar_version).await?;
        put_events(tx, id, events).await?;
        let taken_back = || events.iter().any(|one| matches!(one.event, Event::Undone { .. }));
        if case.nature.safeguarding || taken_back() {
            super::safeguarding::keep_alarm(tx, id, case).await?;
        }
    }
    Ok(n == 1)
}

async fn put_events(tx: &mut Tx, id: Uuid, events: &[Recorded]) -> Stored<()> {
    for recorded in events {
        execute!(tx, event_put, id, recorded.seq, recorded.at, recorded.by, Json(&recorded.event))?;
    }
    Ok(())
}

/// The case's row.
pub async fn get(tx: &mut Tx, id: Uuid) -> Stored<Option<CaseRow>> {
    fetch!(tx, case_get, CaseRow, optional, id)
}

/// The case with this reference.
pub async fn by_reference(tx: &mut Tx, reference: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, case_id_by_reference, (Uuid,), optional, reference)?.map(|row| row.0))
}

/// The case's history, oldest first.
pub async fn history(tx: &mut Tx, id: Uuid) -> Stored<Vec<Recorded>> {
    let rows = fetch!(tx, event_list, (i64, DateTime<Utc>, Option<Uuid>, Json<Event>), all, id)?;
    Ok(rows.into_iter().map(|(seq, at, by, Json(event))| Recorded { seq, at, by, event }).collect())
}

/// Makes a contact a party of the case; who is in it already keeps their role, unless they were only named.
pub async fn add_participant(tx: &mut Tx, case: Uuid, contact: Uuid, role: &str) -> Stored<()> {
    execute!(tx, participant_put, case, contact, role).map(|_| ())
}

/// Whether the person with this address is a party of the case.
pub async fn is_participant(tx: &mut Tx, case: Uuid, address: &str) -> Stored<bool> {
    Ok(fetch!(tx, participant_is, (i64,), one, case, address.to_lowercase())?.0 > 0)
}

/// Puts a representation into the case. False if it is in it already.
pub async fn add_message(
    tx: &mut Tx,
    case: Uuid,
    representation: Uuid,
    relation: Relation,
    why: &str,
    now: DateTime<Utc>,
) -> Stored<bool> {
    Ok(execute!(tx, message_put, case, representation, relation.as_str(), why, now)? == 1)
}

/// From now on this Message-ID leads to the case.
pub async fn add_thread_id(tx: &mut Tx, case: Uuid, message_id: &str) -> Stored<()> {
    execute!(tx, thread_put, message_id, case).map(|_| ())
}

/// The case that this Message-ID leads to.
pub async fn by_thread_id(tx: &mut Tx, message_id: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, thread_find, (Uuid,), optional, message_id)?.map(|row| row.0))
}

/// A message of the case refers to this Message-ID, which may never have been seen.
pub async fn await_id(tx: &mut Tx, case: Uuid, message_id: &str) -> Stored<()> {
    execute!(tx, awaited_put, message_id, case).map(|_| ())
}

/// The cases in which this Message-ID is referred to, the oldest first.
pub async fn awaiting(tx: &mut Tx, message_id: &str) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, awaited_find, (Uuid,), all, message_id)?.into_iter().map(|row| row.0).collect())
}

/// The case that was spoken in last from this chat, and when.
pub async fn latest_chat(tx: &mut Tx, chat: &str) -> Stored<Option<(Uuid, DateTime<Utc>)>> {
    fetch!(tx, chat_latest, (Uuid, DateTime<Utc>), optional, chat)
}

/// Message-ID and reading of the message that opened the case.
pub async fn opening_message(
    tx: &mut Tx,
    case: Uuid,
) -> Stored<Option<(Option<String>, crate::intake::reading::Reading)>> {
    let row = fetch!(tx, first_message, (Option<String>, Json<crate::intake::reading::Reading>), optional, case)?;
    Ok(row.map(|(id, Json(reading))| (id, reading)))
}

/// A contact, as far as letters and forms need them.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct ContactDetails {
    /// Name.
    pub name: Option<String>,
    /// Email address or chat.
    pub address: Option<String>,
    /// Telephone number, as typed.
    pub phone: Option<String>,
}

/// What is known of a contact.
pub async fn contact_details(tx: &mut Tx, contact: Uuid) -> Stored<ContactDetails> {
    Ok(fetch!(tx, contact_details, ContactDetails, optional, contact)?.unwrap_or_default())
}

/// Who wrote for the complainant, if somebody did.
pub async fn representative(tx: &mut Tx, case: Uuid) -> Stored<Option<(Uuid, ContactDetails)>> {
    type Row = (Uuid, Option<String>, Option<String>, Option<String>);
    let row = fetch!(tx, participant_representative, Row, optional, case)?;
    Ok(row.map(|(id, name, address, phone)| (id, ContactDetails { name, address, phone })))
}

/// Writes a contact's name and telephone number as an officer said.
pub async fn describe_contact(tx: &mut Tx, contact: Uuid, name: Option<&str>, phone: Option<&str>) -> Stored<()> {
    execute!(tx, contact_describe, contact, name, phone).map(|_| ())
}

/// Whose complaint it is, and whom letters go to in their place.
pub async fn set_people(tx: &mut Tx, case: Uuid, complainant: Option<Uuid>, answered: Option<Uuid>) -> Stored<()> {
    execute!(tx, case_people, case, complainant, answered).map(|_| ())
}

/// What a contact is in the case, if anything.
pub async fn role_of(tx: &mut Tx, case: Uuid, contact: Uuid) -> Stored<Option<String>> {
    Ok(fetch!(tx, participant_role, (String,), optional, case, contact)?.map(|row| row.0))
}

/// The contact is no party in this role any more.
pub async fn remove_participant(tx: &mut Tx, case: Uuid, contact: Uuid, role: &str) -> Stored<()> {
    execute!(tx, participant_remove, case, contact, role).map(|_| ())
}

/// How a message belongs to the case from now on.
pub async fn set_relation(tx: &mut Tx, case: Uuid, message: Uuid, relation: Relation, why: &str) -> Stored<()> {
    execute!(tx, message_relation, case, message, relation.as_str(), why).map(|_| ())
}

/// Takes a message out of the case. False if it is not in it.
pub async fn take_out(tx: &mut Tx, case: Uuid, message: Uuid) -> Stored<bool> {
    Ok(execute!(tx, message_out, case, message)? == 1)
}

/// The Message-ID of a stored message.
pub async fn message_id(tx: &mut Tx, message: Uuid) -> Stored<Option<String>> {
    Ok(fetch!(tx, message_id_of, (Option<String>,), optional, message)?.and_then(|row| row.0))
}

/// This Message-ID leads to the case no more.
pub async fn remove_thread_id(tx: &mut Tx, case: Uuid, message_id: &str) -> Stored<()> {
    execute!(tx, thread_remove, message_id, case).map(|_| ())
}
