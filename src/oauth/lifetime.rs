//! How long a token is good for, and when the next one is due. Pure: the time comes in.

use chrono::{DateTime, TimeDelta, Utc};

/// Lifetime of a token whose server does not say (RFC 6749 section 5.1 leaves it open); Microsoft's and Google's is an hour.
const USUAL: TimeDelta = TimeDelta::hours(1);
/// A shorter life is taken for this: a server that says nought must not be asked at every sign-in.
const SHORTEST: TimeDelta = TimeDelta::seconds(5);
/// A longer life is taken for this.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The next one is due after so many hundredths of the life.
const DUE_AFTER: i32 = 80;
/// A token is not used in the last so many hundredths of its life, at most [`MARGIN`]: clocks differ.
const UNUSED: i32 = 10;
/// The longest time before its end in which a token is not used.
const MARGIN: TimeDelta = TimeDelta::seconds(30);

/// From when to when a token is good, by our own clock: the server only says how long, so its clock does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    from: DateTime<Utc>,
    span: TimeDelta,
}

/// What a token is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be used.
    Fresh,
    /// To be used, and a new one is due.
    Ageing,
    /// Not to be used any more.
    Over,
}

impl Lifetime {
    /// A token that was asked for at `from` and is good for `seconds`, as the server said.
    #[must_use]
    pub fn new(from: DateTime<Utc>, seconds: Option<u64>) -> Self {
        let said = seconds
            .map_or(USUAL, |seconds| i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds).unwrap_or(LONGEST));
        Self { from, span: said.clamp(SHORTEST, LONGEST) }
    }

    /// When the next one is due.
    #[must_use]
    pub fn due(&self) -> DateTime<Utc> {
        self.from + self.span / 100 * DUE_AFTER
    }

    /// When it ends.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.from + self.span
    }

    /// What it is worth at `now`. A clock that was set back to before it was issued proves nothing: it is asked anew.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if now >= self.end() - MARGIN.min(self.span / 100 * UNUSED) {
            Standing::Over
        } else if now >= self.due() || now < self.from - MARGIN {
            Standing::Ageing
        } else {
            Standing::Fresh
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-11-26T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_hours_token_is_renewed_after_48_minutes_and_not_used_in_its_last_30_seconds() {
        let life = Lifetime::new(start(), Some(3600));
        let at = |seconds| life.standing(start() + TimeDelta::seconds(seconds));
        assert_eq!((at(0), at(2879), at(2880)), (Standing::Fresh, Standing::Fresh, Standing::Ageing));
        assert_eq!((at(3569), at(3570), at(9999)), (Standing::Ageing, Standing::Over, Standing::Over));
        assert_eq!(at(-31), Standing::Ageing);
    }

    #[test]
    fn a_server_that_says_nothing_nought_or_for_ever_is_borne() {
        assert_eq!(Lifetime::new(start(), None).end(), start() + TimeDelta::hours(1));
        assert_eq!(Lifetime::new(start(), Some(0)).due(), start() + TimeDelta::seconds(4));
        assert_eq!(Lifetime::new(start(), Some(u64::MAX)).end(), start() + TimeDelta::hours(24));
    }

    proptest! {
        #[test]
        fn it_ages_once_and_is_due_before_it_is_over(seconds in any::<u64>(), one in 0i64..100_000, two in 0i64..100_000) {
            let life = Lifetime::new(start(), Some(seconds));
            let rank = |standing| match standing { Standing::Fresh => 0, Standing::Ageing => 1, Standing::Over => 2 };
            let at = |seconds: i64| rank(life.standing(start() + TimeDelta::seconds(seconds)));
            prop_assert!(at(one.min(two)) <= at(one.max(two)));
            prop_assert_eq!(life.standing(life.due()), Standing::Ageing);
            prop_assert_eq!(life.standing(life.end()), Standing::Over);
        }
    }
}
