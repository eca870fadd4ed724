//! How long cases are kept: what is due, and everything that says who taken out of a case. What of which table goes stands in
//! [`super::personal`].

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    ids::Uuid,
    intake::reading::Reading,
    procedure::{event::Event, retention::Keeping},
    replies::courier::Outgoing,
};

/// Cases that are looked at to see what is due.
const MOST_CASES: i64 = 5_000;
/// In place of a joint complaint's title.
const REMOVED: &str = crate::procedure::event::REMOVED;

statements! {
    retention_set = "UPDATE case_file SET retention = $2 WHERE id = $1";
    retention_over = "SELECT c.id, c.reference FROM case_file c WHERE c.anonymised_at IS NULL AND c.merged_into IS NULL
  AND ((c.status IN ('closed','dismissed') AND c.opened_at < $1) OR c.retention IN ('held','until','to-anonymise'))
  AND NOT EXISTS (SELECT 1 FROM case_barred b JOIN officer o ON o.email = b.email WHERE b.case_id = c.id AND o.id = $2)
  ORDER BY c.opened_at, c.id LIMIT $3";
    retention_anonymised = "SELECT count(*) AS n FROM case_file WHERE anonymised_at IS NOT NULL";
    retention_followers = "SELECT id FROM case_file WHERE merged_into = $1 ORDER BY id";
    retention_is_done = "SELECT count(*) AS n FROM case_file WHERE id = $1 AND anonymised_at IS NOT NULL";
    retention_letters_wait = "SELECT count(*) AS n FROM outbox WHERE case_id = $1 AND state = 'waiting' AND dropped_at IS NULL";
    gone_messages = "SELECT m.representation_id AS id, r.content_key, r.author_address, r.reading FROM case_message m JOIN representation r ON r.id = m.representation_id
  WHERE m.case_id = $1 AND NOT EXISTS (SELECT 1 FROM case_message o JOIN case_file c ON c.id = o.case_id WHERE o.representation_id = m.representation_id
    AND o.case_id <> $1 AND c.anonymised_at IS NULL) ORDER BY m.representation_id";
    gone_message = "UPDATE representation SET content_key = $2, words_key = NULL, message_id = NULL, author_name = NULL, author_address = NULL, passed_on_by = NULL,
  subject = '', visible_text = '', quoted_text = '', reading = $3, why = '', automated_because = NULL, files_state = 'done' WHERE id = $1";
    gone_deliveries = "UPDATE delivery SET raw = X'', raw_file = NULL, rest = NULL, why = NULL, state = 'read' WHERE representation_id = $1"
      | "UPDATE delivery SET raw = ''::bytea, raw_file = NULL, rest = NULL, why = NULL, state = 'read' WHERE representation_id = $1";
    gone_suggestions = "DELETE FROM suggestion WHERE representation_id = $1";
    gone_pairs = "DELETE FROM matter_pair WHERE one = $1 OR other = $1";
    gone_attachments = "DELETE FROM attachment WHERE representation_id = $1";
    files_of_message = "SELECT sha256 FROM attachment WHERE representation_id = $1 AND sha256 IS NOT NULL
  UNION SELECT raw_file AS sha256 FROM delivery WHERE representation_id = $1 AND raw_file IS NOT NULL";
    documents_of_case = "SELECT sha256 FROM case_document WHERE case_id = $1";
    letters_of_case = "SELECT message FROM outbox WHERE case_id = $1";
    gone_documents = "DELETE FROM case_document WHERE case_id = $1";
    gone_letters = "UPDATE outbox SET dedupe_key = 'anonymised:' || hex(id), recipient = '', message = $2, why = NULL, held_by = NULL, delivery_code = NULL, delivery_fault = NULL, delivery_why = NULL,
  ended_why = NULL, message_id = NULL, mailbox = '', domain = NULL, ended_how = CASE WHEN dropped_at IS NULL AND (state <> 'sent' OR delivery IN ('bounced','said-bounced')) THEN 'dropped' ELSE ended_how END,
  dropped_at = CASE WHEN dropped_at IS NULL AND (state <> 'sent' OR delivery IN ('bounced','said-bounced')) THEN $3 ELSE dropped_at END WHERE case_id = $1"
      | "UPDATE outbox SET dedupe_key = 'anonymised:' || CAST(id AS TEXT), recipient = '', message = $2, why = NULL, held_by = NULL, delivery_code = NULL, delivery_fault = NULL, delivery_why = NULL,
  ended_why = NULL, message_id = NULL, mailbox = '', domain = NULL, ended_how = CASE WHEN dropped_at IS NULL AND (state <> 'sent' OR delivery IN ('bounced','said-bounced')) THEN 'dropped' ELSE ended_how END,
  dropped_at = CASE WHEN dropped_at IS NULL AND (state <> 'sent' OR delivery IN ('bounced','said-bounced')) THEN $3 ELSE dropped_at END WHERE case_id = $1";
    gone_contributions = "DELETE FROM contribution WHERE case_id = $1";
    gone_names = "DELETE FROM case_name WHERE case_id = $1";
    gone_threads = "DELETE FROM thread_id WHERE case_id = $1";
    gone_awaited = "DELETE FROM thread_awaited WHERE case_id = $1";
    gone_participants = "DELETE FROM case_participant WHERE case_id = $1";
    gone_barred = "DELETE FROM case_barred WHERE case_id = $1";
    gone_appointed = "DELETE FROM case_appointed WHERE case_id = $1";
    gone_reasons = "UPDATE case_message SET why = '' WHERE case_id = $1 AND why <> ''";
    gone_event = "UPDATE case_event SET body = $3 WHERE case_id = $1 AND seq = $2";
    gone_case = "UPDATE case_file SET complainant_id = NULL, answered_id = NULL, passed_on_by = NULL, unsure = NULL, may_belong = NULL, next_on = NULL, next_what = NULL,
  anonymised_at = $2 WHERE id = $1";
    contacts_of_case = "SELECT complainant_id AS id FROM case_file WHERE id = $1 AND complainant_id IS NOT NULL UNION SELECT answered_id AS id FROM case_file WHERE id = $1 AND answered_id IS NOT NULL
  UNION SELECT contact_id AS id FROM case_participant WHERE case_id = $1";
    contact_at = "SELECT contact_id AS id FROM contact_address WHERE address = $1";
    contacts_of_person = "SELECT m.id FROM contact k JOIN contact m ON m.person_id = k.person_id WHERE k.id = $1 UNION SELECT id FROM contact WHERE id = $1";
    contact_uses = "SELECT (SELECT count(*) FROM case_participant WHERE contact_id = $1) + (SELECT count(*) FROM case_file WHERE complainant_id = $1 OR answered_id = $1) AS n";
    contact_addresses = "SELECT address FROM contact_address WHERE contact_id = $1";
    gone_addresses = "DELETE FROM contact_address WHERE contact_id = $1";
    gone_contact = "DELETE FROM contact WHERE id = $1";
    gone_mark = "DELETE FROM do_not_reply WHERE mailbox = $1";
    gone_greetings = "DELETE FROM outbox WHERE recipient = $1 AND case_id IS NULL AND state <> 'waiting'";
    gone_joint_titles = "UPDATE joint SET title = $2 WHERE title <> $2 AND id IN (SELECT x.joint_id FROM joint_case x WHERE x.case_id = $1 AND NOT EXISTS (SELECT 1 FROM joint_case y
  JOIN case_file c ON c.id = y.case_id WHERE y.joint_id = x.joint_id AND c.anonymised_at IS NULL))";
    joint_suggested = "SELECT suggestion_id AS id FROM joint_suggestion_case WHERE case_id = $1";
    gone_suggested_cases = "DELETE FROM joint_suggestion_case WHERE suggestion_id = $1";
    gone_suggested = "DELETE FROM joint_suggestion WHERE id = $1";
    file_uses = "SELECT (SELECT count(*) FROM attachment WHERE sha256 = $1) + (SELECT count(*) FROM case_document WHERE sha256 = $1) + (SELECT count(*) FROM delivery WHERE raw_file = $1)
  + (SELECT count(*) FROM outbox WHERE CAST(message AS TEXT) LIKE '%' || $1 || '%') AS n";
    gone_file = "DELETE FROM kept_file WHERE sha256 = $1";
    file_to_remove_put = "INSERT INTO file_to_remove (sha256, since) VALUES ($1,$2) ON CONFLICT (sha256) DO NOTHING";
    files_to_remove = "SELECT f.sha256 FROM file_to_remove f ORDER BY f.since, f.sha256 LIMIT 500";
    file_is_kept = "SELECT count(*) AS n FROM kept_file WHERE sha256 = $1";
    file_removed = "DELETE FROM file_to_remove WHERE sha256 = $1";
}

/// Keeps what was decided about how long a case is kept, for lists.
pub async fn keep(tx: &mut Tx, case: Uuid, keeping: &Keeping) -> Stored<()> {
    execute!(tx, retention_set, case, keeping.as_str()).map(|_| ())
}

/// Cases that ended and were opened before `before`, and those that something was decided about, that `officer` may know of: keys and
/// references, the oldest first.
pub async fn over(tx: &mut Tx, before: NaiveDate, officer: Uuid) -> Stored<Vec<(Uuid, String)>> {
    let before = before.and_time(chrono::NaiveTime::MIN).and_utc();
    fetch!(tx, retention_over, (Uuid, String), all, before, officer, MOST_CASES)
}

/// How many cases say nothing of anybody any more.
pub async fn anonymised_count(tx: &mut Tx) -> Stored<i64> {
    Ok(fetch!(tx, retention_anonymised, (i64,), one)?.0)
}

/// Whether everything that says who was taken out of the case.
pub async fn is_anonymised(tx: &mut Tx, case: Uuid) -> Stored<bool> {
    Ok(fetch!(tx, retention_is_done, (i64,), one, case)?.0 > 0)
}

/// Cases that were merged into this one.
pub async fn followers(tx: &mut Tx, case: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, retention_followers, (Uuid,), all, case)?.into_iter().map(|row| row.0).collect())
}

/// Whether a letter of the case is still to be sent.
pub async fn letters_wait(tx: &mut Tx, case: Uuid) -> Stored<bool> {
    Ok(fetch!(tx, retention_letters_wait, (i64,), one, case)?.0 > 0)
}

/// A message that no other case needs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GoneMessage {
    /// Key.
    pub id: Uuid,
    /// By what it is known when it comes again.
    pub content_key: String,
    /// Who wrote it.
    pub author_address: Option<String>,
    /// What was read of it.
    pub reading: Json<Reading>,
}

/// The messages of a case that no case needs any more from which nothing was taken out yet.
pub async fn messages(tx: &mut Tx, case: Uuid) -> Stored<Vec<GoneMessage>> {
    fetch!(tx, gone_messages, GoneMessage, all, case)
}

/// Counts of what went, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Gone(pub std::collections::BTreeMap<&'static str, u64>);

impl Gone {
    fn add(&mut self, table: &'static str, rows: u64) {
        if rows > 0 {
            *self.0.entry(table).or_default() += rows;
        }
    }

    /// How many rows in all.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.values().sum()
    }
}

/// Empties a message and all that was made of it; it is known by `key` when it comes again. The files that it had are added to `files`.
pub async fn empty_message(
    tx: &mut Tx,
    message: &GoneMessage,
    key: &str,
    (files, gone): (&mut Vec<String>, &mut Gone),
) -> Stored<()> {
    let id = message.id;
    files.extend(fetch!(tx, files_of_message, (String,), all, id)?.into_iter().map(|row| row.0));
    let Json(reading) = &message.reading;
    let left = Reading { automated: reading.automated.clone(), by_form: reading.by_form, ..Reading::default() };
    gone.add("representation", execute!(tx, gone_message, id, key, Json(left))?);
    gone.add("delivery", execute!(tx, gone_deliveries, id)?);
    gone.add("suggestion", execute!(tx, gone_suggestions, id)?);
    gone.add("matter_pair", execute!(tx, gone_pairs, id)?);
    gone.add("attachment", execute!(tx, gone_attachments, id)?);
    Ok(())
}

/// Takes everything out of a case that stands beside its messages and events. The files that it had are added to `files`.
pub async fn empty_case(
    tx: &mut Tx,
    case: Uuid,
    now: DateTime<Utc>,
    (files, gone): (&mut Vec<String>, &mut Gone),
) -> Stored<()> {
    files.extend(fetch!(tx, documents_of_case, (String,), all, case)?.into_iter().map(|row| row.0));
    for (Json(letter),) in fetch!(tx, letters_of_case, (Json<Outgoing>,), all, case)? {
        files.extend(letter.enclosures.into_iter().map(|file| file.sha256));
    }
    gone.add("case_document", execute!(tx, gone_documents, case)?);
    gone.add("outbox", execute!(tx, gone_letters, case, Json(Outgoing::default()), now)?);
    gone.add("contribution", execute!(tx, gone_contributions, case)?);
    for (table, rows) in super::track::gone(tx, case).await? {
        gone.add(table, rows);
    }
    gone.add("change_proposal", super::proposals::gone(tx, case).await?);
    gone.add("survey_invitation", super::survey::gone(tx, case).await?);
    gone.add("case_name", execute!(tx, gone_names, case)?);
    gone.add("thread_id", execute!(tx, gone_threads, case)?);
    gone.add("thread_awaited", execute!(tx, gone_awaited, case)?);
    gone.add("case_participant", execute!(tx, gone_participants, case)?);
    gone.add("case_barred", execute!(tx, gone_barred, case)?);
    gone.add("case_appointed", execute!(tx, gone_appointed, case)?);
    gone.add("case_message", execute!(tx, gone_reasons, case)?);
    gone.add("case_file", execute!(tx, gone_case, case, now)?);
    gone.add("joint", execute!(tx, gone_joint_titles, case, REMOVED)?);
    for (id,) in fetch!(tx, joint_suggested, (Uuid,), all, case)? {
        gone.add("joint_suggestion_case", execute!(tx, gone_suggested_cases, id)?);
        gone.add("joint_suggestion", execute!(tx, gone_suggested, id)?);
    }
    Ok(())
}

/// Puts what is left of an event in its place.
pub async fn put_event(tx: &mut Tx, case: Uuid, seq: i64, event: &Event, gone: &mut Gone) -> Stored<()> {
    gone.add("case_event", execute!(tx, gone_event, case, seq, Json(event))?);
    Ok(())
}

/// Everybody whom the case knows as a contact.
pub async fn contacts(tx: &mut Tx, case: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, contacts_of_case, (Uuid,), all, case)?.into_iter().map(|row| row.0).collect())
}

/// The contact with this address.
pub async fn contact_with(tx: &mut Tx, address: &str) -> Stored<Option<Uuid>> {
    Ok(fetch!(tx, contact_at, (Uuid,), optional, address)?.map(|row| row.0))
}

/// Every contact of the person whose contact this is.
pub async fn same_person(tx: &mut Tx, contact: Uuid) -> Stored<Vec<Uuid>> {
    Ok(fetch!(tx, contacts_of_person, (Uuid,), all, contact)?.into_iter().map(|row| row.0).collect())
}

/// Removes the person whose contact this is, with what is kept of their addresses, unless a case still needs one of their contacts.
pub async fn remove_person(tx: &mut Tx, contact: Uuid, gone: &mut Gone) -> Stored<()> {
    let all = same_person(tx, contact).await?;
    for one in &all {
        if fetch!(tx, contact_uses, (i64,), one, *one)?.0 > 0 {
            return Ok(());
        }
    }
    for one in all {
        for (address,) in fetch!(tx, contact_addresses, (String,), all, one)? {
            gone.add("do_not_reply", execute!(tx, gone_mark, crate::replies::guard::mailbox_of(&address))?);
            gone.add("outbox", execute!(tx, gone_greetings, &address)?);
            let (states, codes) = super::chat::remove(tx, &address).await?;
            gone.add("chat_state", states);
            gone.add("chat_code", codes);
        }
        gone.add("contact_address", execute!(tx, gone_addresses, one)?);
        gone.add("contact", execute!(tx, gone_contact, one)?);
    }
    Ok(())
}

/// Forgets a file that nothing names any more, and notes that its bytes are to be removed.
pub async fn forget_file(tx: &mut Tx, sha256: &str, now: DateTime<Utc>, gone: &mut Gone) -> Stored<()> {
    if fetch!(tx, file_uses, (i64,), one, sha256)?.0 == 0 {
        execute!(tx, gone_file, sha256)?;
        gone.add("kept_file", execute!(tx, file_to_remove_put, sha256, now)?);
    }
    Ok(())
}

/// Files whose bytes are to be removed, each with whether something has come since that needs it again.
pub async fn files_to_remove(tx: &mut Tx) -> Stored<Vec<(String, bool)>> {
    let mut files = Vec::new();
    for (sha256,) in fetch!(tx, files_to_remove, (String,), all)? {
        let needed =
            fetch!(tx, file_is_kept, (i64,), one, &sha256)?.0 > 0 || fetch!(tx, file_uses, (i64,), one, &sha256)?.0 > 0;
        files.push((sha256, needed));
    }
    Ok(files)
}

/// The file's bytes are removed.
pub async fn file_removed(tx: &mut Tx, sha256: &str) -> Stored<()> {
    execute!(tx, file_removed, sha256).map(|_| ())
}
