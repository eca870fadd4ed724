//! What may be done with a check, by whom, and why not. Pure.

use super::sample::Span;
use crate::ids::Uuid;

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The mailbox's owner has not said yes.
    Asked,
    /// The owner has: messages may be looked at.
    Agreed,
    /// The owner has said no.
    Declined,
    /// The owner has taken the consent back.
    Withdrawn,
    /// Ended: the numbers stand.
    Done,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Asked, Self::Agreed, Self::Declined, Self::Withdrawn, Self::Done];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Agreed => "agreed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Done => "done",
        }
    }
}

/// What an officer says of a message that was left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Rightly left alone.
    Not,
    /// Somebody's dissatisfaction: it should have been kept.
    Missed,
    /// The same, and it is to be a case.
    MakeCase,
    /// It cannot be told. It counts as not looked at.
    Unclear,
}

impl Verdict {
    /// The verdict of a word in a form.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "not" => Self::Not,
            "missed" => Self::Missed,
            "make-case" => Self::MakeCase,
            "unclear" => Self::Unclear,
            _ => return None,
        })
    }
}

/// How far a check is. Places count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub state: State,
    /// Who asked for it: nobody else looks.
    pub asked_by: Uuid,
    /// Messages shown.
    pub shown: u32,
    /// Messages answered.
    pub answered: u32,
}

/// Why something is not done. Shown to whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No consent.
    #[error("The owner of the mailbox has not agreed to this check. Nothing is fetched before.")]
    NoConsent,
    /// The owner said no.
    #[error("The owner of the mailbox did not agree to this check. Nothing was fetched.")]
    Declined,
    /// The owner took it back.
    #[error("The owner of the mailbox has withdrawn the consent. Nothing more is fetched.")]
    Withdrawn,
    /// Over.
    #[error("This check has ended.")]
    Over,
    /// Somebody else's check.
    #[error("Only the officer who asked for this check may look at its messages.")]
    NotYours,
    /// One's own mailbox.
    #[error("This is your own mailbox. Somebody else must look at what was left alone in it.")]
    OwnMailbox,
    /// Shown before.
    #[error("This message was shown once already. It is not shown again.")]
    Seen,
    /// The one before it has no answer.
    #[error("Say what the message before it was first.")]
    Unanswered,
    /// Answered before, or never shown.
    #[error("This message has its answer already.")]
    Answered,
    /// Somebody may not say yes for the owner.
    #[error("Only the owner of the mailbox can say this.")]
    NotTheOwner,
    /// The mailbox's messages were given new numbers.
    #[error(
        "The mailbox was rebuilt by its server since the check began, so the sample cannot go on. End this check and ask for a new one."
    )]
    Rebuilt,
    /// The days asked for are no span.
    #[error("The last day must not be before the first.")]
    NoSpan,
    /// A span that is not over.
    #[error("The last day must be before today: what comes today is not all there yet.")]
    NotOver,
    /// Too few or too many.
    #[error("Enter a number of messages between 1 and {}", super::estimate::LARGEST_SAMPLE)]
    SampleSize,
}

/// Whether an account with this address owns a mailbox with that one.
#[must_use]
pub fn owns(account: &str, mailbox: &str) -> bool {
    !mailbox.trim().is_empty() && account.trim().eq_ignore_ascii_case(mailbox.trim())
}

/// Whether a check of these days and this size may be asked for.
///
/// # Errors
///
/// [`Refusal`].
pub fn may_ask(span: Span, wanted: u32, today: chrono::NaiveDate) -> Result<(), Refusal> {
    match span {
        Span { from_on, to_on } if to_on < from_on => Err(Refusal::NoSpan),
        Span { to_on, .. } if to_on >= today => Err(Refusal::NotOver),
        _ if !(1..=super::estimate::LARGEST_SAMPLE).contains(&wanted) => Err(Refusal::SampleSize),
        _ => Ok(()),
    }
}

impl Progress {
    fn open_to(self, who: Uuid, own: bool) -> Result<(), Refusal> {
        match self.state {
            State::Asked => Err(Refusal::NoConsent),
            State::Declined => Err(Refusal::Declined),
            State::Withdrawn => Err(Refusal::Withdrawn),
            State::Done => Err(Refusal::Over),
            State::Agreed if own => Err(Refusal::OwnMailbox),
            State::Agreed if self.asked_by != who => Err(Refusal::NotYours),
            State::Agreed => Ok(()),
        }
    }

    /// Whether `who` may be shown the message at `place`; `own` is whether the mailbox is theirs.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn may_look(self, who: Uuid, own: bool, place: u32) -> Result<(), Refusal> {
        self.open_to(who, own)?;
        match place {
            place if place <= self.shown => Err(Refusal::Seen),
            place if self.answered < self.shown || place > self.shown + 1 => Err(Refusal::Unanswered),
            _ => Ok(()),
        }
    }

    /// Whether `who` may say what the message at `place` was.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn may_answer(self, who: Uuid, own: bool, place: u32) -> Result<(), Refusal> {
        self.open_to(who, own)?;
        if place == self.shown && self.answered + 1 == self.shown { Ok(()) } else { Err(Refusal::Answered) }
    }

    /// Whether consent may be given, or refused, now.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn may_consent(self) -> Result<(), Refusal> {
        match self.state {
            State::Asked => Ok(()),
            State::Agreed | State::Done => Err(Refusal::Over),
            State::Declined => Err(Refusal::Declined),
            State::Withdrawn => Err(Refusal::Withdrawn),
        }
    }

    /// Whether consent may be taken back now.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn may_withdraw(self) -> Result<(), Refusal> {
        match self.state {
            State::Agreed => Ok(()),
            State::Asked => Err(Refusal::NoConsent),
            State::Declined => Err(Refusal::Declined),
            State::Withdrawn => Err(Refusal::Withdrawn),
            State::Done => Err(Refusal::Over),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ME: Uuid = Uuid::from_u128(1);

    fn progress(state: State, shown: u32, answered: u32) -> Progress {
        Progress { state, asked_by: ME, shown, answered }
    }

    #[test]
    fn without_consent_nothing_is_shown() {
        for (state, why) in [
            (State::Asked, Refusal::NoConsent),
            (State::Declined, Refusal::Declined),
            (State::Withdrawn, Refusal::Withdrawn),
            (State::Done, Refusal::Over),
        ] {
            assert_eq!(progress(state, 0, 0).may_look(ME, false, 1), Err(why));
            assert_eq!(progress(state, 1, 0).may_answer(ME, false, 1), Err(why));
        }
    }

    #[test]
    fn each_message_is_shown_once_and_in_its_turn() {
        let agreed = |shown, answered| progress(State::Agreed, shown, answered);
        assert_eq!(agreed(0, 0).may_look(ME, false, 1), Ok(()));
        assert_eq!(agreed(1, 0).may_look(ME, false, 1), Err(Refusal::Seen));
        assert_eq!(agreed(1, 0).may_look(ME, false, 2), Err(Refusal::Unanswered));
        assert_eq!(agreed(1, 1).may_look(ME, false, 2), Ok(()));
        assert_eq!(agreed(1, 1).may_look(ME, false, 3), Err(Refusal::Unanswered));
        assert_eq!(agreed(1, 0).may_answer(ME, false, 1), Ok(()));
        assert_eq!(agreed(1, 1).may_answer(ME, false, 1), Err(Refusal::Answered));
        assert_eq!(agreed(2, 1).may_answer(ME, false, 1), Err(Refusal::Answered));
        assert_eq!(agreed(0, 0).may_answer(ME, false, 0), Err(Refusal::Answered));
    }

    #[test]
    fn nobody_looks_into_another_officers_check_or_their_own_mailbox() {
        let check = progress(State::Agreed, 0, 0);
        assert_eq!(check.may_look(Uuid::from_u128(2), false, 1), Err(Refusal::NotYours));
        assert_eq!(check.may_look(ME, true, 1), Err(Refusal::OwnMailbox));
        assert!(owns("Head.Of.Fostering@council.example ", "head.of.fostering@council.example"));
        assert!(!owns("", "") && !owns("a@council.example", ""));
    }

    #[test]
    fn a_check_is_of_days_that_are_over() {
        let day = |d| chrono::NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let span = |from, to| Span { from_on: day(from), to_on: day(to) };
        assert_eq!(may_ask(span(1, 19), 60, day(20)), Ok(()));
        assert_eq!(may_ask(span(19, 1), 60, day(20)), Err(Refusal::NoSpan));
        assert_eq!(may_ask(span(1, 20), 60, day(20)), Err(Refusal::NotOver));
        assert_eq!(may_ask(span(1, 19), 0, day(20)), Err(Refusal::SampleSize));
    }

    #[test]
    fn consent_is_given_once_and_can_be_taken_back_until_the_end() {
        assert_eq!(progress(State::Asked, 0, 0).may_consent(), Ok(()));
        assert_eq!(progress(State::Agreed, 5, 5).may_withdraw(), Ok(()));
        for state in [State::Agreed, State::Declined, State::Withdrawn, State::Done] {
            assert!(progress(state, 0, 0).may_consent().is_err(), "{state:?}");
        }
        assert_eq!(progress(State::Done, 5, 5).may_withdraw(), Err(Refusal::Over));
    }

    proptest! {
        /// Whatever is asked for in whatever order, no place is shown twice.
        #[test]
        fn no_order_of_requests_shows_a_message_twice(requests in prop::collection::vec((any::<bool>(), 0_u32..6), 0..60)) {
            let mut check = progress(State::Agreed, 0, 0);
            let mut seen = Vec::new();
            for (look, place) in requests {
                if look && check.may_look(ME, false, place).is_ok() {
                    prop_assert!(!seen.contains(&place));
                    seen.push(place);
                    check.shown += 1;
                } else if !look && check.may_answer(ME, false, place).is_ok() {
                    check.answered += 1;
                }
            }
        }
    }
}
