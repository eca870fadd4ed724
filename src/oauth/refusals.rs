//! Who was refused with a token that should have been good, and when it may be thrown away for that again. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// A mail server may refuse a token for a reason that no new token mends. So the first refusal costs one, the next only
/// after this time, doubling up to [`LONGEST`].
const FIRST: TimeDelta = TimeDelta::minutes(1);
/// The longest time between two tokens that are thrown away for one sign-in.
const LONGEST: TimeDelta = TimeDelta::hours(1);

#[derive(Clone, Copy, Debug)]
struct Entry {
    wait: TimeDelta,
    not_before: DateTime<Utc>,
}

/// The refusals since each last success, by who signs in where.
#[derive(Clone, Debug, Default)]
pub struct Refusals(BTreeMap<String, Entry>);

impl Refusals {
    /// `who` was refused. True when another token is worth a try now.
    pub fn refused(&mut self, who: &str, now: DateTime<Utc>) -> bool {
        match self.0.get_mut(who) {
            None => {
                self.0.insert(who.to_owned(), Entry { wait: FIRST, not_before: now + FIRST });
                true
            }
            Some(entry) if now >= entry.not_before => {
                entry.wait = (entry.wait * 2).min(LONGEST);
                entry.not_before = now + entry.wait;
                true
            }
            Some(_) => false,
        }
    }

    /// `who` was let in.
    pub fn accepted(&mut self, who: &str) {
        self.0.remove(who);
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
    fn one_is_thrown_away_at_once_and_the_next_only_after_a_while() {
        let mut refusals = Refusals::default();
        let at = |seconds| start() + TimeDelta::seconds(seconds);
        assert!(refusals.refused("imap a", at(0)));
        assert!(!refusals.refused("imap a", at(59)));
        assert!(refusals.refused("imap b", at(59)));
        assert!(refusals.refused("imap a", at(60)));
        assert!(!refusals.refused("imap a", at(179)));
        refusals.accepted("imap a");
        assert!(refusals.refused("imap a", at(180)));
    }

    proptest! {
        #[test]
        fn a_day_of_refusals_costs_few_tokens(gaps in proptest::collection::vec(1i64..300, 1..1000)) {
            let mut refusals = Refusals::default();
            let (mut now, mut thrown) = (start(), 0);
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                if now > start() + TimeDelta::hours(24) { break }
                thrown += i32::from(refusals.refused("imap a", now));
            }
            // 1 + 2 + 4 + … + 32 minutes, then one an hour.
            prop_assert!(thrown <= 1 + 6 + 24, "{}", thrown);
        }
    }
}
