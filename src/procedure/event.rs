//! What happened to a case: the append-only history. A case is the fold of its events. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{course::tells_them, recount::Recount};
use crate::{ids::Uuid, labelling::labels::Act};

mod kinds;
mod merged;
mod noted;
mod people;
mod points;
mod posts;
mod retention;
mod safeguarding;
mod step_kinds;
mod steps;
mod wordless;

pub use kinds::{Nature, Outcome, Relation, Settlement};
pub use merged::{MergedCase, Moved};
pub use noted::Noted;
pub use people::{Capacity, Complainant, Group, Member, Named, Standing, Subject};
pub use points::{Finding, Point, PointOutcome, Points, Route};
pub use posts::{Appointee, Post, Works};
pub use retention::Retention;
pub use safeguarding::Safeguarding;
pub use step_kinds::{StepKind, Tells};
pub use steps::{Format, Freeze, OmbudsmanDecision, RefusedBecause, Report, Stage, Step, Taken};
pub use wordless::{REMOVED, without_words};

/// One thing that happened. Stored for ever, so variants are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// The program opened the case for a message.
    Opened {
        /// What it seems to be.
        nature: Nature,
        /// When the council received it: day 0 is that day in London.
        received_at: DateTime<Utc>,
        /// Why a case was opened.
        why: String,
    },
    /// A message joined.
    MessageAdded {
        /// Which.
        representation: Uuid,
        /// How it belongs.
        relation: Relation,
        /// Why it was matched.
        why: String,
    },
    /// A suggestion came after the case was opened.
    Suggested {
        /// What it seems to be.
        nature: Nature,
    },
    /// An acknowledgement lies in the outbox.
    Acknowledged {
        /// Its row there.
        outbox: Uuid,
    },
    /// No acknowledgement went out, and why.
    NotAcknowledged {
        /// The reason.
        why: String,
        /// An officer may release it (a limit held it back), or it waits for confirmation.
        held: bool,
        /// Somebody waits to hear, and only an officer can tell them.
        #[serde(default)]
        by_hand: bool,
    },
    /// Somebody was alerted to a child at risk.
    Alerted,
    /// What happened because a child may be at risk, or an address must not be written to.
    Safeguarding(Safeguarding),
    /// What was decided about how long it is kept.
    Retention(Retention),
    /// An officer agreed with what it seems to be.
    Confirmed,
    /// An officer decided otherwise.
    Reclassified {
        /// What it is.
        nature: Nature,
        /// What it seemed to be.
        was: Nature,
    },
    /// An officer decided that it is not a complaint.
    Dismissed {
        /// What it is instead.
        act: Act,
        /// Why.
        reason: String,
    },
    /// An officer took it.
    Assigned {
        /// Who.
        officer: Uuid,
    },
    /// An officer decided that a letter which was held back or refused is not sent.
    LetterDropped {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it was: `acknowledgement`, `receipt`, `alert`.
        letter: String,
        /// Why.
        why: String,
    },
    /// A mail system reported on a letter.
    LetterReported {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it was: `acknowledgement`, `receipt`, `alert`.
        letter: String,
        /// What became of it.
        outcome: Outcome,
        /// Status code (RFC 3463), if one was given.
        status: Option<String>,
        /// Why, in words for officers.
        why: String,
        /// The report names the letter by our keyed Message-ID. Otherwise anybody may have written it.
        proven: bool,
    },
    /// An officer ended the matter of a letter that did not arrive, or told a family whom no letter can tell.
    LetterSettled {
        /// Its row in the outbox; None when there never was one.
        outbox: Option<Uuid>,
        /// What it was.
        letter: String,
        /// How.
        how: Settlement,
        /// Why, in the officer's words.
        why: String,
    },
    /// An officer sends a letter again that did not arrive.
    LetterSentAgain {
        /// Its row in the outbox.
        outbox: Uuid,
        /// What it was.
        letter: String,
        /// To another address than before.
        other_address: bool,
    },
    /// Whose complaint it is cannot be told for certain: nobody is written to before an officer has said.
    ComplainantUnsure {
        /// Why.
        why: String,
    },
    /// An officer said whose complaint it is.
    ComplainantSet {
        /// Whose.
        person: Box<Complainant>,
        /// Whose it was taken for.
        was: Box<Complainant>,
    },
    /// An officer recognised the sender of a message that came from nobody in the case.
    SenderAccepted {
        /// The message.
        representation: Uuid,
        /// The contact who became a party by it; None if they were one already.
        contact: Option<Uuid>,
    },
    /// An officer said that the complainant also writes from another address.
    SamePerson {
        /// The contact with that address.
        contact: Uuid,
        /// The address.
        address: String,
        /// The key that all contacts of the complainant share.
        person: Uuid,
        /// The key that it had.
        was: Uuid,
        /// Messages that came from it and waited to be verified.
        verified: Vec<Uuid>,
        /// How it was shown, where no officer said it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        shown: String,
    },
    /// An officer said that an address is somebody else's after all.
    AnotherPerson {
        /// The contact with that address.
        contact: Uuid,
        /// The address.
        address: String,
        /// The key that it has by itself.
        person: Uuid,
        /// The key that it had.
        was: Uuid,
    },
    /// An officer said who complains together here; None: nobody but the complainant.
    GroupSet {
        /// Who.
        group: Option<Group>,
    },
    /// A message names members of staff whom it may be about.
    SubjectsNamed {
        /// Whom.
        people: Vec<Named>,
        /// They are kept out of the case until an officer has said whether it is.
        barred: bool,
    },
    /// An officer said whether the case is about somebody.
    SubjectSet {
        /// Their work address.
        email: String,
        /// Their name.
        name: String,
        /// It is.
        is: bool,
        /// Accounts that are kept out by it: their own, and their line manager's.
        accounts: Vec<Uuid>,
    },
    /// An officer wrote down why a line manager of somebody it is about may deal with it.
    ManagerAdmitted {
        /// The line manager's work address.
        email: String,
        /// Their name.
        name: String,
        /// Why.
        reason: String,
    },
    /// An officer wrote down the points of complaint, and what was found on each.
    PointsSet {
        /// All of them, and what goes with them.
        points: Box<Points>,
    },
    /// The family got the answer of the stage that the case was at.
    Answered {
        /// Its row in the outbox; None when it went another way.
        outbox: Option<Uuid>,
        /// How it went, in the officer's words; empty for a letter of ours.
        how: String,
        /// What was found on all points together.
        outcome: PointOutcome,
        /// The work address of whoever it is by, in lower case.
        #[serde(default)]
        author: String,
    },
    /// A step of the procedure was taken.
    Step {
        /// Which.
        step: Step,
        /// The row in the outbox of the letter about it; None when no letter of ours says it.
        outbox: Option<Uuid>,
        /// How the family was told otherwise, in the officer's words; empty for a letter of ours, and where nobody is told.
        how: String,
    },
    /// A manager gave the contribution that they were asked for, by the link in their letter.
    ContributionGiven {
        /// Its number, from 1.
        contribution: u32,
        /// Their name.
        name: String,
    },
    /// The family was told that the answer takes longer.
    Extended {
        /// Its row in the outbox; None when they were told another way.
        outbox: Option<Uuid>,
        /// How they were told, in the officer's words; empty for a letter of ours.
        how: String,
        /// Why it takes longer.
        reason: String,
    },
    /// The family was asked, some time after the end, how they have been treated since.
    CheckedIn {
        /// Its row in the outbox.
        outbox: Uuid,
        /// So many days after it was closed.
        after_days: u16,
    },
    /// An officer closed the case.
    Closed {
        /// Why.
        reason: String,
    },
    /// An officer opened it again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// An officer took messages out that belong to another case, or are one of their own.
    MessagesMoved {
        /// Which, and how they belonged here.
        messages: Vec<Moved>,
        /// The case they went to.
        to: Uuid,
        /// Its reference.
        reference: String,
    },
    /// Messages came that an officer took out of another case.
    MessagesCame {
        /// Which.
        messages: Vec<Uuid>,
        /// The case they came from.
        from: Uuid,
        /// Its reference.
        reference: String,
        /// When the council received the first of them.
        received_at: DateTime<Utc>,
    },
    /// An officer merged this case into another: its messages are there, and its reference leads there.
    MergedInto {
        /// The other.
        case: Uuid,
        /// Its reference.
        reference: String,
    },
    /// An officer took back that messages became this case: they are in the case again that they came from, and its reference
    /// leads there.
    WentBack {
        /// That case.
        case: Uuid,
        /// Its reference.
        reference: String,
    },
    /// An officer merged another case into this one.
    MergedFrom(Box<MergedCase>),
    /// An officer decided that the case it may belong to is about another matter.
    KeptApart {
        /// The other.
        case: Uuid,
        /// Its reference.
        reference: String,
    },
    /// An officer tied it to other families' cases with the same problem.
    Tied {
        /// The joint complaint.
        joint: Uuid,
        /// Its reference.
        reference: String,
    },
    /// An officer took it out of a joint complaint.
    Untied {
        /// The joint complaint.
        joint: Uuid,
        /// Its reference.
        reference: String,
    },
    /// An officer made a case of its own of a message that came from nobody in the case. Written before messages could be
    /// moved in one way only, as [`Event::MessagesMoved`].
    MovedOut {
        /// The message.
        representation: Uuid,
        /// Its own case.
        to: Uuid,
        /// That case's reference.
        reference: String,
    },
    /// The message that opened the case may belong to another: it quotes its reference, and its sender is nobody there, or it
    /// seems to be about the same matter.
    MayBelong {
        /// The other case.
        case: Uuid,
        /// Its reference.
        reference: String,
        /// Why; empty where only the reference spoke for it.
        #[serde(default)]
        why: String,
    },
    /// The bank holidays changed, and with them dates of the case.
    Recounted {
        /// The calendar that they were counted with.
        version: String,
        /// Which moved.
        dates: Vec<Recount>,
    },
    /// An officer took back what was done in `seq`.
    Undone {
        /// Number of the event taken back.
        seq: i64,
    },
}

impl Event {
    /// Whether an officer may take it back.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        matches!(
            self,
            Self::Confirmed
                | Self::Reclassified { .. }
                | Self::Dismissed { .. }
                | Self::Assigned { .. }
                | Self::LetterSettled { .. }
                | Self::ComplainantSet { .. }
                | Self::SenderAccepted { .. }
                | Self::SamePerson { .. }
                | Self::AnotherPerson { .. }
                | Self::GroupSet { .. }
                | Self::SubjectSet { .. }
                | Self::PointsSet { .. }
                | Self::Closed { .. }
                | Self::Reopened { .. }
                | Self::ManagerAdmitted { .. }
                | Self::KeptApart { .. }
                | Self::Tied { .. }
                | Self::Untied { .. }
        ) || self.other_case().is_some()
            || matches!(self, Self::Step { step, .. } if !tells_them(self) && !step.reaches_a_manager())
            || matches!(self, Self::Safeguarding(step) if step.can_be_undone())
    }

    /// Of which contact it says whose it is, and whose it was before.
    #[must_use]
    pub fn was_person(&self) -> Option<(Uuid, Uuid)> {
        match self {
            Self::SamePerson { contact, was, .. } | Self::AnotherPerson { contact, was, .. } => Some((*contact, *was)),
            _ => None,
        }
    }

    /// The other case, where an officer did something to two at once: what is taken back in one is taken back in both.
    #[must_use]
    pub fn other_case(&self) -> Option<Uuid> {
        match self {
            Self::MessagesMoved { to: other, .. }
            | Self::MessagesCame { from: other, .. }
            | Self::MergedInto { case: other, .. } => Some(*other),
            Self::MergedFrom(merged) => Some(merged.case),
            _ => None,
        }
    }
}

/// An event in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Number within the case, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Which officer; None when the program did it.
    pub by: Option<Uuid>,
    /// What.
    pub event: Event,
}

/// Those of `history` that were not taken back.
pub fn standing(history: &[Recorded]) -> impl DoubleEndedIterator<Item = &Recorded> {
    let undone: BTreeSet<i64> = history
        .iter()
        .filter_map(|recorded| match recorded.event {
            Event::Undone { seq } => Some(seq),
            _ => None,
        })
        .collect();
    history.iter().filter(move |recorded| !undone.contains(&recorded.seq))
}
