//! Contributions: a manager is asked by a letter with a link, and answers on a page that shows what was asked and nothing else of
//! the case. Rules: [`crate::procedure::contributions`].

use chrono::{DateTime, NaiveTime, Utc};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use super::{
    CaseworkError, Office, act, fold, independence,
    letters::{Envelope, outgoing},
};
use crate::{
    ids::Uuid,
    procedure::{
        case::CaseFile,
        contributions::last_day,
        decide::{Command, Refusal},
        event::Step,
        independence::NotFound,
    },
    replies::{
        letters::{ContributionFacts, Letter},
        token::TokenClass,
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        contributions::{self, Contribution, NewContribution},
        independence::is_barred,
        officers,
        outbox::{self, NewOutgoing},
    },
};

/// The kind of the letter, and the name of its folder.
const REQUEST: &str = "contribution-request";

/// What a manager who has the link is asked: all that they may see of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The case's reference.
    pub reference: String,
    /// Their name.
    pub name: String,
    /// The name of the officer who asks.
    pub asked_by: String,
    /// What they ask.
    pub question: String,
    /// The points they are asked about.
    pub points: Vec<String>,
    /// By when.
    pub due: chrono::NaiveDate,
}

/// An officer asks a manager, or does not want the answer any more. Returns the case's new version.
pub(super) async fn take_step(
    office: &Office,
    tx: &mut Tx,
    (row, seen): (&CaseRow, Option<i64>),
    by: Uuid,
    step: Step,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let step = match step {
        Step::ContributionAsked { from, question, points, due, .. } => {
            let (from, name) = who_is(office, tx, &from).await?;
            Step::ContributionAsked { from, name, question: question.trim().to_owned(), points, due }
        }
        other => other,
    };
    let command = Command::Step { step: step.clone(), outbox: None, how: String::new() };
    let version = act(office, tx, row.id, seen, Some(by), &command, now).await?;
    match step {
        Step::ContributionAsked { .. } => ask(office, tx, row, by, &step, now).await?,
        Step::ContributionWithdrawn { contribution, .. } => {
            contributions::withdraw(tx, row.id, contribution, now).await?;
        }
        _ => {}
    }
    Ok(version)
}

/// The work address and the name of whoever is meant by what was typed.
async fn who_is(office: &Office, tx: &mut Tx, typed: &str) -> Result<(String, String), CaseworkError> {
    let wanted = typed.trim().to_lowercase();
    // The rules say that nobody was named.
    if wanted.is_empty() {
        return Ok((wanted, String::new()));
    }
    if office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(&wanted)) {
        return Err(Refusal::NoLetter("that address is one of ours: enter the manager’s own").into());
    }
    let found = match office.directory.find(typed) {
        Err(NotFound::Nobody) => independence::accounts(office, tx).await?.find(typed).cloned(),
        found => found.cloned(),
    };
    match found {
        Ok(one) => Ok((one.email, one.name)),
        // Not everybody stands in the directory.
        Err(_) if office.is_staff(&wanted) && wanted.parse::<lettre::Address>().is_ok() => Ok((wanted.clone(), wanted)),
        Err(why) => Err(Refusal::NobodyCalled(independence::nobody(typed.trim(), why)).into()),
    }
}

/// Keeps what is asked and queues the letter. Its token is nowhere else.
async fn ask(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    by: Uuid,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Step::ContributionAsked { from, name, question, points, due } = step else { return Ok(()) };
    if !office.may_write_about(&row.mailbox) {
        return Err(
            Refusal::NoLetter("nothing is sent about this case (sending is off, or its mailbox only records)").into()
        );
    }
    let case = fold(&cases::history(tx, row.id).await?, row.id)?;
    let number = u32::try_from(case.course.contributions.len()).unwrap_or(u32::MAX);
    let mut token = [0u8; 32];
    OsRng.try_fill_bytes(&mut token).map_err(|fault| CaseworkError::Random(fault.to_string()))?;
    let token = data_encoding::BASE64URL_NOPAD.encode(&token);
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()));
    let officer = officers::by_id(tx, by).await?.ok_or(CaseworkError::NotFound)?;
    let id = Uuid::now_v7();
    let new = NewContribution {
        id,
        case: row.id,
        number,
        token_hash: &hash,
        email: from,
        name,
        question,
        points: &chosen(&case, points),
        due: *due,
        by,
        ends_at: last_day(*due).and_time(NaiveTime::MIN).and_utc(),
    };
    contributions::put(tx, &new, now).await?;
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
    let letter = office.letters.render(&Letter::ContributionRequest(ContributionFacts {
        reference: row.reference.clone(),
        addressee: Some(name.clone()),
        asked_by: officer.name,
        question: question.clone(),
        by: *due,
        link: format!("{}contribution/{token}", office.public_url),
    }))?;
    let outbox = Uuid::now_v7();
    let envelope = Envelope {
        // Like an alert: what answers it leads into no case by itself.
        message_id: office.keys.message_id(TokenClass::Alert, reference, outbox, office.domain()),
        to: from.clone(),
        reply_about: None,
        answered: Vec::new(),
        references: Vec::new(),
        automatic: true,
    };
    let message = outgoing(office, letter, envelope);
    let key = format!("{REQUEST}:{id}");
    let new = NewOutgoing {
        id: outbox,
        dedupe_key: &key,
        case_id: Some(row.id),
        kind: REQUEST,
        channel: "email",
        message: &message,
        held: None,
    };
    outbox::put(tx, &new, now).await?;
    Ok(())
}

/// The words of the points with these numbers.
fn chosen(case: &CaseFile, numbers: &[u32]) -> Vec<String> {
    let all = (1u32..).zip(&case.points.points);
    all.filter(|(number, _)| numbers.contains(number)).map(|(_, point)| point.text.clone()).collect()
}

/// The contribution that the link with this token (SHA-256, hex) asks for, while it may be given.
async fn open(
    tx: &mut Tx,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Contribution, CaseRow)>, CaseworkError> {
    let Some(found) = contributions::by_token(tx, token_hash).await? else { return Ok(None) };
    if found.answered_at.is_some() || found.withdrawn_at.is_some() || found.ends_at <= now {
        return Ok(None);
    }
    let row = cases::get(tx, found.case_id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, row.id).await?, row.id)?;
    let awaited = u32::try_from(found.number).ok().and_then(|number| case.awaits_contribution(number)).is_some();
    // What was said since of whom the case is about holds for whoever was asked before.
    let barred = is_barred(tx, row.id, &found.email).await?;
    Ok((awaited && !barred).then_some((found, row)))
}

/// What the link with this token (SHA-256, hex) asks; None where it is not, or no longer, a link. That it was looked at is written
/// down with the case.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn asked_by(tx: &mut Tx, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Asked>, CaseworkError> {
    let Some((found, row)) = open(tx, token_hash, now).await? else { return Ok(None) };
    let what = format!("a manager opened the link to a contribution: {}", found.id);
    officers::audit(tx, None, &what, Some(row.id), now).await?;
    Ok(Some(Asked {
        reference: row.reference,
        name: found.name,
        asked_by: found.asked_by,
        question: found.question,
        points: found.points.0,
        due: found.due,
    }))
}

/// Keeps what a manager says by the link with this token (SHA-256, hex). False where it is not, or no longer, a link.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::Changed`] when somebody else was quicker.
pub async fn give(
    office: &Office,
    tx: &mut Tx,
    token_hash: &str,
    words: &str,
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    let Some((found, row)) = open(tx, token_hash, now).await? else { return Ok(false) };
    let Ok(number) = u32::try_from(found.number) else { return Ok(false) };
    if !contributions::answer(tx, found.id, words, now).await? {
        return Ok(false);
    }
    act(office, tx, row.id, Some(row.version), None, &Command::GiveContribution(number), now).await?;
    Ok(true)
}
