//! Reminders: a digest each working morning to whoever has something due, and the question to families, 30 and 90 days after the end,
//! how they have been treated since.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{
    CaseworkError, Office, act, fold,
    independence::whom_to_ask,
    letters::{Envelope, outgoing},
    post::{Queued, follow_up, may_go, may_go_by_chat, queue},
    reads::reads,
    steps::blank,
    written_to,
};
use crate::{
    clock::london_date,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        clocks,
        decide::{CHECK_INS, Command},
        reminders::{Dated, Digest, Reader, digests},
    },
    replies::letters::{DigestFacts, DigestLine, Letter, Notice, NoticeFacts},
    store::{
        Store, Tx,
        cases::{self, Dates},
        chat as store_chat, officers,
        outbox::{self, NewOutgoing},
        reminders,
    },
    web::access::Role,
};

/// Dates up to so many days ahead are looked at; limits are in working days, and no holidays are longer.
const AHEAD: i64 = 60;
/// Nobody is asked about what was closed longer ago (days).
const LONG_AGO: i64 = 200;

/// Keeps the next date of the case, for lists and reminders.
pub(super) async fn keep_next(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    case: &CaseFile,
    dates: &Dates,
) -> Result<(), CaseworkError> {
    let next = clocks::next(case, dates.due_on, dates.decide_by, office.book(&office.calendar()))?;
    let counts = (case.check_ins.into(), case.course.stage.number().into());
    reminders::set_next(tx, id, next, case.closed_at, counts).await?;
    Ok(())
}

/// Writes the digests of today, each once a day. Returns how many were queued.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn remind(office: &Office, tx: &mut Tx, now: DateTime<Utc>) -> Result<usize, CaseworkError> {
    let today = london_date(now);
    if !office.sending || !office.reminders.enabled || !office.calendar().is_working_day(today)? {
        return Ok(0);
    }
    let dated: Vec<Dated> = reminders::next_dates(tx, today + Duration::days(AHEAD))
        .await?
        .into_iter()
        .map(|row| Dated {
            case: row.id,
            reference: row.reference,
            officer: row.officer_id,
            on: row.next_on,
            what: row.next_what,
        })
        .collect();
    let mut accounts = BTreeMap::new();
    let mut readers = Vec::new();
    for account in officers::all(tx).await?.into_iter().filter(|account| account.active) {
        let manager = match account.role.parse() {
            Ok(Role::Officer) => false,
            Ok(Role::ComplaintsManager) => true,
            _ => continue,
        };
        readers.push(Reader { id: account.id, manager });
        accounts.insert(account.id, account);
    }
    let barred: HashSet<(Uuid, Uuid)> = reminders::barred_officers(tx).await?.into_iter().collect();
    let digests = digests(
        &dated,
        &readers,
        |case, reader| barred.contains(&(case, reader)),
        (today, office.reminders.limits(), &office.calendar()),
    )?;
    let mut queued = 0;
    for (reader, digest) in digests {
        let Some(account) = accounts.get(&reader) else { continue };
        let facts = facts(office, &account.name, today, digest);
        let id = Uuid::now_v7();
        let letter = office.letters.render(&Letter::Digest(facts))?;
        let message = outgoing(
            office,
            letter,
            Envelope {
                message_id: format!("reminder.{}@{}", id.simple(), office.domain()),
                to: account.email.clone(),
                reply_about: None,
                answered: Vec::new(),
                references: Vec::new(),
                automatic: true,
            },
        );
        let key = format!("reminder:{reader}:{today}");
        let new = NewOutgoing {
            id,
            dedupe_key: &key,
            case_id: None,
            kind: "reminder",
            channel: "email",
            message: &message,
            held: None,
        };
        queued += usize::from(outbox::put(tx, &new, now).await?);
    }
    Ok(queued)
}

fn facts(office: &Office, name: &str, today: NaiveDate, digest: Digest) -> DigestFacts {
    let lines = |list: Vec<Dated>| {
        let line = |one: Dated| DigestLine {
            link: format!("{}cases/{}", office.public_url, one.reference),
            reference: one.reference,
            what: one.what,
            on: one.on,
        };
        list.into_iter().map(line).collect()
    };
    DigestFacts {
        addressee: name.to_owned(),
        today,
        missed: lines(digest.missed),
        soon: lines(digest.soon),
        up_the_line: lines(digest.up_the_line),
    }
}

/// Asks the families of cases that were closed 30 and 90 days ago how they have been treated since, each time once. A family that
/// no letter can reach is not asked. Returns how many letters were queued.
///
/// # Errors
///
/// [`CaseworkError`]. Each family is a transaction of its own: those before stand.
pub async fn check_ins(office: &Office, store: &Store, now: DateTime<Utc>) -> Result<usize, CaseworkError> {
    if !office.sending || !office.reminders.check_ins {
        return Ok(0);
    }
    let first = now - Duration::days(CHECK_INS.first().copied().unwrap_or(30).into());
    let due = reminders::to_check_in(&mut store.begin_read().await?, first, now - Duration::days(LONG_AGO)).await?;
    let mut queued = 0;
    for id in due {
        let mut tx = store.begin().await?;
        if ask(office, &mut tx, id, now).await? {
            tx.commit().await?;
            queued += 1;
        }
    }
    Ok(queued)
}

/// Asks one family, if it is time and they can be asked.
async fn ask(office: &Office, tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, CaseworkError> {
    let Some(row) = cases::get(tx, id).await? else { return Ok(false) };
    let case = fold(&cases::history(tx, id).await?, id)?;
    let (Some(closed_at), Some(after_days)) = (case.closed_at, CHECK_INS.get(usize::from(case.check_ins)).copied())
    else {
        return Ok(false);
    };
    if now < closed_at + Duration::days(after_days.into()) {
        return Ok(false);
    }
    let known = written_to(tx, &row).await?;
    let chat = may_go_by_chat(office, &row, &known);
    // Whoever wants nothing more in their chat than the law demands is not asked there.
    if let Some(chat) = &chat
        && store_chat::kept(tx, chat).await?.is_some_and(|kept| kept.chat.stopped_at.is_some())
    {
        return Ok(false);
    }
    let Some(to) = chat.clone().or_else(|| may_go(office, &row, &known).ok()) else { return Ok(false) };
    let outbox = Uuid::now_v7();
    let command = Command::CheckIn { outbox, after_days };
    let about = match act(office, tx, id, None, None, &command, now).await {
        Ok(version) => version,
        // They do not want to be asked, or nothing was decided.
        Err(CaseworkError::Refused(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let facts = NoticeFacts {
        reference: row.reference.clone(),
        addressee: known.name,
        on: Some(london_date(closed_at)),
        officer: whom_to_ask(office, tx, id).await?,
        ..blank(Notice::CheckIn, &case)
    };
    let language = reads(office, tx, Some((id, &case)), &to).await?;
    let letter = office.spoken(language, chat.is_some(), |speaker| {
        let facts = Box::new(NoticeFacts { follow_up: follow_up(speaker, &to), ..facts.clone() });
        if chat.is_some() { Letter::ChatCheckIn(facts) } else { Letter::Notice(facts) }
    })?;
    let letter = (to, letter);
    let queued = Queued { id: outbox, kind: Notice::CheckIn.name(), letter, about, documents: Vec::new() };
    queue(office, tx, &row, queued, now).await?;
    Ok(true)
}
