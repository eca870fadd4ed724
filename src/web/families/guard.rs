//! Limits on what comes by the form. Beyond them nothing is lost: it is kept, and an officer looks at it first.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Above so many remembered addresses, those that are at rest are forgotten.
const ADDRESSES_KEPT: usize = 10_000;
/// So many from one address at once, and in an hour: a family centre may sit behind one.
const FROM_ONE: u32 = 12;
/// So many from everybody at once, and in an hour: more than a council's families write in a week.
const FROM_ALL: u32 = 120;
/// So many forms with files are read at a time. Each may hold 25 MB in memory twice.
const WITH_FILES: usize = 6;

/// How much comes by the form.
pub struct FormGuard {
    by_address: DefaultKeyedRateLimiter<String>,
    everybody: DefaultDirectRateLimiter,
    files: Arc<Semaphore>,
}

/// Whether one more is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rate {
    /// It goes its way.
    Open,
    /// Too many came from there.
    OneAddress,
    /// Too many came from everywhere.
    Everybody,
}

impl Default for FormGuard {
    fn default() -> Self {
        let quota = |n: u32| {
            let n = NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            Quota::per_hour(n).allow_burst(n)
        };
        Self {
            by_address: RateLimiter::keyed(quota(FROM_ONE)),
            everybody: RateLimiter::direct(quota(FROM_ALL)),
            files: Arc::new(Semaphore::new(WITH_FILES)),
        }
    }
}

impl FormGuard {
    /// Counts one more from `address`. What comes too often from one place takes no room from others.
    pub(super) fn count(&self, address: &str) -> Rate {
        if self.by_address.len() > ADDRESSES_KEPT {
            self.by_address.retain_recent();
        }
        if self.by_address.check_key(&place_of(address)).is_err() {
            return Rate::OneAddress;
        }
        if self.everybody.check().is_err() { Rate::Everybody } else { Rate::Open }
    }

    /// Room for the files of one form; None while too many are read.
    pub(super) fn room(&self) -> Option<OwnedSemaphorePermit> {
        self.files.clone().try_acquire_owned().ok()
    }
}

/// Under which an address is counted: of IPv6 the network, since whoever has one has all of its addresses.
fn place_of(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_no_room_from_others_and_all_together_have_an_end() {
        let guard = FormGuard::default();
        let open = |address: &str| (0..1000).filter(|_| guard.count(address) == Rate::Open).count();
        assert_eq!(open("192.0.2.1"), FROM_ONE as usize);
        assert_eq!(guard.count("192.0.2.2"), Rate::Open);
        assert_eq!(open("2001:db8::1") + open("2001:db8::2"), FROM_ONE as usize, "one network");
        let many = (0..1000).filter(|n| guard.count(&format!("198.51.100.{n}")) == Rate::Open).count();
        assert_eq!(many, FROM_ALL as usize - 2 * FROM_ONE as usize - 1);
        assert_eq!(guard.count("203.0.113.1"), Rate::Everybody);
    }
}
