//! What becomes of letters after they were written: reports on them, and what officers do about those that did not arrive.

use chrono::{DateTime, Utc};

use super::{COMPLAINANT, CaseworkError, Office, Opened, Opening, PARTY, act, open, safeguarding::do_not_reply};
use crate::{
    ids::Uuid,
    intake::{
        bounce::{Action, Fault, Report},
        prepare,
    },
    labelling::policy,
    matching::report::Tied,
    procedure::{
        case::ACKNOWLEDGEMENT,
        decide::{Command, Refusal},
        event::{Outcome, Settlement},
    },
    replies::guard::{DO_NOT_REPLY, ENCLOSURE},
    store::{
        Tx, cases,
        delivery::{self, OpenLetter, Reported},
        filed, officers, outbox, safeguarding,
    },
};

/// Writes down what a report says about a letter of ours. False when it says nothing new, or nothing about delivery.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn note_report(
    office: &Office,
    tx: &mut Tx,
    tied: &Tied,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<bool, CaseworkError> {
    let letter = &tied.letter;
    // A letter of ours has one recipient: what is said of another address is said of where it was passed on to.
    let said = report.of(&letter.recipient).or_else(|| report.recipients.iter().max_by_key(|one| one.action));
    let Some(said) = said else { return Ok(false) };
    let outcome = match said.action {
        Action::Failed => Outcome::Failed,
        Action::Delayed => Outcome::Delayed,
        Action::Delivered => Outcome::Delivered,
        // Handed on to a system that tells nothing more: no proof of anything.
        Action::Relayed | Action::Expanded => return Ok(false),
    };
    if !is_news(letter.delivery.as_deref(), outcome, tied.proven) {
        return Ok(false);
    }
    let fault =
        serde_json::to_value(said.fault).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let reported =
        Reported { outcome, proven: tied.proven, code: said.status.as_deref(), fault: &fault, why: &said.said };
    delivery::report(tx, letter.id, reported, now).await?;
    if tied.proven && outcome == Outcome::Failed && said.fault.is_lasting() {
        delivery::unreachable(tx, &letter.recipient, now).await?;
    }
    if let Some(case) = letter.case_id {
        let command = Command::ReportLetter {
            outbox: letter.id,
            letter: letter.kind.clone(),
            outcome,
            status: said.status.clone(),
            why: reason(outcome, said.fault),
            proven: tied.proven,
        };
        act(office, tx, case, None, None, &command, now).await?;
    }
    Ok(true)
}

/// Whether a report says more than what is known. What came back for certain stays so: another report may be about a copy.
fn is_news(known: Option<&str>, outcome: Outcome, proven: bool) -> bool {
    match (known, outcome) {
        // Without our key nothing may calm anybody: only that something may be wrong is said on.
        (_, Outcome::Delivered | Outcome::Delayed) if !proven => false,
        (None, _) => true,
        (Some("bounced"), _) => false,
        (Some("said-bounced"), Outcome::Failed | Outcome::Delivered) => proven,
        (Some("delivered"), Outcome::Failed) => proven,
        (Some("delayed"), Outcome::Failed | Outcome::Delivered) => true,
        _ => false,
    }
}

/// Why, in words for officers.
fn reason(outcome: Outcome, fault: Fault) -> String {
    match outcome {
        Outcome::Delivered => "a mail system says that it lies in the mailbox".into(),
        _ => fault.words().into(),
    }
}

async fn on_the_list(tx: &mut Tx, letter: Uuid) -> Result<OpenLetter, CaseworkError> {
    delivery::open(tx, letter).await?.ok_or(CaseworkError::NotFound)
}

/// An officer lets a letter go that was held back or refused, or sends one again that came back.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::NotFound`] when it is none of these.
pub async fn release_letter(
    office: &Office,
    tx: &mut Tx,
    letter: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let open = on_the_list(tx, letter).await?;
    match open.case_id {
        Some(case) if open.state == "sent" => {
            let again = Command::SendAgain { outbox: letter, letter: open.kind.clone(), to: None };
            act(office, tx, case, None, Some(by), &again, now).await?;
        }
        Some(case) if open.kind == ACKNOWLEDGEMENT => {
            act(office, tx, case, None, Some(by), &Command::ReleaseAcknowledgement { outbox: letter }, now).await?;
        }
        _ => {}
    }
    if open.held_by.as_deref() != Some(DO_NOT_REPLY) && do_not_reply(office, tx, &open.recipient).await?.is_some() {
        // Whoever sends it again may not know whom it goes to: they are told, and press once more.
        safeguarding::hold(tx, letter).await?;
    } else {
        // A letter that was written anew waits already.
        outbox::release(tx, letter, now).await?;
    }
    officers::audit(tx, Some(by), &format!("let a letter go: {}", open.kind), open.case_id, now).await?;
    Ok(())
}

/// An officer corrects the address of an acknowledgement that did not arrive, and sends it there.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::NotFound`] when it is not on the list.
pub async fn send_again(
    office: &Office,
    tx: &mut Tx,
    letter: Uuid,
    to: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let open = on_the_list(tx, letter).await?;
    let to = to.trim().to_lowercase();
    let (Some(case), ACKNOWLEDGEMENT, "email") = (open.case_id, open.kind.as_str(), open.channel.as_str()) else {
        return Err(CaseworkError::NotSendable(
            "only an acknowledgement by email can have its address corrected".into(),
        ));
    };
    if !open.tried {
        return Err(Refusal::StillToBeSent.into());
    }
    if to.parse::<lettre::Address>().is_err() {
        return Err(CaseworkError::NotSendable("that is not an email address: it looks like name@example.com".into()));
    }
    if to == open.recipient {
        return Err(CaseworkError::NotSendable(
            "that is the address it could not be delivered to: use Send again".into(),
        ));
    }
    let row = cases::get(tx, case).await?.ok_or(CaseworkError::NotFound)?;
    delivery::unreachable(tx, &open.recipient, now).await?;
    // The address is that of whom the letter is for: of whoever writes for the complainant, if somebody does.
    let reader = match (row.answered_id, row.complainant_id) {
        (Some(representative), _) => Some((representative, PARTY)),
        (None, complainant) => complainant.map(|complainant| (complainant, COMPLAINANT)),
    };
    if let Some((reader, role)) = reader {
        delivery::add_address(tx, reader, &to).await?;
        // They may have written to us from it before: then that contact is a party to this case too.
        if let Some(owner) = delivery::owner(tx, &to).await?.filter(|owner| *owner != reader) {
            cases::add_participant(tx, case, owner, role).await?;
        }
    }
    let again = Command::SendAgain { outbox: letter, letter: open.kind.clone(), to: Some(to) };
    act(office, tx, case, None, Some(by), &again, now).await?;
    officers::audit(tx, Some(by), "corrected an address and sent the acknowledgement there", Some(case), now).await?;
    Ok(())
}

/// An officer decides that a letter which was held back, refused or came back is not sent, and nobody was told.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::NotFound`] when it is none of these.
pub async fn drop_letter(
    office: &Office,
    tx: &mut Tx,
    letter: Uuid,
    why: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let open = on_the_list(tx, letter).await?;
    match open.case_id {
        Some(case) => {
            // One that waits for a look, or for what goes with it, need not go: the look may say so.
            let tried = open.tried || matches!(open.held_by.as_deref(), Some(DO_NOT_REPLY | ENCLOSURE));
            let why = why.to_owned();
            let command = Command::DropLetter { outbox: letter, letter: open.kind.clone(), tried, why };
            act(office, tx, case, None, Some(by), &command, now).await?;
        }
        None if why.trim().is_empty() => return Err(Refusal::DropReasonMissing.into()),
        None => {}
    }
    delivery::end(tx, letter, Settlement::Dropped, why.trim(), now).await?;
    officers::audit(tx, Some(by), &format!("decided that a letter is not sent: {}", open.kind), open.case_id, now)
        .await?;
    Ok(())
}

/// An officer says that a letter has arrived after all, or that whoever it was for was told another way.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::NotFound`] when it is not on the list.
pub async fn settle_letter(
    office: &Office,
    tx: &mut Tx,
    letter: Uuid,
    how: Settlement,
    why: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let open = on_the_list(tx, letter).await?;
    if how == Settlement::Arrived && (open.state == "failed" || !open.tried) {
        return Err(CaseworkError::NotSendable("it never left, so it cannot have arrived".into()));
    }
    match open.case_id {
        Some(case) => {
            let (letter, why) = (open.kind.clone(), why.to_owned());
            let command = Command::SettleLetter { outbox: Some(open.id), letter, how, why };
            act(office, tx, case, None, Some(by), &command, now).await?;
        }
        None if why.trim().is_empty() => return Err(Refusal::SettleReasonMissing.into()),
        None => {}
    }
    delivery::end(tx, letter, how, why.trim(), now).await?;
    let what = match how {
        Settlement::Arrived => "says that a letter has arrived",
        Settlement::Told | Settlement::Dropped => "told somebody in place of a letter",
    };
    officers::audit(tx, Some(by), &format!("{what}: {}", open.kind), open.case_id, now).await?;
    Ok(())
}

/// An officer finds that a person wrote what was taken for a machine's message: it becomes a case, received when it was.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed. [`CaseworkError::NotFound`] when it is not filed.
pub async fn open_filed(
    office: &Office,
    tx: &mut Tx,
    message: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<Opened, CaseworkError> {
    let representation = filed::get(tx, message).await?.ok_or(CaseworkError::NotFound)?;
    let why = "an officer found that a person wrote it".to_owned();
    if !filed::taken(tx, message, &why).await? {
        return Err(CaseworkError::Changed);
    }
    let standing = prepare::standing(office, &representation);
    let opening = Opening {
        representation: &representation,
        nature: policy::unlabelled(),
        why,
        at_once: false,
        unsure: standing.unsure,
        answered: standing.answered,
        claimed: standing.claimed,
        may_belong_to: None,
    };
    let opened = open(office, tx, &opening, now).await?;
    officers::audit(tx, Some(by), "opened a case for filed mail", Some(opened.id), now).await?;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_for_certain_is_never_taken_back_by_a_report() {
        for outcome in [Outcome::Delivered, Outcome::Delayed, Outcome::Failed] {
            for proven in [true, false] {
                assert!(!is_news(Some("bounced"), outcome, proven), "{outcome:?} {proven}");
                assert_eq!(is_news(None, outcome, proven), proven || outcome == Outcome::Failed);
            }
        }
        // Without our key nothing overrules what is known.
        assert!(
            !is_news(Some("delivered"), Outcome::Failed, false) && is_news(Some("delivered"), Outcome::Failed, true)
        );
        assert!(
            !is_news(Some("said-bounced"), Outcome::Failed, false) && !is_news(Some("delayed"), Outcome::Delayed, true)
        );
    }
}
