//! Contributions: what a service manager says of a complaint when an officer asks. Who may be asked, and how long. Pure.
//!
//! Source: LGSCO Complaint Handling Code 5.4: whoever the complaint is about has no part in how it is dealt with. Whoever was asked
//! sees what was asked, and nothing else of the case: our own rule.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{
    case::CaseFile,
    event::{Event, Step},
    independence::RULE,
    state::State,
};
use crate::clock::london_date;

/// The rule that steps about contributions rest on.
pub const CONTRIBUTION_RULE: &str = RULE;
/// A link can be used so many days after the day by which the answer was asked for.
const DAYS_AFTER: u64 = 60;

/// What a manager was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Their work address, in lower case.
    pub from: String,
    /// Their name.
    pub name: String,
    /// By when.
    pub due: NaiveDate,
    /// When they were asked.
    pub asked_on: NaiveDate,
    /// When it came.
    pub given_on: Option<NaiveDate>,
    /// When it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
}

impl Contribution {
    /// Whether it is still waited for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.given_on.is_none() && self.withdrawn_on.is_none()
    }
}

/// The last day on which a link can be used whose answer is wanted by `due`.
#[must_use]
pub fn last_day(due: NaiveDate) -> NaiveDate {
    due.checked_add_days(Days::new(DAYS_AFTER)).unwrap_or(due)
}

/// Whether contributions are taken in `state`: not once the case is over.
#[must_use]
pub fn are_taken(state: State) -> bool {
    !matches!(state, State::Withdrawn | State::NotAccepted | State::Closed | State::Dismissed | State::Merged)
}

impl CaseFile {
    /// The contribution with this number, from 1, if it is still waited for.
    #[must_use]
    pub fn awaits_contribution(&self, number: u32) -> Option<&Contribution> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        let one = self.course.contributions.get(place)?;
        (one.is_open() && are_taken(State::of(self))).then_some(one)
    }

    /// The event of a contribution that was given, if it was waited for.
    pub(super) fn contribution_given(&self, number: u32) -> Option<Event> {
        let name = self.awaits_contribution(number)?.name.clone();
        Some(Event::ContributionGiven { contribution: number, name })
    }

    pub(super) fn note_contribution(&mut self, step: &Step, at: DateTime<Utc>) {
        match step {
            Step::ContributionAsked { from, name, due, .. } => self.course.contributions.push(Contribution {
                from: from.clone(),
                name: name.clone(),
                due: *due,
                asked_on: london_date(at),
                given_on: None,
                withdrawn_on: None,
            }),
            Step::ContributionWithdrawn { contribution, .. } => {
                if let Some(one) = self.contribution_mut(*contribution) {
                    one.withdrawn_on = Some(london_date(at));
                }
            }
            _ => {}
        }
    }

    pub(super) fn note_contribution_given(&mut self, number: u32, at: DateTime<Utc>) {
        if let Some(one) = self.contribution_mut(number) {
            one.given_on = Some(london_date(at));
        }
    }

    fn contribution_mut(&mut self, number: u32) -> Option<&mut Contribution> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.course.contributions.get_mut(place)
    }
}
