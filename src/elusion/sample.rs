//! Which messages of a mailbox were left alone, and which of them a check looks at. Pure.
//!
//! The sample is the messages with the lowest ranks, and a rank is a hash of the check and the message's place: as good as
//! drawing without replacement, and nothing needs to be kept but the rank of the last one shown. A message that is moved or
//! deleted meanwhile changes nothing for the others.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use crate::{
    clock::{london_date, start_of_day},
    ids::Uuid,
    intake::mailbox::{Listed, Listing, Position},
};

/// Days, both of them included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from_on: NaiveDate,
    /// The last.
    pub to_on: NaiveDate,
}

impl Span {
    /// From the first instant of the first day to that after the last day, in London.
    #[must_use]
    pub fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (start_of_day(self.from_on), start_of_day(self.to_on.succ_opt().unwrap_or(self.to_on)))
    }
}

/// The messages of `listing` that arrived within `span` (days in London), were read, and were not kept. What has arrived
/// behind the position was not read yet.
#[must_use]
pub fn left_alone(listing: &Listing, span: Span, read_to: Option<Position>, kept: &BTreeSet<u32>) -> Vec<Listed> {
    let read_to = read_to.filter(|at| at.uid_validity == listing.uid_validity).map_or(0, |at| at.last_uid);
    let within = |one: &Listed| (span.from_on..=span.to_on).contains(&london_date(one.arrived_at));
    let messages = listing.messages.iter().filter(|one| one.uid <= read_to && !kept.contains(&one.uid) && within(one));
    messages.copied().collect()
}

/// The place of a message in the order of `check`.
#[must_use]
pub fn rank(check: Uuid, uid_validity: u32, uid: u32) -> i64 {
    let digest = Sha256::new()
        .chain_update(check.as_bytes())
        .chain_update(uid_validity.to_be_bytes())
        .chain_update(uid.to_be_bytes())
        .finalize();
    // 63 bits: no two messages of one mailbox share them in practice, and both databases can keep them.
    digest.iter().take(8).fold(0_i64, |sum, byte| (sum << 8 | i64::from(*byte)) & i64::MAX)
}

/// The next message to look at, with its rank: the lowest above `after`.
#[must_use]
pub fn next(check: Uuid, uid_validity: u32, messages: &[Listed], after: Option<i64>) -> Option<(Listed, i64)> {
    let ranked = messages.iter().map(|one| (*one, rank(check, uid_validity, one.uid)));
    ranked.filter(|(_, rank)| after.is_none_or(|after| *rank > after)).min_by_key(|(_, rank)| *rank)
}

/// The message with this rank, if it is still there.
#[must_use]
pub fn at(check: Uuid, uid_validity: u32, messages: &[Listed], wanted: i64) -> Option<Listed> {
    messages.iter().find(|one| rank(check, uid_validity, one.uid) == wanted).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listed(uid: u32, day: u32) -> Listed {
        let at = NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
        Listed { uid, arrived_at: at }
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn drawn(check: Uuid, messages: &[Listed], count: usize) -> Vec<u32> {
        let (mut drawn, mut after) = (Vec::new(), None);
        while let Some((one, rank)) = next(check, 7, messages, after).filter(|_| drawn.len() < count) {
            assert_eq!(at(check, 7, messages, rank), Some(one));
            drawn.push(one.uid);
            after = Some(rank);
        }
        drawn
    }

    #[test]
    fn left_alone_is_what_was_read_and_not_kept_within_the_days() {
        let messages = vec![listed(1, 1), listed(2, 2), listed(3, 3), listed(4, 4), listed(5, 4), listed(9, 4)];
        let listing = Listing { uid_validity: 7, messages };
        let span = Span { from_on: day(2), to_on: day(4) };
        let uids = |read_to, kept: &[u32]| -> Vec<u32> {
            let found = left_alone(&listing, span, read_to, &kept.iter().copied().collect());
            found.iter().map(|one| one.uid).collect()
        };
        let read_to = |uid_validity| Some(Position { uid_validity, last_uid: 5 });
        assert_eq!(uids(read_to(7), &[3]), [2, 4, 5]);
        assert_eq!(uids(read_to(8), &[]), [0_u32; 0], "a rebuilt mailbox was not read yet");
        assert_eq!(uids(None, &[]), [0_u32; 0]);
    }

    proptest! {
        #[test]
        fn a_sample_has_each_message_once_and_is_the_same_for_the_same_check(
            uids in prop::collection::btree_set(1_u32..100_000, 1..80), seed in any::<u128>(), count in 0_usize..100,
        ) {
            let messages: Vec<Listed> = uids.iter().map(|uid| listed(*uid, 3)).collect();
            let check = Uuid::from_u128(seed);
            let first = drawn(check, &messages, count);
            prop_assert_eq!(first.len(), count.min(uids.len()));
            prop_assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len());
            prop_assert!(first.iter().all(|uid| uids.contains(uid)));
            let mut backwards = messages.clone();
            backwards.reverse();
            prop_assert_eq!(&drawn(check, &backwards, count), &first);
        }

        #[test]
        fn what_goes_away_meanwhile_does_not_change_the_order_of_the_rest(
            uids in prop::collection::btree_set(1_u32..100_000, 2..60), seed in any::<u128>(), gone in any::<prop::sample::Index>(),
        ) {
            let messages: Vec<Listed> = uids.iter().map(|uid| listed(*uid, 3)).collect();
            let check = Uuid::from_u128(seed);
            let gone = messages[gone.index(messages.len())];
            let left: Vec<Listed> = messages.iter().copied().filter(|one| *one != gone).collect();
            let mut order = drawn(check, &messages, usize::MAX);
            order.retain(|uid| *uid != gone.uid);
            prop_assert_eq!(drawn(check, &left, usize::MAX), order);
        }
    }

    /// Each of 20 messages should be among 5 drawn in a quarter of all checks.
    #[test]
    fn every_message_is_drawn_equally_often() {
        let messages: Vec<Listed> = (1..=20).map(|uid| listed(uid, 3)).collect();
        let mut times = [0_u32; 21];
        for seed in 0..4000 {
            for uid in drawn(Uuid::from_u128(seed), &messages, 5) {
                times[uid as usize] += 1;
            }
        }
        // The standard deviation of each is 27.
        assert!(times[1..].iter().all(|times| times.abs_diff(1000) < 135), "{times:?}");
    }
}
