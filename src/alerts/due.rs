//! What is to be said now: a fault once, again while it lasts, and that it is over. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use super::conditions::Condition;

/// A fault that was found before, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which: [`Condition::about`].
    pub about: String,
    /// What did not work.
    pub title: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When somebody was told last.
    pub told_at: Option<DateTime<Utc>>,
}

/// One thing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// For the first time.
    Tell(&'a Condition),
    /// Again.
    Remind(&'a Condition),
    /// It is over.
    Clear(&'a Open),
    /// It is over, and nobody was told: nothing to say.
    Forget(&'a Open),
}

impl Step<'_> {
    /// Which fault it is about.
    #[must_use]
    pub fn about(&self) -> &str {
        match self {
            Self::Tell(condition) | Self::Remind(condition) => &condition.about,
            Self::Clear(open) | Self::Forget(open) => &open.about,
        }
    }
}

/// What is due at `now`, faults first.
#[must_use]
pub fn due<'a>(conditions: &'a [Condition], open: &'a [Open], repeat: TimeDelta, now: DateTime<Utc>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for condition in conditions {
        let told = open.iter().find(|one| one.about == condition.about).and_then(|one| one.told_at);
        match told {
            None => steps.push(Step::Tell(condition)),
            Some(told) if now - told >= repeat => steps.push(Step::Remind(condition)),
            Some(_) => {}
        }
    }
    for one in open.iter().filter(|one| conditions.iter().all(|condition| condition.about != one.about)) {
        steps.push(if one.told_at.is_some() { Step::Clear(one) } else { Step::Forget(one) });
    }
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-26T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn condition(about: &str) -> Condition {
        let text = || "x".to_owned();
        Condition { about: about.into(), title: text(), harm: text(), since: at(0), fault: text(), remedy: text() }
    }

    #[test]
    fn a_fault_is_told_once_again_after_a_while_and_cleared_once() {
        let lasting = [condition("mailbox a")];
        let open = |told| [Open { about: "mailbox a".into(), title: "x".into(), since: at(0), told_at: told }];
        let repeat = TimeDelta::hours(4);
        assert_eq!(due(&lasting, &[], repeat, at(10)), [Step::Tell(&lasting[0])]);
        assert_eq!(due(&lasting, &open(None), repeat, at(10)), [Step::Tell(&lasting[0])]);
        assert_eq!(due(&lasting, &open(Some(at(10))), repeat, at(249)), []);
        assert_eq!(due(&lasting, &open(Some(at(10))), repeat, at(250)), [Step::Remind(&lasting[0])]);
        assert_eq!(due(&[], &open(Some(at(10))), repeat, at(11)), [Step::Clear(&open(Some(at(10)))[0])]);
        assert_eq!(due(&[], &open(None), repeat, at(11)), [Step::Forget(&open(None)[0])]);
    }

    proptest! {
        /// A fault that comes and goes, looked at every minute of two days.
        #[test]
        fn nobody_is_told_more_often_than_agreed_and_every_fault_that_was_told_is_cleared(
            holds in proptest::collection::vec(any::<bool>(), 1..2880), hours in 1i64..12,
        ) {
            let repeat = TimeDelta::hours(hours);
            let mut open: Vec<Open> = Vec::new();
            let (mut told, mut cleared, mut last_told) = (0usize, 0usize, None::<DateTime<Utc>>);
            for (minute, holds) in (0i64..).zip(holds.iter().chain([&false])) {
                let now = at(minute);
                let conditions = if *holds { vec![condition("mailbox a")] } else { vec![] };
                let kept = open.clone();
                for step in due(&conditions, &kept, repeat, now) {
                    match step {
                        Step::Tell(one) => {
                            told += 1;
                            last_told = Some(now);
                            open = vec![Open { about: one.about.clone(), title: "x".into(), since: now, told_at: Some(now) }];
                        }
                        Step::Remind(_) => {
                            prop_assert!(last_told.is_some_and(|last| now - last >= repeat));
                            last_told = Some(now);
                            open[0].told_at = Some(now);
                        }
                        Step::Clear(_) => {
                            cleared += 1;
                            open.clear();
                        }
                        Step::Forget(_) => prop_assert!(false, "it was told"),
                    }
                }
            }
            prop_assert_eq!(told, cleared);
        }
    }
}
