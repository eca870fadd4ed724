//! A thank-you is passed on: to whoever did it well and to their manager, once an officer has said that it is one.

use chrono::{DateTime, Utc};

use super::{
    CaseworkError, Office, act, fold,
    letters::{Envelope, outgoing},
};
use crate::{
    clock::london_date,
    ids::Uuid,
    labelling::{labels::Act, policy::Lines},
    procedure::{
        case::{CaseFile, Status},
        decide::{Command, Refusal},
        event::{Noted, Step},
    },
    replies::{
        letters::{Letter, PraiseFacts},
        token::TokenClass,
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        intake,
        outbox::{self, NewOutgoing},
    },
};

/// The letter's kind in the outbox.
const PRAISE: &str = "praise";

/// Why the thanks of a case cannot be passed on; None when they can.
///
/// # Errors
///
/// The database's.
pub async fn why_not_passed_on(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
    lines: &Lines,
) -> Result<Option<&'static str>, CaseworkError> {
    if case.nature.act != Act::Compliment || matches!(case.status, Status::ToConfirm | Status::Merged) {
        return Ok(Some("an officer has to say first that it is a compliment"));
    }
    if case.nature.safeguarding {
        return Ok(Some("it may tell of a child at risk"));
    }
    for suggestion in intake::suggestions_of(tx, row.id).await? {
        if suggestion.dissatisfied >= lines.keep_from || suggestion.raises_danger(lines.safeguarding_from) {
            return Ok(Some("something in it may be dissatisfaction or danger: thank whoever did it well yourself"));
        }
    }
    if !office.may_write_about(&row.mailbox) {
        return Ok(Some("nothing is sent about this case (sending is off, or its mailbox only records)"));
    }
    Ok(None)
}

/// Passes the words of a thank-you on to members of staff, each once. Returns the case's new version.
///
/// # Errors
///
/// [`Refusal`] where it may not be, or somebody is not in the staff directory; the database's and the template's faults.
pub async fn pass_thanks_on(
    office: &Office,
    tx: &mut Tx,
    (id, seen): (Uuid, i64),
    by: Uuid,
    (to, words): (&[String], &str),
    lines: &Lines,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, id).await?, id)?;
    if let Some(why) = why_not_passed_on(office, tx, &row, &case, lines).await? {
        return Err(Refusal::NoLetter(why).into());
    }
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(id))?;
    let mut told = Vec::new();
    for email in to {
        let Some(one) = office.directory.by_email(email) else {
            return Err(Refusal::NoLetter("somebody of them is not in the staff directory").into());
        };
        let letter = office.letters.render(&Letter::Praise(PraiseFacts {
            reference: row.reference.clone(),
            addressee: Some(one.name.clone()),
            received_on: london_date(case.received_at),
            words: words.to_owned(),
        }))?;
        let outbox = Uuid::now_v7();
        let envelope = Envelope {
            // Like an alert: what answers it leads into no case by itself.
            message_id: office.keys.message_id(TokenClass::Alert, reference, outbox, office.domain()),
            to: one.email.clone(),
            reply_about: None,
            answered: Vec::new(),
            references: Vec::new(),
            automatic: true,
        };
        let message = outgoing(office, letter, envelope);
        let key = format!("{PRAISE}:{id}:{}", one.email);
        let new = NewOutgoing {
            id: outbox,
            dedupe_key: &key,
            case_id: Some(id),
            kind: PRAISE,
            channel: "email",
            message: &message,
            held: None,
        };
        outbox::put(tx, &new, now).await?;
        told.push(format!("{} ({})", one.name, one.email));
    }
    let text = format!("The thanks were passed on to {}.", told.join(" and "));
    let step = Step::Noted { what: Noted::Note, on: london_date(now), with: String::new(), text };
    act(office, tx, id, Some(seen), Some(by), &Command::Step { step, outbox: None, how: String::new() }, now).await
}
