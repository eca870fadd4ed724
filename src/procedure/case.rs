//! A case: the fold of its events. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::recount::{Promise, Recount};
use super::retention::Keeping;
use super::safeguarding::Protection;
use super::{
    course::{Course, tells_them},
    event::{
        Complainant, Event, Group, MergedCase, Nature, Outcome, PointOutcome, Points, Recorded, Relation, Settlement,
        Standing, Subject, standing,
    },
};
use crate::{ids::Uuid, labelling::labels::Act};

/// The kind of letter that tells a family that we have their complaint.
pub const ACKNOWLEDGEMENT: &str = "acknowledgement";

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Opened by the program; an officer has not looked.
    ToConfirm,
    /// An officer agreed or decided what it is.
    Open,
    /// An officer decided that it is not a complaint.
    Dismissed,
    /// An officer merged it into another case.
    Merged,
    /// An officer closed it.
    Closed,
}

impl Status {
    /// The word in the database and in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToConfirm => "to-confirm",
            Self::Open => "open",
            Self::Dismissed => "dismissed",
            // The column `merged_into` tells it from other closed cases.
            Self::Merged | Self::Closed => "closed",
        }
    }
}

/// What became of the acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acknowledgement {
    /// In the outbox, or sent.
    Queued,
    /// Waits: for an officer, or for a limit.
    Held,
    /// None may be sent, and nobody waits for one.
    None,
    /// None may be sent by the program: an officer must tell them.
    ByHand,
    /// It was sent and came back.
    NotReached,
}

impl Acknowledgement {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::None => "none",
            Self::ByHand => "by-hand",
            Self::NotReached => "not-reached",
        }
    }
}

/// A case as its events made it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFile {
    /// Where it stands.
    pub status: Status,
    /// What it is, as last decided or suggested.
    pub nature: Nature,
    /// When the council received the first message.
    pub received_at: DateTime<Utc>,
    /// What became of the acknowledgement.
    pub acknowledgement: Acknowledgement,
    /// When the family was told that we have it, other than by this case's acknowledgement: by an officer, or under the
    /// reference of a case that was merged into it.
    pub told_at: Option<DateTime<Utc>>,
    /// Who has it.
    pub officer: Option<Uuid>,
    /// Somebody was alerted to a child at risk.
    pub alerted: bool,
    /// Why an officer must say whose complaint it is before anybody is written to.
    pub unsure: Option<String>,
    /// Whose complaint it is, once an officer has said (or taken that back); None: as the case was opened.
    pub complainant: Option<Complainant>,
    /// Messages from nobody in the case that no officer has judged.
    pub to_verify: BTreeSet<Uuid>,
    /// Messages whose sender an officer recognised, each with the contact who became a party by it.
    pub accepted: BTreeMap<Uuid, Option<Uuid>>,
    /// Contacts of whom an officer said here whose they are, each with the key of that person.
    pub persons: BTreeMap<Uuid, Uuid>,
    /// Who complains together with the complainant.
    pub group: Option<Group>,
    /// The points of complaint, as an officer wrote them down.
    pub points: Points,
    /// When the family was told that the answer takes longer, and why.
    pub extended: Option<(DateTime<Utc>, String)>,
    /// When the family got the answer of the stage that the case is at, and what was found on all points together.
    pub answered: Option<(DateTime<Utc>, PointOutcome)>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// How often the family was asked since how they are treated.
    pub check_ins: u16,
    /// How far it has come through the stages.
    pub course: Course,
    /// Whom it is about, or may be, by their work addresses.
    pub subjects: BTreeMap<String, Subject>,
    /// Line managers of those who may deal with it all the same, by their addresses, and why.
    pub admitted: BTreeMap<String, String>,
    /// Another case that it may belong to: key and reference.
    pub may_belong: Option<(Uuid, String, String)>,
    /// Dates that somebody was told and that the bank holidays have moved since, by their duties.
    pub promised: BTreeMap<String, Promise>,
    /// The case that it was merged into: key and reference.
    pub merged_into: Option<(Uuid, String)>,
    /// The joint complaint that it is in: key and reference.
    pub joint: Option<(Uuid, String)>,
    /// The alert about a child at risk, and what belongs to it.
    pub safeguarding: Protection,
    /// What was decided about how long it is kept, and since when it could count as over.
    pub keeping: Keeping,
    /// Number of the last event: two officers at once are told apart by it.
    pub version: i64,
    /// The last decision that can be taken back: its number and event.
    pub last_undoable: Option<(i64, Event)>,
}

impl CaseFile {
    /// Folds `history` (in order, from the first event). None when it does not begin with [`Event::Opened`].
    #[must_use]
    pub fn fold(history: &[Recorded]) -> Option<Self> {
        let Some(Event::Opened { nature, received_at, .. }) = history.first().map(|first| &first.event) else {
            return None;
        };
        let mut case = Self {
            status: Status::ToConfirm,
            nature: *nature,
            received_at: *received_at,
            acknowledgement: Acknowledgement::None,
            told_at: None,
            officer: None,
            alerted: false,
            unsure: None,
            // Taken back, it is whose it was taken for before any officer said otherwise.
            complainant: history.iter().find_map(|recorded| match &recorded.event {
                Event::ComplainantSet { was, .. } => Some((**was).clone()),
                _ => None,
            }),
            to_verify: BTreeSet::new(),
            accepted: BTreeMap::new(),
            // Taken back, they are whose they were before anything was said of them here.
            persons: history.iter().rev().filter_map(|recorded| recorded.event.was_person()).collect(),
            group: None,
            points: Points::default(),
            extended: None,
            answered: None,
            closed_at: None,
            check_ins: 0,
            course: Course::default(),
            subjects: BTreeMap::new(),
            admitted: BTreeMap::new(),
            may_belong: None,
            promised: BTreeMap::new(),
            merged_into: None,
            joint: None,
            safeguarding: Protection::default(),
            keeping: Keeping::default(),
            version: history.last().map_or(0, |last| last.seq),
            last_undoable: None,
        };
        for recorded in standing(history) {
            case.apply(recorded);
        }
        Some(case)
    }

    fn apply(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::MessageAdded { representation, relation: Relation::UnverifiedSender, .. } => {
                self.to_verify.insert(*representation);
            }
            Event::Opened { .. }
            | Event::MessageAdded { .. }
            // The duty to acknowledge stays: the reason may be that the family was rung up, or that nobody can be reached.
            | Event::LetterDropped { .. }
            | Event::LetterSentAgain { .. }
            | Event::Safeguarding(_)
            | Event::Retention(_)
            | Event::Undone { .. } => {}
            Event::Suggested { nature } => {
                // A late suggestion never overrules an officer, and never takes a child's risk back.
                if self.status == Status::ToConfirm {
                    self.nature = Nature { safeguarding: nature.safeguarding || self.nature.safeguarding, ..*nature };
                }
            }
            Event::Acknowledged { .. } => self.acknowledgement = Acknowledgement::Queued,
            Event::NotAcknowledged { held, by_hand, .. } => {
                if !matches!(self.acknowledgement, Acknowledgement::Queued | Acknowledgement::NotReached) {
                    self.acknowledgement = match (held, by_hand) {
                        (true, _) => Acknowledgement::Held,
                        (_, true) => Acknowledgement::ByHand,
                        _ => Acknowledgement::None,
                    };
                }
            }
            Event::LetterReported { letter, outcome, proven, .. } if letter == ACKNOWLEDGEMENT => {
                // Only what names our letter by its key says anything: a forged report changes nothing.
                if *proven && *outcome == Outcome::Failed && self.acknowledgement == Acknowledgement::Queued {
                    self.acknowledgement = Acknowledgement::NotReached;
                }
            }
            Event::LetterReported { .. } => {}
            Event::LetterSettled { letter, how, .. } if letter == ACKNOWLEDGEMENT => match how {
                Settlement::Arrived => self.acknowledgement = Acknowledgement::Queued,
                Settlement::Told => {
                    self.told_at.get_or_insert(recorded.at);
                }
                Settlement::Dropped => {}
            },
            Event::LetterSettled { .. } => {}
            Event::Alerted => self.alerted = true,
            Event::Confirmed => self.status = Status::Open,
            Event::Reclassified { nature, .. } => {
                self.nature = *nature;
                self.status = Status::Open;
            }
            Event::Dismissed { act, .. } => {
                self.nature.act = *act;
                self.status = Status::Dismissed;
            }
            Event::Assigned { officer } => self.officer = Some(*officer),
            Event::ComplainantUnsure { why } => self.unsure = Some(why.clone()),
            Event::ComplainantSet { person, .. } => {
                self.complainant = Some((**person).clone());
                self.unsure = None;
                self.note_complainant(recorded, person);
            }
            Event::SenderAccepted { representation, contact } => {
                self.to_verify.remove(representation);
                self.accepted.insert(*representation, *contact);
            }
            Event::SamePerson { contact, person, verified, .. } => {
                self.persons.insert(*contact, *person);
                for message in verified {
                    self.to_verify.remove(message);
                    self.accepted.insert(*message, None);
                }
            }
            Event::AnotherPerson { contact, person, .. } => {
                self.persons.insert(*contact, *person);
            }
            Event::GroupSet { group } => self.group.clone_from(group),
            Event::PointsSet { points } => self.points = (**points).clone(),
            Event::Answered { outcome, author, .. } => {
                self.note_answer(recorded, *outcome, author);
                // What a family was told is not taken back, nor what it rests on.
                self.last_undoable = None;
            }
            Event::Extended { reason, .. } => {
                self.extended = Some((recorded.at, reason.clone()));
                self.last_undoable = None;
            }
            Event::Step { step, .. } => {
                self.note_step(recorded, step);
                if tells_them(&recorded.event) {
                    self.last_undoable = None;
                }
            }
            Event::Closed { .. } => {
                self.status = Status::Closed;
                (self.closed_at, self.check_ins) = (Some(recorded.at), 0);
            }
            Event::Reopened { .. } => {
                self.status = Status::Open;
                self.closed_at = None;
            }
            Event::ContributionGiven { contribution, .. } => self.note_contribution_given(*contribution, recorded.at),
            Event::CheckedIn { .. } => self.check_ins += 1,
            Event::SubjectsNamed { people, barred } => {
                let standing = if *barred { Standing::Proposed } else { Standing::Mentioned };
                for named in people {
                    let subject = Subject { name: named.name.clone(), because: named.because.clone(), standing };
                    self.subjects.entry(named.email.clone()).or_insert(subject);
                }
            }
            Event::SubjectSet { email, name, is, accounts } => {
                let standing = if *is { Standing::Confirmed } else { Standing::Cleared };
                let subject = Subject { name: name.clone(), because: String::new(), standing };
                self.subjects.entry(email.clone()).or_insert(subject).standing = standing;
                // Whoever is kept out does not work on it.
                if *is && self.officer.is_some_and(|officer| accounts.contains(&officer)) {
                    self.officer = None;
                }
            }
            Event::ManagerAdmitted { email, reason, .. } => {
                self.admitted.insert(email.clone(), reason.clone());
            }
            Event::MovedOut { representation, .. } => {
                self.to_verify.remove(representation);
            }
            Event::MessagesMoved { messages, .. } => {
                for moved in messages {
                    self.to_verify.remove(&moved.representation);
                }
            }
            // Day 0 of a matter is when the council first received anything about it.
            Event::MessagesCame { received_at, .. } => self.received_at = self.received_at.min(*received_at),
            Event::MergedInto { case, reference } | Event::WentBack { case, reference } => {
                self.status = Status::Merged;
                self.merged_into = Some((*case, reference.clone()));
                self.may_belong = None;
                self.joint = None;
            }
            Event::Tied { joint, reference } => self.joint = Some((*joint, reference.clone())),
            Event::Untied { .. } => self.joint = None,
            Event::MergedFrom(merged) => self.take(merged),
            Event::Recounted { dates, .. } => {
                for Recount { duty, day0, was, now, .. } in dates.iter().filter(|date| date.told) {
                    self.promised.insert(duty.clone(), Promise { day0: *day0, on: *was, by_calendar: *now });
                }
            }
            Event::KeptApart { .. } => self.may_belong = None,
            Event::MayBelong { case, reference, why } => self.may_belong = Some((*case, reference.clone(), why.clone())),
        }
        self.safeguarding.note(recorded, self.nature.safeguarding);
        self.keeping.note(recorded);
        if recorded.event.can_be_undone() {
            self.last_undoable = Some((recorded.seq, recorded.event.clone()));
        }
    }

    fn take(&mut self, merged: &MergedCase) {
        self.received_at = self.received_at.min(merged.received_at);
        self.nature.safeguarding |= merged.safeguarding;
        self.alerted |= merged.alerted;
        self.officer = self.officer.or(merged.officer);
        for (email, subject) in &merged.subjects {
            let here = self.subjects.entry(email.clone()).or_insert_with(|| subject.clone());
            // Kept out of one, kept out of both.
            if subject.standing.bars() && !here.standing.bars() {
                here.standing = subject.standing;
            }
        }
        for (duty, promise) in &merged.promised {
            let here = self.promised.entry(duty.clone()).or_insert_with(|| promise.clone());
            if promise.on < here.on {
                here.clone_from(promise);
            }
        }
        self.joint = self.joint.take().or_else(|| merged.joint.clone());
        self.course.child_since = self.course.child_since.or(merged.child_since);
        if self.acknowledgement != Acknowledgement::Queued {
            self.told_at = self.told_at.or(merged.told_at);
        }
        if self.may_belong.as_ref().is_some_and(|(case, ..)| *case == merged.case) {
            self.may_belong = None;
        }
        let to_verify = merged.messages.iter().filter(|moved| moved.relation == Relation::UnverifiedSender);
        self.to_verify.extend(to_verify.map(|moved| moved.representation));
    }

    /// Whether it is dissatisfaction by what is known now.
    #[must_use]
    pub fn is_dissatisfaction(&self) -> bool {
        self.nature.act.is_dissatisfaction()
    }

    /// Whether `act` may be what a dismissed message is: anything but dissatisfaction.
    #[must_use]
    pub fn may_be_dismissed_as(act: Act) -> bool {
        !act.is_dissatisfaction()
    }
}
