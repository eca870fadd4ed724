//! What officers correct in the sorting: two cases that are one matter are merged, messages that belong elsewhere are moved,
//! and either is taken back in one step. Both cases change in one transaction, each through the one door.

use chrono::{DateTime, Utc};

use super::{CaseworkError, Office, Opening, PARTY, acknowledged_at, act, fold, independence, lead_here, open};
use crate::{
    ids::Uuid,
    labelling::policy::{self, Lines},
    procedure::{
        case::{Acknowledgement, CaseFile, Status},
        decide::{Command, Refusal},
        event::{Event, MergedCase, Moved, Recorded, Relation, standing},
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        corrections::{self, Placed},
        intake,
    },
};

/// An officer at work on a case.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// The case that they look at.
    pub case: Uuid,
    /// The version that they saw.
    pub seen: i64,
    /// Who.
    pub by: Uuid,
    /// When.
    pub now: DateTime<Utc>,
}

/// What became of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The version of the case that the officer looked at.
    pub version: i64,
    /// The case to go on with.
    pub go_on: Uuid,
}

struct Loaded {
    row: CaseRow,
    history: Vec<Recorded>,
    case: CaseFile,
}

async fn load(tx: &mut Tx, id: Uuid) -> Result<Loaded, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let history = cases::history(tx, id).await?;
    let case = fold(&history, id)?;
    Ok(Loaded { row, history, case })
}

impl Loaded {
    fn told_at(&self) -> Option<DateTime<Utc>> {
        let by_letter = acknowledged_at(&self.history).filter(|_| self.case.acknowledgement == Acknowledgement::Queued);
        self.case.told_at.or(by_letter)
    }

    fn takes_messages(&self) -> bool {
        matches!(self.case.status, Status::ToConfirm | Status::Open)
    }

    /// The last event for which `find` says something, unless it was taken back.
    fn last<T>(&self, find: impl Fn(&Event) -> Option<T>) -> Option<(i64, T)> {
        standing(&self.history).rev().find_map(|recorded| Some((recorded.seq, find(&recorded.event)?)))
    }
}

/// Two cases are about one matter: the one that was received first stays, and what is in the other goes into it. The other's
/// reference leads there from then on.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn merge(office: &Office, tx: &mut Tx, hand: Hand, other: Uuid) -> Result<Corrected, CaseworkError> {
    let other = corrections::stands_for(tx, other).await?;
    if other == hand.case {
        return Err(Refusal::SameCase.into());
    }
    let (this, other) = (load(tx, hand.case).await?, load(tx, other).await?);
    if !other.takes_messages() {
        return Err(Refusal::OtherNotOpen(other.row.reference).into());
    }
    if this.case.was_told_outcome() || other.case.was_told_outcome() {
        return Err(Refusal::AnsweredNotMerged.into());
    }
    // Whoever works on one of them must be allowed to deal with the other.
    for (one, officer) in [(&this, other.case.officer), (&other, this.case.officer)] {
        if let Some(officer) = officer {
            independence::may_be_given(tx, one.row.id, officer).await?;
        }
    }
    let age = |one: &Loaded| (one.case.received_at, one.row.reference.clone());
    let (stays, goes) = if age(&this) <= age(&other) { (this, other) } else { (other, this) };
    let placed = corrections::placed(tx, goes.row.id).await?;
    let known = corrections::parties(tx, stays.row.id).await?;
    let mut parties = corrections::parties(tx, goes.row.id).await?;
    parties.retain(|contact| !known.contains(contact));
    let written_to = |one: &Loaded| one.row.answered_id.or(one.row.complainant_id);
    let merged = MergedCase {
        case: goes.row.id,
        reference: goes.row.reference.clone(),
        messages: placed.into_iter().map(|one| one.moved).collect(),
        parties,
        received_at: goes.case.received_at,
        safeguarding: goes.case.nature.safeguarding,
        alerted: goes.case.alerted,
        told_at: goes.told_at().filter(|_| written_to(&goes) == written_to(&stays)),
        officer: goes.case.officer,
        joint: goes.case.joint.clone(),
        subjects: goes.case.subjects.clone(),
        promised: goes.case.promised.clone(),
        child_since: goes.case.course.child_since,
        protection: goes.case.safeguarding.clone(),
        keeping: goes.case.keeping.clone(),
    };
    learn(tx, opening_message(&goes), &stays, true, hand.now).await?;
    for contact in &merged.parties {
        cases::add_participant(tx, stays.row.id, *contact, PARTY).await?;
    }
    let opened = format!("opened {}, which was merged into this case", goes.row.reference);
    for moved in &merged.messages {
        let here = match moved.relation {
            Relation::New => Moved { relation: Relation::SameIssue, why: opened.clone(), ..moved.clone() },
            _ => moved.clone(),
        };
        corrections::move_message(tx, goes.row.id, stays.row.id, &here).await?;
    }
    let (case, reference) = (stays.row.id, stays.row.reference.clone());
    let version = both(
        office,
        tx,
        hand,
        (goes.row.id, &Command::MergeInto { case, reference }),
        (stays.row.id, &Command::Merge(Box::new(merged))),
    )
    .await?;
    Ok(Corrected { version, go_on: stays.row.id })
}

/// Where messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into this case.
    Case(Uuid),
    /// Into a case of their own.
    Own,
}

/// Messages of a case belong elsewhere. What becomes a case of its own is acknowledged as anything new is, and nobody hears of
/// the case it was in.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn move_messages(
    office: &Office,
    tx: &mut Tx,
    hand: Hand,
    chosen: &[Uuid],
    to: Destination,
) -> Result<Corrected, CaseworkError> {
    let from = load(tx, hand.case).await?;
    let placed = corrections::placed(tx, hand.case).await?;
    let going: Vec<&Placed> = placed.iter().filter(|one| chosen.contains(&one.moved.representation)).collect();
    let (Some(first), true) = (going.first(), going.len() == chosen.len()) else {
        return Err(Refusal::NotInCase.into());
    };
    let messages: Vec<Moved> = going.iter().map(|one| one.moved.clone()).collect();
    let target = match to {
        Destination::Case(other) => {
            let other = corrections::stands_for(tx, other).await?;
            let target = load(tx, other).await?;
            if target.row.id == hand.case {
                return Err(Refusal::SameCase.into());
            }
            if !target.takes_messages() {
                return Err(Refusal::OtherNotOpen(target.row.reference).into());
            }
            target
        }
        Destination::Own => {
            // What opens the case is put into it by the opening; in the old one it must not stand meanwhile.
            cases::take_out(tx, hand.case, first.moved.representation).await?;
            let opened = open_own(office, tx, first.moved.representation, hand.now).await?;
            load(tx, opened).await?
        }
    };
    let here = format!("was moved here by an officer from {}", from.row.reference);
    for moved in &messages {
        let stays = matches!(moved.relation, Relation::Automatic | Relation::Status);
        let relation = if stays { moved.relation } else { Relation::SameIssue };
        let moved = Moved { representation: moved.representation, relation, why: here.clone() };
        corrections::move_message(tx, hand.case, target.row.id, &moved).await?;
        if to != Destination::Own {
            learn(tx, Some(moved.representation), &target, true, hand.now).await?;
        }
        learn(tx, Some(moved.representation), &from, false, hand.now).await?;
    }
    let mut safeguarding = false;
    for moved in &messages {
        let suggestion = intake::suggestion(tx, moved.representation).await?;
        safeguarding |= suggestion.is_some_and(|said| policy::nature(&said, &Lines::default()).safeguarding);
        // Whom it names is asked about in the case it goes to as well; a case of its own has asked when it was opened.
        if to != Destination::Own
            && !matches!(moved.relation, Relation::Automatic | Relation::Status)
            && let Some(message) = intake::representation(tx, moved.representation).await?
        {
            independence::note_named(office, tx, target.row.id, &message, hand.now).await?;
        }
    }
    let take = Command::TakeMessages {
        messages: messages.iter().map(|moved| moved.representation).collect(),
        from: hand.case,
        reference: from.row.reference,
        received_at: first.received_at,
        safeguarding,
    };
    let (to, reference) = (target.row.id, target.row.reference);
    let version =
        both(office, tx, hand, (hand.case, &Command::MoveMessages { messages, to, reference }), (target.row.id, &take))
            .await?;
    Ok(Corrected { version, go_on: target.row.id })
}

async fn open_own(office: &Office, tx: &mut Tx, message: Uuid, now: DateTime<Utc>) -> Result<Uuid, CaseworkError> {
    let representation = intake::representation(tx, message).await?.ok_or(CaseworkError::NotFound)?;
    let suggestion = intake::suggestion(tx, message).await?;
    let nature = suggestion.map_or_else(policy::unlabelled, |said| policy::nature(&said, &Lines::default()));
    let standing = crate::intake::prepare::standing(office, &representation);
    let opening = Opening {
        representation: &representation,
        nature,
        why: "an officer made a case of its own of it".to_owned(),
        at_once: nature.act.is_dissatisfaction(),
        unsure: standing.unsure,
        answered: standing.answered,
        claimed: standing.claimed,
        may_belong_to: None,
    };
    Ok(open(office, tx, &opening, now).await?.id)
}

/// The case that this one may belong to is about another matter.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn keep_apart(office: &Office, tx: &mut Tx, hand: Hand) -> Result<Corrected, CaseworkError> {
    let this = load(tx, hand.case).await?;
    let Some((other, ..)) = &this.case.may_belong else { return Err(Refusal::NothingProposed.into()) };
    let other = load(tx, *other).await?;
    learn(tx, opening_message(&this), &other, false, hand.now).await?;
    let command = Command::KeepApart { case: other.row.id };
    let version = act(office, tx, hand.case, Some(hand.seen), Some(hand.by), &command, hand.now).await?;
    Ok(Corrected { version, go_on: hand.case })
}

/// Takes back the last decision on a case; what was done to two cases is taken back in both.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn undo(office: &Office, tx: &mut Tx, hand: Hand) -> Result<Corrected, CaseworkError> {
    let this = load(tx, hand.case).await?;
    let last = this.case.last_undoable.clone().map(|(_, event)| event);
    match last {
        Some(Event::MergedInto { case: stays, .. }) => part(office, tx, hand, stays, hand.case).await,
        Some(Event::MergedFrom(merged)) => part(office, tx, hand, hand.case, merged.case).await,
        Some(Event::MessagesMoved { to, .. }) => bring_back(office, tx, hand, hand.case, to).await,
        Some(Event::MessagesCame { from, .. }) => bring_back(office, tx, hand, from, hand.case).await,
        other => {
            if let Some(Event::KeptApart { case, .. }) = other {
                let other = load(tx, case).await?;
                unlearn(tx, opening_message(&this), &other).await?;
            }
            let version = act(office, tx, hand.case, Some(hand.seen), Some(hand.by), &Command::Undo, hand.now).await?;
            Ok(Corrected { version, go_on: hand.case })
        }
    }
}

/// Takes back that `goes` was merged into `stays`. What came into the case since then stays where it is.
async fn part(office: &Office, tx: &mut Tx, hand: Hand, stays: Uuid, goes: Uuid) -> Result<Corrected, CaseworkError> {
    let (stays, goes) = (load(tx, stays).await?, load(tx, goes).await?);
    let merged = stays.last(|event| match event {
        Event::MergedFrom(merged) if merged.case == goes.row.id => Some(merged.clone()),
        _ => None,
    });
    let into = goes.last(|event| match event {
        Event::MergedInto { case, .. } if *case == stays.row.id => Some(()),
        _ => None,
    });
    let (Some((seq, merged)), Some((other_seq, ()))) = (merged, into) else {
        return Err(Refusal::NothingToUndo.into());
    };
    if let Some((_, reference)) = stays.case.merged_into {
        return Err(Refusal::Merged(reference).into());
    }
    let there = corrections::placed(tx, stays.row.id).await?;
    let is_there = |moved: &Moved| there.iter().any(|placed| placed.moved.representation == moved.representation);
    if merged.messages.iter().any(|moved| moved.relation == Relation::New && !is_there(moved)) {
        return Err(Refusal::MovedSince(goes.row.reference).into());
    }
    for moved in &merged.messages {
        corrections::move_message(tx, stays.row.id, goes.row.id, moved).await?;
    }
    for contact in &merged.parties {
        cases::remove_participant(tx, stays.row.id, *contact, PARTY).await?;
    }
    unlearn(tx, opening_message(&goes), &stays).await?;
    let version = both(
        office,
        tx,
        hand,
        (goes.row.id, &Command::TakeBack { seq: other_seq }),
        (stays.row.id, &Command::TakeBack { seq }),
    )
    .await?;
    Ok(Corrected { version, go_on: hand.case })
}

/// Takes back that messages were moved from one case `to` another. A case that was made of them is no more; its reference
/// leads to where they are.
async fn bring_back(
    office: &Office,
    tx: &mut Tx,
    hand: Hand,
    from: Uuid,
    to: Uuid,
) -> Result<Corrected, CaseworkError> {
    let (from, to) = (load(tx, from).await?, load(tx, to).await?);
    let moved = from.last(|event| match event {
        Event::MessagesMoved { messages, to: there, .. } if *there == to.row.id => Some(messages.clone()),
        _ => None,
    });
    let came = to.last(|event| match event {
        Event::MessagesCame { from: there, .. } if *there == from.row.id => Some(()),
        _ => None,
    });
    let (Some((seq, messages)), Some((other_seq, ()))) = (moved, came) else {
        return Err(Refusal::NothingToUndo.into());
    };
    if let Some((_, reference)) = from.case.merged_into.as_ref().or(to.case.merged_into.as_ref()) {
        return Err(Refusal::Merged(reference.clone()).into());
    }
    let there = corrections::placed(tx, to.row.id).await?;
    let is_back = |placed: &Placed| messages.iter().any(|one| one.representation == placed.moved.representation);
    let was_made_of_them = there.iter().any(|placed| placed.moved.relation == Relation::New && is_back(placed));
    if was_made_of_them && !there.iter().all(is_back) {
        return Err(Refusal::MoreCameSince(to.row.reference).into());
    }
    for moved in &messages {
        corrections::move_message(tx, to.row.id, from.row.id, moved).await?;
        unlearn(tx, Some(moved.representation), &from).await?;
        unlearn(tx, Some(moved.representation), &to).await?;
    }
    let back = match was_made_of_them {
        true => Command::GoBack { case: from.row.id, reference: from.row.reference.clone() },
        false => Command::TakeBack { seq: other_seq },
    };
    let version = both(office, tx, hand, (from.row.id, &Command::TakeBack { seq }), (to.row.id, &back)).await?;
    let go_on = if was_made_of_them { from.row.id } else { hand.case };
    Ok(Corrected { version, go_on })
}

/// Does something to two cases, and lets what is written about them from now on find the one that its matter is in. Returns
/// the version of the one that the officer looked at.
async fn both(
    office: &Office,
    tx: &mut Tx,
    hand: Hand,
    one: (Uuid, &Command),
    other: (Uuid, &Command),
) -> Result<i64, CaseworkError> {
    let mut version = hand.seen;
    for (case, command) in [one, other] {
        let seen = (case == hand.case).then_some(hand.seen);
        let now = act(office, tx, case, seen, Some(hand.by), command, hand.now).await?;
        if case == hand.case {
            version = now;
        }
    }
    for case in [one.0, other.0] {
        lead_anew(office, tx, case).await?;
    }
    Ok(version)
}

/// What leads to a case comes from the messages that are in it now.
async fn lead_anew(office: &Office, tx: &mut Tx, case: Uuid) -> Result<(), CaseworkError> {
    corrections::clear_leads(tx, case).await?;
    for placed in corrections::placed(tx, case).await? {
        // A stranger's message must not become a way into the case.
        if placed.moved.relation == Relation::UnverifiedSender {
            continue;
        }
        if let Some(message) = intake::representation(tx, placed.moved.representation).await? {
            lead_here(office, tx, case, &message).await?;
        }
    }
    Ok(())
}

fn opening_message(case: &Loaded) -> Option<Uuid> {
    case.history.iter().find_map(|recorded| match &recorded.event {
        Event::MessageAdded { representation, relation: Relation::New, .. } => Some(*representation),
        _ => None,
    })
}

/// Writes down whether `message` is about the matter of `case`, so that the matching can be measured on it.
async fn learn(
    tx: &mut Tx,
    message: Option<Uuid>,
    case: &Loaded,
    same: bool,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    match (message, opening_message(case)) {
        (Some(message), Some(other)) if message != other => {
            Ok(corrections::learn_pair(tx, message, other, same, now).await?)
        }
        _ => Ok(()),
    }
}

async fn unlearn(tx: &mut Tx, message: Option<Uuid>, case: &Loaded) -> Result<(), CaseworkError> {
    match (message, opening_message(case)) {
        (Some(message), Some(other)) => Ok(corrections::unlearn_pair(tx, message, other).await?),
        _ => Ok(()),
    }
}
