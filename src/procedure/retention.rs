//! How long a case is kept, and who says that it may go. Pure.
//!
//! Sources: UK GDPR article 5(1)(e), nobody's data is kept for longer than is needed; how long that is, each council says in its
//! schedule. The project's rule book, 6.2: six years after the end, reviewed and never deleted by itself, a hold beats every date, a
//! child's own complaint until their 25th birthday if that is later. Nothing here is done by the program: a complaints manager decides.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    case::{CaseFile, Status},
    decide::{Actor, Command, Setting},
    event::{Event, Recorded, Relation, Retention, without_words},
};
use crate::{
    clock::{london_date, long_date},
    ids::Uuid,
    labelling::labels::Procedure,
};

/// What a refusal rests on.
pub const RULE: &str = "UK GDPR article 5(1)(e) and the council’s retention schedule";
/// The longest reason, in characters.
pub const MOST_CHARS: usize = 2_000;

/// How long the council keeps cases: the section `[retention]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// Years after the end.
    pub years: u16,
    /// The same for complaints under the statutory procedure, where that is another figure.
    pub statutory_years: Option<u16>,
    /// A child's own complaint is kept until this birthday at least.
    pub child_birthday: u16,
    /// So many days ahead, what will be due is listed.
    pub soon_days: u16,
}

impl Schedule {
    /// The figures of a council that says nothing else.
    pub const USUAL: Self = Self { years: 6, statutory_years: None, child_birthday: 25, soon_days: 90 };

    fn years_of(&self, procedure: Procedure) -> u16 {
        self.statutory_years.filter(|_| procedure == Procedure::Statutory).unwrap_or(self.years)
    }

    /// The fewest years that any case is kept.
    #[must_use]
    pub fn fewest_years(&self) -> u16 {
        self.statutory_years.map_or(self.years, |statutory| statutory.min(self.years))
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self::USUAL
    }
}

/// What a review came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reviewed {
    /// Kept until this day, and why.
    Until(NaiveDate, String),
    /// Everything that says who may go, and why.
    ToAnonymise(String),
}

/// What a case's events say about how long it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keeping {
    /// Since when nothing of it may go, and why.
    pub hold: Option<(DateTime<Utc>, String)>,
    /// What the last review came to.
    pub reviewed: Option<Reviewed>,
    /// When the child was born whose own complaint it is.
    pub born_on: Option<NaiveDate>,
    /// When it was closed or put aside, if it is.
    pub ended_at: Option<DateTime<Utc>>,
    /// When everything that says who was taken out.
    pub anonymised_at: Option<DateTime<Utc>>,
}

impl Keeping {
    /// What `recorded` changes.
    pub(super) fn note(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Closed { .. } | Event::Dismissed { .. } => {
                (self.ended_at, self.reviewed) = (Some(recorded.at), None);
            }
            Event::Reopened { .. } | Event::Confirmed | Event::Reclassified { .. } => {
                (self.ended_at, self.reviewed) = (None, None);
            }
            // Whoever reviewed it had not seen this.
            Event::MessageAdded { relation, .. } if *relation != Relation::Automatic => self.look_again(),
            Event::MessagesCame { .. } => self.look_again(),
            Event::MergedFrom(merged) => {
                self.look_again();
                self.hold = self.hold.take().or_else(|| merged.keeping.hold.clone());
                self.born_on = self.born_on.max(merged.keeping.born_on);
            }
            Event::Retention(step) => match step {
                Retention::Held { reason } => {
                    self.hold = Some((recorded.at, reason.clone()));
                    self.look_again();
                }
                Retention::Lifted { .. } => self.hold = None,
                Retention::Until { on, reason } => self.reviewed = Some(Reviewed::Until(*on, reason.clone())),
                Retention::ToAnonymise { reason } => self.reviewed = Some(Reviewed::ToAnonymise(reason.clone())),
                Retention::Born { on } => self.born_on = *on,
                Retention::Anonymised { .. } => self.anonymised_at = Some(recorded.at),
            },
            _ => {}
        }
    }

    fn look_again(&mut self) {
        if matches!(self.reviewed, Some(Reviewed::ToAnonymise(_))) {
            self.reviewed = None;
        }
    }

    /// The word in the database; None where nothing was decided.
    #[must_use]
    pub fn as_str(&self) -> Option<&'static str> {
        match (&self.anonymised_at, &self.hold, &self.reviewed) {
            (Some(_), ..) => Some("anonymised"),
            (_, Some(_), _) => Some("held"),
            (.., Some(Reviewed::Until(..))) => Some("until"),
            (.., Some(Reviewed::ToAnonymise(_))) => Some("to-anonymise"),
            _ => None,
        }
    }
}

/// What counts of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Which procedure.
    pub procedure: Procedure,
    /// The last day on which anything of it ended; None while it goes on.
    pub ended_on: Option<NaiveDate>,
    /// Why it goes on, in words that follow "the case": `is at stage 2`.
    pub goes_on: Option<String>,
    /// A child complains for themselves.
    pub childs_own: bool,
    /// When they were born.
    pub born_on: Option<NaiveDate>,
    /// An allegation against somebody who works with children.
    pub allegation: bool,
    /// Nothing may go.
    pub held: bool,
    /// What the last review came to.
    pub reviewed: Option<Reviewed>,
    /// Everything that says who is gone.
    pub anonymised: bool,
}

impl Facts {
    /// Those of `case`.
    #[must_use]
    pub fn of(case: &CaseFile) -> Self {
        let keeping = &case.keeping;
        let ombudsman = case.course.ombudsman.as_ref();
        let over = matches!(case.status, Status::Closed | Status::Dismissed);
        let goes_on = if let Some((_, reference)) = &case.merged_into {
            Some(format!("goes with {reference}, which it was merged into"))
        } else if !over {
            Some(format!("is {}", super::state::State::of(case).shown()))
        } else if ombudsman.is_some_and(|matter| matter.decided.is_none()) {
            Some("is with the Ombudsman".to_owned())
        } else if case.safeguarding.alarm.since.is_some() {
            Some("has a safeguarding alert that nobody has acknowledged".to_owned())
        } else {
            None
        };
        let decided = ombudsman.and_then(|matter| matter.decided).map(|(on, _)| on);
        let ended_on = keeping.ended_at.map(london_date).max(decided).filter(|_| goes_on.is_none());
        Self {
            procedure: case.nature.procedure,
            ended_on,
            goes_on,
            childs_own: case.is_childs_own(),
            born_on: keeping.born_on,
            allegation: case.safeguarding.allegation.is_some(),
            held: keeping.hold.is_some(),
            reviewed: keeping.reviewed.clone(),
            anonymised: keeping.anonymised_at.is_some(),
        }
    }
}

/// Where a case stands, by the schedule and what was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Everything that says who is gone.
    Anonymised,
    /// Nothing of it may go.
    Held,
    /// It goes on, as [`Facts::goes_on`] says, or nobody knows when it ended.
    GoesOn,
    /// It is kept until a day.
    Kept {
        /// The day.
        until: NaiveDate,
        /// Why, as a sentence.
        because: String,
    },
    /// A complaints manager is to look at it.
    Due {
        /// Since when.
        since: NaiveDate,
        /// Why, as a sentence.
        because: String,
    },
    /// It could be looked at, but never falls due by itself.
    ByHand {
        /// Since when.
        since: NaiveDate,
        /// Why, as a sentence.
        because: String,
    },
    /// It was reviewed: everything that says who may go.
    ToAnonymise,
}

/// The same day so many years later; a 29 February becomes 1 March, never the day before.
fn years_after(day: NaiveDate, years: u16) -> NaiveDate {
    let year = day.year().saturating_add(years.into());
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

/// Until when a case with these facts is kept at least, whatever is decided, and why. None while it goes on.
fn earliest(facts: &Facts, schedule: &Schedule) -> Option<(NaiveDate, String)> {
    let ended = facts.ended_on.filter(|_| facts.goes_on.is_none())?;
    let years = schedule.years_of(facts.procedure);
    let by_end = years_after(ended, years);
    let child = facts.born_on.filter(|_| facts.childs_own).map(|born| years_after(born, schedule.child_birthday));
    let unit = if years == 1 { "year" } else { "years" };
    Some(match child {
        Some(birthday) if birthday > by_end => {
            (birthday, format!("A child’s own complaint is kept until their {}th birthday.", schedule.child_birthday))
        }
        _ => (by_end, format!("It is kept for {years} {unit} after its end on {}.", long_date(ended))),
    })
}

/// Where a case with these facts stands on `today`.
#[must_use]
pub fn stand(facts: &Facts, schedule: &Schedule, today: NaiveDate) -> Stand {
    if facts.anonymised {
        return Stand::Anonymised;
    }
    if facts.held {
        return Stand::Held;
    }
    let Some((until, because)) = earliest(facts, schedule) else { return Stand::GoesOn };
    if until > today {
        return Stand::Kept { until, because };
    }
    match &facts.reviewed {
        Some(Reviewed::Until(on, _)) if *on > today => {
            return Stand::Kept { until: *on, because: "A review said that it is kept longer.".to_owned() };
        }
        Some(Reviewed::Until(on, _)) => {
            return Stand::Due { since: *on, because: "The day has come to which a review kept it.".to_owned() };
        }
        Some(Reviewed::ToAnonymise(_)) => return Stand::ToAnonymise,
        None => {}
    }
    if facts.allegation {
        let because = "It is an allegation against somebody who works with children: that is kept until they retire, or for ten \
                       years if that is longer, and never falls due by itself.";
        return Stand::ByHand { since: until, because: because.to_owned() };
    }
    Stand::Due { since: until, because }
}

/// Why something about it is refused, in words for officers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Not theirs to say.
    #[error("only a complaints manager decides how long a case is kept")]
    NotAManager,
    /// Nothing more happens to it.
    #[error("everything that says who was taken out of this case: nothing more can be done to it")]
    Anonymised,
    /// A reason is missing.
    #[error("enter the reason: it is kept with the case")]
    ReasonMissing,
    /// Too much is said.
    #[error("the reason must be 2,000 characters or fewer")]
    TooLong,
    /// Nothing may go.
    #[error("the case is on hold: lift the hold first")]
    Held,
    /// Held already.
    #[error("the case is on hold already")]
    HeldAlready,
    /// Nothing to lift.
    #[error("the case is not on hold")]
    NotHeld,
    /// It goes on.
    #[error("the case {0}: how long it is kept is decided after its end")]
    GoesOn(String),
    /// Too early.
    #[error("the case is kept until {} at least", long_date(*.0))]
    NotYet(NaiveDate),
    /// A day that has passed, or is too far.
    #[error("enter a day after today, and no more than 100 years ahead")]
    NoSuchDay,
    /// A day on which nobody can have been born.
    #[error("enter a date of birth before today, and no more than 120 years ago")]
    NotBorn,
    /// No child.
    #[error("this is not a child’s own complaint: nobody’s date of birth is wanted")]
    NoChild,
    /// Nobody has said that it may go.
    #[error("nobody has decided yet that this case is to be anonymised")]
    NotReviewed,
    /// What is still to be sent.
    #[error("a letter of this case is still to be sent: send it or drop it first")]
    LettersWait,
    /// It goes with another.
    #[error("this case goes with the one that it was merged into")]
    Elsewhere,
}

fn said(reason: &str) -> Result<String, NotKept> {
    match reason.trim() {
        "" => Err(NotKept::ReasonMissing),
        reason if reason.chars().count() > MOST_CHARS => Err(NotKept::TooLong),
        reason => Ok(reason.to_owned()),
    }
}

/// Whether anything may still happen to the case. What the program counts anew harms nothing.
pub(super) fn may_touch(case: &CaseFile, command: &Command) -> Result<(), NotKept> {
    match (case.keeping.anonymised_at, command) {
        (None, _) | (_, Command::Recount { .. }) => Ok(()),
        _ => Err(NotKept::Anonymised),
    }
}

/// The event of `step`, if it may happen to `case`.
pub(super) fn decide(case: &CaseFile, step: &Retention, setting: &Setting<'_>) -> Result<Event, NotKept> {
    if setting.actor != Actor::ComplaintsManager {
        return Err(NotKept::NotAManager);
    }
    if let Retention::Anonymised { with: Some(other) } = step {
        return match &case.merged_into {
            Some((into, _)) if into == other && case.keeping.hold.is_none() => Ok(Event::Retention(step.clone())),
            _ => Err(NotKept::Elsewhere),
        };
    }
    if case.merged_into.is_some() {
        return Err(NotKept::Elsewhere);
    }
    let facts = Facts::of(case);
    let may_be_reviewed = || {
        if facts.held {
            return Err(NotKept::Held);
        }
        match earliest(&facts, &setting.options.schedule) {
            None => Err(NotKept::GoesOn(facts.goes_on.clone().unwrap_or_else(|| "has no end yet".to_owned()))),
            Some((until, _)) => Ok(until),
        }
    };
    let may_go =
        || may_be_reviewed().and_then(|until| if until > setting.today { Err(NotKept::NotYet(until)) } else { Ok(()) });
    let step = match step {
        Retention::Held { .. } if facts.held => return Err(NotKept::HeldAlready),
        Retention::Held { reason } => Retention::Held { reason: said(reason)? },
        Retention::Lifted { .. } if !facts.held => return Err(NotKept::NotHeld),
        Retention::Lifted { reason } => Retention::Lifted { reason: said(reason)? },
        Retention::Until { on, reason } => {
            may_be_reviewed()?;
            if *on <= setting.today || *on > years_after(setting.today, 100) {
                return Err(NotKept::NoSuchDay);
            }
            Retention::Until { on: *on, reason: said(reason)? }
        }
        Retention::ToAnonymise { reason } => {
            may_go()?;
            Retention::ToAnonymise { reason: said(reason)? }
        }
        Retention::Born { on } => {
            if !facts.childs_own {
                return Err(NotKept::NoChild);
            }
            if on.is_none_or(|on| on >= setting.today || years_after(on, 120) < setting.today) {
                return Err(NotKept::NotBorn);
            }
            Retention::Born { on: *on }
        }
        Retention::Anonymised { .. } => {
            may_go()?;
            if !matches!(facts.reviewed, Some(Reviewed::ToAnonymise(_))) {
                return Err(NotKept::NotReviewed);
            }
            step.clone()
        }
    };
    Ok(Event::Retention(step))
}

/// What stays of an event in a case of which nothing says who any more.
#[must_use]
pub fn anonymised(event: &Event) -> Event {
    match event {
        Event::Retention(Retention::Born { .. }) => Event::Retention(Retention::Born { on: None }),
        other => without_words(other),
    }
}

/// Keys of contacts that an event names; for whoever looks whom a case knew.
#[must_use]
pub fn contacts_named(event: &Event) -> Vec<Uuid> {
    match event {
        Event::SamePerson { contact, .. } | Event::AnotherPerson { contact, .. } => vec![*contact],
        Event::SenderAccepted { contact: Some(contact), .. } => vec![*contact],
        Event::MergedFrom(merged) => merged.parties.clone(),
        Event::GroupSet { group: Some(group) } => group.members.iter().filter_map(|member| member.contact).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
