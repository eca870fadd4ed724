//! The one door's rule: what a command does to a case, or why it is refused. Pure.

use chrono::NaiveDate;

use super::{
    case::{ACKNOWLEDGEMENT, Acknowledgement, CaseFile, Status},
    clocks::Book,
    duties::Duties,
    event::{Complainant, Event, Named, Nature, Relation, Safeguarding, Standing},
    independence::Directory,
    options::Options,
    retention, safeguarding,
    working_days::Calendar,
};
use crate::{ids::Uuid, labelling::labels::Procedure};

mod answer;
mod command;
mod places;
mod refusal;
mod steps;

pub use answer::{CHECK_INS, lacking, may_close, may_write};
pub use command::Command;
use places::{goes_by_itself, may_follow_a_merge, may_follow_closing};
pub use refusal::Refusal;
pub use steps::{StepRefusal, may_step, rule_of};

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The program by itself: it puts messages into cases and notes what became of letters, and decides nothing.
    Program,
    /// An officer.
    Officer,
    /// The complaints manager.
    ComplaintsManager,
    /// Somebody who decides nothing in a case: whoever is appointed in it, the owner of a mailbox, an administrator.
    NoCaseworker,
}

/// What a decision depends on beside the case: the day, the rule book, and who decides.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Today, in London.
    pub today: NaiveDate,
    /// The duties.
    pub duties: &'a Duties,
    /// The days that count.
    pub calendar: &'a Calendar,
    /// The staff directory.
    pub directory: &'a Directory,
    /// Who gives the command.
    pub actor: Actor,
    /// What the council chose.
    pub options: Options,
}

impl<'a> Setting<'a> {
    /// What dates are counted by.
    fn book(&self) -> Book<'a> {
        Book { duties: self.duties, calendar: self.calendar, options: self.options }
    }
}

/// What follows from a command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The family is to be acknowledged now (if it may be written to).
    pub acknowledge: bool,
    /// An officer lets the acknowledgement go: the limits do not hold it back.
    pub beyond_limits: bool,
    /// People are to be alerted to a child at risk.
    pub alert: bool,
    /// The acknowledgement goes to this address, not to the one we know.
    pub to: Option<String>,
    /// This letter is to be seen to again.
    pub reopen: Option<Uuid>,
    /// The acknowledgement went to somebody else: it is written once more, and what has not gone there does not go.
    pub anew: bool,
}

impl Decision {
    /// A message that says that a child may be at risk has joined `case`.
    fn raise(&mut self, case: &CaseFile, safeguarding: bool) {
        if safeguarding && !case.nature.safeguarding {
            self.events.push(Event::Suggested { nature: Nature { safeguarding: true, ..case.nature } });
        }
        self.alert = safeguarding && !case.alerted;
    }
}

/// What `command` does to `case`.
///
/// # Errors
///
/// [`Refusal`], and then nothing changes.
pub fn decide(case: &CaseFile, command: &Command, setting: &Setting<'_>) -> Result<Decision, Refusal> {
    match setting.actor {
        Actor::NoCaseworker => return Err(Refusal::NoCasework),
        Actor::Program if !goes_by_itself(command) => return Err(Refusal::OnlyPeople),
        _ => {}
    }
    let mut decision = Decision::default();
    retention::may_touch(case, command)?;
    if let Some((_, reference)) = &case.merged_into
        && !may_follow_a_merge(command)
    {
        return Err(Refusal::Merged(reference.clone()));
    }
    if case.status == Status::Closed && !may_follow_closing(command) {
        return Err(Refusal::ClosedAlready);
    }
    match command {
        Command::Confirm => {
            match case.status {
                Status::ToConfirm => {}
                Status::Open => return Err(Refusal::AlreadyConfirmed),
                Status::Dismissed | Status::Merged | Status::Closed => return Err(Refusal::Dismissed),
            }
            decision.events.push(Event::Confirmed);
            decision.acknowledge = case.is_dissatisfaction() && case.unsure.is_none();
        }
        Command::Reclassify(nature) => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            if *nature == case.nature {
                return Err(Refusal::NothingChanges);
            }
            let same = (nature.act, nature.procedure) == (case.nature.act, case.nature.procedure);
            if case.was_told_outcome() && !same {
                return Err(Refusal::AnsweredAlready);
            }
            if case.is_childs_own() && nature.procedure == Procedure::Corporate {
                return Err(Refusal::ChildIsStatutory);
            }
            decision.events.push(Event::Reclassified { nature: *nature, was: case.nature });
            decision.acknowledge = nature.act.is_dissatisfaction() && case.unsure.is_none();
            decision.alert = nature.safeguarding && !case.alerted;
        }
        Command::Dismiss { act, reason } => {
            if case.was_told_outcome() {
                return Err(Refusal::AnsweredAlready);
            }
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            if !CaseFile::may_be_dismissed_as(*act) {
                return Err(Refusal::StillDissatisfaction);
            }
            if reason.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            safeguarding::may_put_aside(case)?;
            decision.events.push(Event::Dismissed { act: *act, reason: reason.trim().to_owned() });
        }
        Command::Assign(officer) => {
            if case.officer == Some(*officer) {
                return Err(Refusal::AlreadyAssigned);
            }
            decision.events.push(Event::Assigned { officer: *officer });
        }
        Command::Safeguarding(step) => decision.events.push(safeguarding::decide(case, step)?),
        Command::Retention(step) => decision.events.push(retention::decide(case, step, setting)?),
        Command::Undo => {
            let Some((seq, _)) = &case.last_undoable else { return Err(Refusal::NothingToUndo) };
            decision.events.push(Event::Undone { seq: *seq });
            if let Some((_, Event::LetterSettled { outbox, .. })) = &case.last_undoable {
                decision.reopen = *outbox;
            }
        }
        Command::AddMessage { representation, relation, why, safeguarding } => {
            decision.events.push(Event::MessageAdded {
                representation: *representation,
                relation: *relation,
                why: why.clone(),
            });
            decision.raise(case, *safeguarding);
        }
        Command::Suggest(nature) => {
            decision.events.push(Event::Suggested { nature: *nature });
            decision.alert = nature.safeguarding && !case.alerted;
        }
        Command::Worry => decision.raise(case, true),
        Command::ReleaseAcknowledgement { outbox } => match (case.status, case.acknowledgement) {
            (Status::Dismissed, _) => return Err(Refusal::Dismissed),
            (_, Acknowledgement::Held) if case.unsure.is_some() => return Err(Refusal::ComplainantUnsure),
            // Held back: written anew, with the dates of today.
            (_, Acknowledgement::Held) => (decision.acknowledge, decision.beyond_limits) = (true, true),
            // Refused: the same letter once more. The clock runs from the first time.
            (_, Acknowledgement::Queued) => decision.events.push(Event::Acknowledged { outbox: *outbox }),
            // Came back: written anew, so that a late report on the first one is not taken for one on the second.
            (_, Acknowledgement::NotReached) => {
                decision.events.push(Event::LetterSentAgain {
                    outbox: *outbox,
                    letter: ACKNOWLEDGEMENT.to_owned(),
                    other_address: false,
                });
                (decision.acknowledge, decision.beyond_limits) = (true, true);
            }
            (_, Acknowledgement::None | Acknowledgement::ByHand) => return Err(Refusal::NothingToRelease),
        },
        Command::ReportLetter { outbox, letter, outcome, status, why, proven } => {
            decision.events.push(Event::LetterReported {
                outbox: *outbox,
                letter: letter.clone(),
                outcome: *outcome,
                status: status.clone(),
                why: why.clone(),
                proven: *proven,
            });
        }
        Command::SettleLetter { outbox, letter, how, why } => {
            if why.trim().is_empty() {
                return Err(Refusal::SettleReasonMissing);
            }
            let waits = case.acknowledgement != Acknowledgement::Queued && case.told_at.is_none();
            if outbox.is_none() && !waits {
                return Err(Refusal::AlreadyTold);
            }
            decision.events.push(Event::LetterSettled {
                outbox: *outbox,
                letter: letter.clone(),
                how: *how,
                why: why.trim().to_owned(),
            });
        }
        Command::SendAgain { outbox, letter, to } => {
            if letter == ACKNOWLEDGEMENT && case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            decision.events.push(Event::LetterSentAgain {
                outbox: *outbox,
                letter: letter.clone(),
                other_address: to.is_some(),
            });
            if letter == ACKNOWLEDGEMENT {
                (decision.acknowledge, decision.beyond_limits) = (true, true);
                decision.to.clone_from(to);
            }
        }
        Command::SetComplainant { person, was } => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            if !person.is_named() {
                return Err(Refusal::NobodyNamed);
            }
            if **person == (Complainant { party: person.party, ..(**was).clone() }) && case.unsure.is_none() {
                return Err(Refusal::SameComplainant);
            }
            let elsewhere = (&person.address, person.answered) != (&was.address, was.answered);
            // A letter that came back is written anew too, so that a late report on it is not taken for one on the next.
            let written = matches!(case.acknowledgement, Acknowledgement::Queued | Acknowledgement::NotReached);
            let reachable = person.address.is_some() || person.answered.is_some();
            decision.events.push(Event::ComplainantSet { person: person.clone(), was: was.clone() });
            decision.acknowledge = case.is_dissatisfaction() && reachable && (!written || elsewhere);
            decision.anew = decision.acknowledge && written;
            if case.is_dissatisfaction() && !reachable && case.acknowledgement != Acknowledgement::Queued {
                let why = "they have no address to write to: tell them by telephone or by post".to_owned();
                decision.events.push(Event::NotAcknowledged { why, held: false, by_hand: true });
            }
        }
        Command::AcceptSender { representation, contact } => {
            if !case.to_verify.contains(representation) {
                return Err(Refusal::NotToVerify);
            }
            decision.events.push(Event::SenderAccepted { representation: *representation, contact: *contact });
        }
        Command::SamePerson { contact, address, person, was, messages, shown } => {
            if person == was {
                return Err(Refusal::SamePersonAlready);
            }
            decision.events.push(Event::SamePerson {
                contact: *contact,
                address: address.clone(),
                person: *person,
                was: *was,
                verified: messages.iter().copied().filter(|message| case.to_verify.contains(message)).collect(),
                shown: shown.clone(),
            });
        }
        Command::AnotherPerson { contact, address, person, was } => {
            decision.events.push(Event::AnotherPerson {
                contact: *contact,
                address: address.clone(),
                person: *person,
                was: *was,
            });
        }
        Command::SetGroup(group) => {
            if *group == case.group {
                return Err(Refusal::SameGroup);
            }
            if group.as_ref().is_some_and(|group| group.members.is_empty()) {
                return Err(Refusal::EmptyGroup);
            }
            decision.events.push(Event::GroupSet { group: group.clone() });
        }
        Command::NameSubjects { people, barred } => {
            let new = |named: &&Named| !case.subjects.contains_key(&named.email);
            let people: Vec<Named> = people.iter().filter(new).cloned().collect();
            if !people.is_empty() {
                decision.events.push(Event::SubjectsNamed { people, barred: *barred });
            }
        }
        Command::SetSubject { email, name, is, accounts } => {
            let standing = case.subjects.get(email).map(|subject| subject.standing);
            match (standing, is) {
                (Some(Standing::Confirmed), true) => return Err(Refusal::SubjectAlready),
                (None | Some(Standing::Cleared), false) => return Err(Refusal::NoSubject),
                _ => {}
            }
            decision.events.push(Event::SubjectSet {
                email: email.clone(),
                name: name.clone(),
                is: *is,
                accounts: accounts.clone(),
            });
        }
        Command::AdmitManager { email, name, reason } => {
            if reason.trim().is_empty() {
                return Err(Refusal::AdmitReasonMissing);
            }
            if case.admitted.contains_key(email) {
                return Err(Refusal::AdmittedAlready);
            }
            decision.events.push(Event::ManagerAdmitted {
                email: email.clone(),
                name: name.clone(),
                reason: reason.trim().to_owned(),
            });
        }
        Command::SetPoints(points) => {
            answer::may_write(case)?;
            if **points == case.points {
                return Err(Refusal::SamePoints);
            }
            decision.events.push(Event::PointsSet { points: points.clone() });
        }
        Command::Answer { outbox, how, author } => {
            decision.events.push(answer::answer(case, *outbox, how, author)?);
        }
        Command::CheckIn { outbox, after_days } => {
            decision.events.push(answer::check_in(case, *outbox, *after_days)?);
        }
        Command::Step { step, outbox, how } => {
            decision.events.push(steps::step(case, step, (*outbox, how), setting)?);
        }
        Command::Extend { outbox, how, reason } => {
            decision.events.push(answer::extend(case, *outbox, how, reason)?);
        }
        Command::Close { reason } => decision.events.push(answer::close(case, reason)?),
        Command::Reopen { reason } => decision.events.push(answer::reopen(case, reason)?),
        Command::MoveMessages { messages, to, reference } => {
            if messages.is_empty() {
                return Err(Refusal::NotInCase);
            }
            if messages.iter().any(|moved| moved.relation == Relation::New) {
                return Err(Refusal::OpeningMessage);
            }
            decision.events.push(Event::MessagesMoved {
                messages: messages.clone(),
                to: *to,
                reference: reference.clone(),
            });
        }
        Command::TakeMessages { messages, from, reference, received_at, safeguarding } => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            decision.events.push(Event::MessagesCame {
                messages: messages.clone(),
                from: *from,
                reference: reference.clone(),
                received_at: *received_at,
            });
            decision.raise(case, *safeguarding);
        }
        Command::MergeInto { case: other, reference } => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            decision.events.push(Event::MergedInto { case: *other, reference: reference.clone() });
        }
        Command::GoBack { case: other, reference } => {
            decision.events.push(Event::WentBack { case: *other, reference: reference.clone() });
        }
        Command::Merge(merged) => {
            if case.status == Status::Dismissed {
                return Err(Refusal::Dismissed);
            }
            decision.events.push(Event::MergedFrom(merged.clone()));
            decision.alert = merged.safeguarding && !merged.alerted && !case.alerted;
        }
        Command::KeepApart { case: other } => match &case.may_belong {
            Some((proposed, reference, _)) if proposed == other => {
                decision.events.push(Event::KeptApart { case: *other, reference: reference.clone() });
            }
            _ => return Err(Refusal::NothingProposed),
        },
        Command::Tie { joint, reference } => match (&case.joint, case.status) {
            (_, Status::Dismissed) => return Err(Refusal::Dismissed),
            (Some((_, other)), _) => return Err(Refusal::TiedAlready(other.clone())),
            (None, _) => decision.events.push(Event::Tied { joint: *joint, reference: reference.clone() }),
        },
        Command::Untie => match &case.joint {
            Some((joint, reference)) => {
                decision.events.push(Event::Untied { joint: *joint, reference: reference.clone() });
            }
            None => return Err(Refusal::NotTied),
        },
        Command::Recount { version, dates } => {
            if !dates.is_empty() {
                decision.events.push(Event::Recounted { version: version.clone(), dates: dates.clone() });
            }
        }
        Command::GiveContribution(number) => {
            // Nobody gives it in the manager's name.
            let given = case.contribution_given(*number).filter(|_| setting.actor == Actor::Program);
            decision.events.push(given.ok_or(Refusal::NoContribution)?);
        }
        Command::TakeBack { seq } => decision.events.push(Event::Undone { seq: *seq }),
        Command::DropLetter { outbox, letter, tried, why } => {
            if why.trim().is_empty() {
                return Err(Refusal::DropReasonMissing);
            }
            if !tried && !matches!(case.status, Status::Dismissed | Status::Merged) {
                return Err(Refusal::StillToBeSent);
            }
            decision.events.push(Event::LetterDropped {
                outbox: *outbox,
                letter: letter.clone(),
                why: why.trim().to_owned(),
            });
        }
    }
    Ok(decision)
}

#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
