//! Checks of what was left alone in managers' mailboxes: the numbers, and who agreed, asked and looked.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::{
    elusion::{
        check::{Progress, State},
        estimate::Counts,
        sample::Span,
    },
    ids::Uuid,
    intake::settle::FOUND_IN_CHECK,
};

/// A check.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CheckRow {
    /// Key.
    pub id: Uuid,
    /// Configured name.
    pub mailbox: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Messages to look at.
    pub wanted: i64,
    /// Who asked.
    pub asked_by: Uuid,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// `asked`, `agreed`, `declined`, `withdrawn` or `done`.
    pub state: String,
    /// Who agreed.
    pub consent_by: Option<String>,
    /// How: `page`, or in an officer's words.
    pub consent_how: Option<String>,
    /// On which day.
    pub consent_on: Option<NaiveDate>,
    /// When it was written down.
    pub consent_at: Option<DateTime<Utc>>,
    /// Who wrote it down, if not the owner.
    pub recorded_by_name: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// UIDVALIDITY when the first message was drawn.
    pub uid_validity: Option<i64>,
    /// Rank of the message shown last.
    pub last_rank: Option<i64>,
    /// Messages left alone and still there when the first was drawn.
    pub left_alone: i64,
    /// Messages counted as left alone on those days, whether they are still there or not.
    pub counted: i64,
    /// Messages of those days that were kept and are dissatisfaction.
    pub found: i64,
    /// Messages to be shown.
    pub drawn: i64,
    /// Shown.
    pub shown: i64,
    /// Answered.
    pub answered: i64,
    /// Answered with yes or no.
    pub judged: i64,
    /// Of these, should have been kept.
    pub missed: i64,
    /// Of these, made a case.
    pub cases: i64,
}

impl CheckRow {
    /// How far it is. A state that nobody knows counts as ended.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let state = State::ALL.into_iter().find(|state| state.as_str() == self.state).unwrap_or(State::Done);
        Progress { state, asked_by: self.asked_by, shown: number(self.shown), answered: number(self.answered) }
    }

    /// What it counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            left_alone: number(self.left_alone),
            judged: number(self.judged),
            missed: number(self.missed),
            found: number(self.found),
        }
    }

    /// The days.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { from_on: self.from_on, to_on: self.to_on }
    }
}

fn number(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

/// A check to store.
#[derive(Clone, Copy, Debug)]
pub struct NewCheck<'a> {
    /// Key; the sample is drawn by it.
    pub id: Uuid,
    /// Configured name of the mailbox.
    pub mailbox: &'a str,
    /// The days.
    pub span: Span,
    /// Messages to look at.
    pub wanted: u32,
    /// Who asks.
    pub asked_by: Uuid,
}

/// A consent.
#[derive(Clone, Copy, Debug)]
pub struct Consent<'a> {
    /// Who gave it.
    pub by: &'a str,
    /// How: `page`, or in an officer's words.
    pub how: &'a str,
    /// On which day.
    pub on: NaiveDate,
    /// Who wrote it down, if not the owner.
    pub recorded_by: Option<Uuid>,
}

/// What the mailbox held when the first message was drawn.
#[derive(Clone, Copy, Debug)]
pub struct Population {
    /// The UIDVALIDITY of its messages.
    pub uid_validity: u32,
    /// Messages left alone and still there.
    pub left_alone: u32,
    /// Messages counted as left alone on those days.
    pub counted: i64,
    /// Messages kept that are dissatisfaction.
    pub found: i64,
    /// Messages to be shown.
    pub drawn: u32,
}

/// How a message was answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answered {
    /// With yes or no.
    pub judged: bool,
    /// It should have been kept.
    pub missed: bool,
    /// It is a case now.
    pub case: bool,
}

statements! {
    check_put = "INSERT INTO mailbox_check (id, mailbox, from_on, to_on, wanted, asked_by, asked_at, state) VALUES ($1,$2,$3,$4,$5,$6,$7,'asked')";
    check_get = "SELECT k.id, k.mailbox, k.from_on, k.to_on, k.wanted, k.asked_by, a.name AS asked_by_name, k.asked_at, k.state, k.consent_by, k.consent_how, k.consent_on, k.consent_at,
    r.name AS recorded_by_name, k.ended_by, k.ended_at, k.uid_validity, k.last_rank, k.left_alone, k.counted, k.found, k.drawn, k.shown, k.answered, k.judged, k.missed, k.cases
  FROM mailbox_check k JOIN officer a ON a.id = k.asked_by LEFT JOIN officer r ON r.id = k.recorded_by WHERE k.id = $1";
    check_list = "SELECT k.id, k.mailbox, k.from_on, k.to_on, k.wanted, k.asked_by, a.name AS asked_by_name, k.asked_at, k.state, k.consent_by, k.consent_how, k.consent_on, k.consent_at,
    r.name AS recorded_by_name, k.ended_by, k.ended_at, k.uid_validity, k.last_rank, k.left_alone, k.counted, k.found, k.drawn, k.shown, k.answered, k.judged, k.missed, k.cases
  FROM mailbox_check k JOIN officer a ON a.id = k.asked_by LEFT JOIN officer r ON r.id = k.recorded_by ORDER BY k.asked_at DESC, k.id LIMIT 200";
    check_consent = "UPDATE mailbox_check SET state = 'agreed', consent_by = $2, consent_how = $3, consent_on = $4, consent_at = $5, recorded_by = $6 WHERE id = $1 AND state = 'asked'";
    check_end = "UPDATE mailbox_check SET state = $2, ended_by = $3, ended_at = $4, last_rank = NULL WHERE id = $1 AND state = $5";
    check_begin = "UPDATE mailbox_check SET uid_validity = $2, left_alone = $3, counted = $4, found = $5, drawn = $6 WHERE id = $1 AND shown = 0 AND state = 'agreed'";
    check_shown = "UPDATE mailbox_check SET shown = $2, last_rank = $3 WHERE id = $1 AND shown = $2 - 1 AND answered = $2 - 1 AND state = 'agreed'";
    check_answered = "UPDATE mailbox_check SET answered = answered + 1, judged = judged + $3, missed = missed + $4, cases = cases + $5 WHERE id = $1 AND shown = $2 AND answered = $2 - 1 AND state = 'agreed'";
    check_case_of = "SELECT c.reference FROM case_message m JOIN case_file c ON c.id = m.case_id WHERE m.representation_id = $1 ORDER BY m.added_at, c.id LIMIT 1";
    check_kept = "SELECT uid FROM delivery WHERE mailbox = $1 AND uid_validity = $2";
    check_counted = "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM forgotten_count WHERE mailbox = $1 AND on_day BETWEEN $2 AND $3";
    check_found = "SELECT count(DISTINCT r.id) AS n FROM delivery d JOIN representation r ON r.id = d.representation_id JOIN case_message m ON m.representation_id = r.id JOIN case_file c ON c.id = m.case_id
  WHERE d.mailbox = $1 AND d.arrived_at >= $2 AND d.arrived_at < $3 AND c.status <> 'dismissed' AND c.act IN ('complaint','concern') AND r.why <> $4";
}

/// Stores a check that is asked for.
pub async fn put(tx: &mut Tx, new: &NewCheck<'_>, now: DateTime<Utc>) -> Stored<()> {
    let Span { from_on, to_on } = new.span;
    execute!(tx, check_put, new.id, new.mailbox, from_on, to_on, i64::from(new.wanted), new.asked_by, now).map(|_| ())
}

/// A check.
pub async fn get(tx: &mut Tx, id: Uuid) -> Stored<Option<CheckRow>> {
    fetch!(tx, check_get, CheckRow, optional, id)
}

/// The newest 200 checks.
pub async fn list(tx: &mut Tx) -> Stored<Vec<CheckRow>> {
    fetch!(tx, check_list, CheckRow, all)
}

/// The owner agrees. False if somebody was quicker.
pub async fn agree(tx: &mut Tx, id: Uuid, consent: &Consent<'_>, now: DateTime<Utc>) -> Stored<bool> {
    let n = execute!(tx, check_consent, id, consent.by, consent.how, consent.on, now, consent.recorded_by)?;
    Ok(n == 1)
}

/// Ends a check that was `from`, in the state `to`. False if it was not.
pub async fn end(tx: &mut Tx, id: Uuid, from: State, to: State, by: &str, now: DateTime<Utc>) -> Stored<bool> {
    Ok(execute!(tx, check_end, id, to.as_str(), by, now, from.as_str())? == 1)
}

/// Notes what there is to draw from, before the first message is shown.
pub async fn begin(tx: &mut Tx, id: Uuid, population: &Population) -> Stored<bool> {
    let Population { uid_validity, left_alone, counted, found, drawn } = *population;
    let (uid_validity, left_alone, drawn) = (i64::from(uid_validity), i64::from(left_alone), i64::from(drawn));
    Ok(execute!(tx, check_begin, id, uid_validity, left_alone, counted, found, drawn)? == 1)
}

/// Notes that the message at `place` is shown. False if it was before: then it must not be.
pub async fn show(tx: &mut Tx, id: Uuid, place: u32, rank: i64) -> Stored<bool> {
    Ok(execute!(tx, check_shown, id, i64::from(place), rank)? == 1)
}

/// Notes the answer on the message at `place`. False if it has one.
pub async fn answer(tx: &mut Tx, id: Uuid, place: u32, answered: Answered) -> Stored<bool> {
    let Answered { judged, missed, case } = answered;
    let (judged, missed, case) = (i64::from(judged), i64::from(missed), i64::from(case));
    Ok(execute!(tx, check_answered, id, i64::from(place), judged, missed, case)? == 1)
}

/// The case that a message is in.
pub async fn case_of(tx: &mut Tx, representation: Uuid) -> Stored<Option<String>> {
    Ok(fetch!(tx, check_case_of, (String,), optional, representation)?.map(|row| row.0))
}

/// The UIDs of what was kept of a mailbox.
pub async fn kept(tx: &mut Tx, mailbox: &str, uid_validity: u32) -> Stored<BTreeSet<u32>> {
    let rows = fetch!(tx, check_kept, (i64,), all, mailbox, i64::from(uid_validity))?;
    Ok(rows.into_iter().filter_map(|(uid,)| u32::try_from(uid).ok()).collect())
}

/// How many messages were counted as left alone on these days: by the day they were read.
pub async fn counted(tx: &mut Tx, mailbox: &str, span: Span) -> Stored<i64> {
    Ok(fetch!(tx, check_counted, (i64,), one, mailbox, span.from_on, span.to_on)?.0)
}

/// How many messages of a mailbox were kept by themselves and are dissatisfaction, as far as officers have said: those that
/// arrived from `from` to just before `to`.
pub async fn found(tx: &mut Tx, mailbox: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Stored<i64> {
    Ok(fetch!(tx, check_found, (i64,), one, mailbox, from, to, FOUND_IN_CHECK)?.0)
}
