//! The answer of a stage, and the end of a case. Pure.
//!
//! Sources: LGSCO Complaint Handling Code 6.7 (every point, with reasons), 5.4 (evidence weighed), 2.4 (reasons with every
//! refusal); the project's promise that nothing is "not upheld" without the evidence, and that nothing closes by itself.

use super::{Refusal, steps};
use crate::{
    ids::Uuid,
    labelling::labels::Procedure,
    procedure::{
        case::{CaseFile, Status},
        event::{Event, PointOutcome, Route, Stage},
        state::State,
    },
};

/// The rule on answers that refusals name.
pub const EVERY_POINT: &str = "LGSCO Complaint Handling Code 6.7";
/// The rule on extensions that refusals name.
pub const EXTENSION: &str = "LGSCO Complaint Handling Code 6.4 and 6.5";
/// The rule on points with an appeal of their own that refusals name.
pub const OWN_APPEAL: &str = "Local Government Act 1974 section 26(6); the Ombudsman’s fact sheets on appeals";
/// The rule on the way of a point that refusals name.
pub const STATUTORY_POINT: &str = "Children Act 1989 section 26(3)";
/// The rule on evidence that refusals name.
pub const EVIDENCE: &str = "LGSCO Complaint Handling Code 5.4";

/// What keeps the answer of the stage that the case is at from being sent, in words for the officer: the people and reports that
/// the stage wants, then point by point.
#[must_use]
pub fn lacking(case: &CaseFile) -> Vec<Refusal> {
    let mut lacking = steps::stage_lacks(case);
    lacking.extend(points_lack(case));
    lacking
}

fn points_lack(case: &CaseFile) -> Vec<Refusal> {
    let points = &case.points.points;
    let mut lacking = Vec::new();
    if points.is_empty() {
        lacking.push(Refusal::NoPoints);
    }
    for (number, point) in (1..).zip(points) {
        if point.route == Route::Statutory && case.nature.procedure != Procedure::Statutory {
            lacking.push(Refusal::PointIsStatutory(number));
        }
        if point.route == Route::Corporate && case.is_childs_own() {
            lacking.push(Refusal::ChildIsStatutory);
        }
        match &point.finding {
            None => lacking.push(Refusal::PointWithoutFinding(number)),
            Some(finding) => {
                if finding.reasons.trim().is_empty() {
                    lacking.push(Refusal::FindingWithoutReasons(number));
                }
                let denies = matches!(finding.outcome, PointOutcome::NotUpheld | PointOutcome::NoFinding);
                if !point.route.is_ours() && (denies || finding.outcome.is_right()) {
                    lacking.push(Refusal::PointIsNotOurs(number));
                } else if denies && finding.evidence.trim().is_empty() {
                    lacking.push(Refusal::FindingWithoutEvidence(number));
                }
            }
        }
    }
    lacking
}

/// Whether the points may be written down now.
///
/// # Errors
///
/// [`Refusal`].
pub fn may_write(case: &CaseFile) -> Result<(), Refusal> {
    match case.status {
        Status::Dismissed => return Err(Refusal::Dismissed),
        Status::Closed => return Err(Refusal::ClosedAlready),
        Status::ToConfirm | Status::Open | Status::Merged => {}
    }
    match State::of(case) {
        _ if case.answered.is_some() => Err(Refusal::AnsweredAlready),
        State::Withdrawn | State::NotAccepted | State::Paused => {
            Err(Refusal::NothingIsAnswered(State::of(case).shown()))
        }
        _ => Ok(()),
    }
}

/// Whether a family may be told something about the answer now.
fn may_be_told(case: &CaseFile) -> Result<(), Refusal> {
    may_write(case)?;
    if case.status != Status::Open {
        return Err(Refusal::ConfirmFirst);
    }
    if !case.is_dissatisfaction() {
        return Err(Refusal::NoDissatisfaction);
    }
    // The letter says under which procedure it is, and how long there is to ask for stage 2.
    if !matches!(case.nature.procedure, Procedure::Statutory | Procedure::Corporate) {
        return Err(Refusal::NoProcedure);
    }
    if case.unsure.is_some() {
        return Err(Refusal::ComplainantUnsure);
    }
    Ok(())
}

/// The event of an extension: once, with reasons, while there is no answer.
pub(super) fn extend(case: &CaseFile, outbox: Option<Uuid>, how: &str, reason: &str) -> Result<Event, Refusal> {
    may_be_told(case)?;
    if case.extended.is_some() {
        return Err(Refusal::ExtendedAlready);
    }
    // The days of a panel are the law's.
    if case.course.stage == Stage::Three || case.course.standing_still().is_some() {
        return Err(Refusal::NoLonger);
    }
    let (how, reason) = (how.trim().to_owned(), reason.trim().to_owned());
    if reason.is_empty() {
        return Err(Refusal::ExtendReasonMissing);
    }
    if outbox.is_none() && how.is_empty() {
        return Err(Refusal::HowMissing);
    }
    Ok(Event::Extended { outbox, how, reason })
}

/// The event of an answer, if every point has what it must.
pub(super) fn answer(case: &CaseFile, outbox: Option<Uuid>, how: &str, author: &str) -> Result<Event, Refusal> {
    may_be_told(case)?;
    if let Some(first) = lacking(case).into_iter().next() {
        return Err(first);
    }
    let how = how.trim();
    if outbox.is_none() && how.is_empty() {
        return Err(Refusal::HowMissing);
    }
    let outcome = case.points.outcome().ok_or(Refusal::NoPoints)?;
    Ok(Event::Answered { outbox, how: how.to_owned(), outcome, author: author.trim().to_lowercase() })
}

/// Whether the case may be closed now: the family has had its answer, or an end without one.
///
/// # Errors
///
/// [`Refusal`].
pub fn may_close(case: &CaseFile) -> Result<(), Refusal> {
    match case.status {
        Status::Dismissed => return Err(Refusal::Dismissed),
        Status::Closed => return Err(Refusal::ClosedAlready),
        Status::ToConfirm => return Err(Refusal::ConfirmFirst),
        Status::Open | Status::Merged => {}
    }
    if case.answered.is_none() && !steps::ended_without_answer(case) {
        return Err(Refusal::NotAnswered);
    }
    Ok(())
}

/// The event of closing.
pub(super) fn close(case: &CaseFile, reason: &str) -> Result<Event, Refusal> {
    may_close(case)?;
    match reason.trim() {
        "" => Err(Refusal::CloseReasonMissing),
        reason => Ok(Event::Closed { reason: reason.to_owned() }),
    }
}

/// The event of opening it again.
pub(super) fn reopen(case: &CaseFile, reason: &str) -> Result<Event, Refusal> {
    if case.status != Status::Closed {
        return Err(Refusal::NotClosed);
    }
    match reason.trim() {
        "" => Err(Refusal::ReopenReasonMissing),
        reason => Ok(Event::Reopened { reason: reason.to_owned() }),
    }
}

/// The days after the end at which a family is asked how they have been treated since.
pub const CHECK_INS: [u16; 2] = [30, 90];

/// The event of asking the family how they have been treated since: while the case is closed, each time once, and not where they do
/// not want it.
pub(super) fn check_in(case: &CaseFile, outbox: Uuid, after_days: u16) -> Result<Event, Refusal> {
    if case.status != Status::Closed {
        return Err(Refusal::NotClosed);
    }
    let next = CHECK_INS.get(usize::from(case.check_ins));
    if next != Some(&after_days) || case.course.no_check_in || !case.was_told_outcome() {
        return Err(Refusal::NothingToAsk);
    }
    Ok(Event::CheckedIn { outbox, after_days })
}
