//! Who is reminded of what: dates that are near or over, told to whoever has the case, and up the line when nothing happens. Pure.
//!
//! Source: LGSCO Complaint Handling Code 5.5 and 6.2 to 6.5 (time limits are kept, and lateness is told); whom to remind is the
//! project's own rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::working_days::{Calendar, CalendarError};
use crate::ids::Uuid;

/// When people are reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many working days before a date.
    pub days_before: u16,
    /// So many working days after it, the complaints managers hear as well.
    pub manager_after: u16,
}

/// A date of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The case.
    pub case: Uuid,
    /// Its reference.
    pub reference: String,
    /// Who has it; None: nobody.
    pub officer: Option<Uuid>,
    /// By when.
    pub on: NaiveDate,
    /// What is to be done.
    pub what: String,
}

/// Somebody who is reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Their account.
    pub id: Uuid,
    /// They co-ordinate all handling.
    pub manager: bool,
}

/// What somebody is reminded of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// Dates that are over, in cases of theirs or of nobody.
    pub missed: Vec<Dated>,
    /// Dates that are near.
    pub soon: Vec<Dated>,
    /// Dates that are over in cases of others, and nothing has happened.
    pub up_the_line: Vec<Dated>,
}

impl Digest {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missed.is_empty() && self.soon.is_empty() && self.up_the_line.is_empty()
    }
}

/// What each of `readers` is reminded of on `today`. Whoever may not know of a case (`barred`) hears nothing of it, a case that
/// nobody has is the complaints managers' matter, and so is what its officer has not done in time.
///
/// # Errors
///
/// [`CalendarError`] when the bank holidays around today are not known.
pub fn digests(
    dated: &[Dated],
    readers: &[Reader],
    barred: impl Fn(Uuid, Uuid) -> bool,
    (today, limits, calendar): (NaiveDate, Limits, &Calendar),
) -> Result<BTreeMap<Uuid, Digest>, CalendarError> {
    let soon_until = calendar.add_working_days(today, limits.days_before)?;
    let mut digests: BTreeMap<Uuid, Digest> = BTreeMap::new();
    for one in dated {
        let missed = one.on < today;
        if !missed && one.on > soon_until {
            continue;
        }
        let late = missed && calendar.working_days_between(one.on, today)? > limits.manager_after.into();
        // Whoever has the case, if they may still know of it and are there; otherwise the complaints managers.
        let own = readers.iter().find(|reader| one.officer == Some(reader.id) && !barred(one.case, reader.id));
        for reader in readers.iter().filter(|reader| !barred(one.case, reader.id)) {
            let theirs = match own {
                Some(own) => own.id == reader.id,
                None => reader.manager,
            };
            let digest = digests.entry(reader.id).or_default();
            match (theirs, missed) {
                (true, true) => digest.missed.push(one.clone()),
                (true, false) => digest.soon.push(one.clone()),
                (false, _) if late && reader.manager => digest.up_the_line.push(one.clone()),
                (false, _) => {}
            }
        }
    }
    digests.retain(|_, digest| !digest.is_empty());
    Ok(digests)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { days_before: 3, manager_after: 1 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn dated(n: u128, officer: Option<u128>, on: &str) -> Dated {
        Dated {
            case: id(n),
            reference: format!("HRD-26-0000{n}"),
            officer: officer.map(id),
            on: day(on),
            what: "Answer".into(),
        }
    }

    /// An officer (1), another (2), and a complaints manager (9).
    fn readers() -> Vec<Reader> {
        [(1, false), (2, false), (9, true)].map(|(n, manager)| Reader { id: id(n), manager }).to_vec()
    }

    fn told(list: &[Dated], barred: &[(u128, u128)], today: &str) -> Vec<String> {
        let england = Calendar::england(&[], &[]);
        let is = |case: Uuid, who: Uuid| barred.iter().any(|(c, w)| (id(*c), id(*w)) == (case, who));
        let digests = digests(list, &readers(), is, (day(today), LIMITS, &england)).unwrap();
        let mut lines = Vec::new();
        for (who, digest) in digests {
            for (how, list) in [("missed", digest.missed), ("soon", digest.soon), ("up", digest.up_the_line)] {
                lines.extend(list.iter().map(|one| format!("{} {how} {}", who.as_u128(), one.case.as_u128())));
            }
        }
        lines
    }

    #[test]
    fn whoever_has_the_case_hears_first_and_then_the_manager() {
        // Thursday 19 November 2026: three working days on is Tuesday 24.
        let list = [
            dated(1, Some(1), "2026-11-24"),
            dated(2, Some(1), "2026-11-25"),
            dated(3, Some(2), "2026-11-18"),
            dated(4, Some(2), "2026-11-17"),
            dated(5, None, "2026-11-20"),
        ];
        assert_eq!(told(&list, &[], "2026-11-19"), ["1 soon 1", "2 missed 3", "2 missed 4", "9 soon 5", "9 up 4"]);
    }

    #[test]
    fn whoever_may_not_know_of_a_case_hears_nothing_and_the_manager_has_it() {
        let list = [dated(1, Some(1), "2026-11-20")];
        assert_eq!(told(&list, &[(1, 1)], "2026-11-19"), ["9 soon 1"]);
        assert_eq!(told(&list, &[(1, 1), (1, 9)], "2026-11-19"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_date_that_is_over_is_told_to_somebody_who_may_know_of_it(
            days in -60i64..20, officer in proptest::option::of(0u128..4), bar in proptest::option::of(0u128..3),
        ) {
            let today = day("2026-11-19");
            let on = (today + chrono::Duration::days(days)).to_string();
            let list = [dated(7, officer, &on)];
            let barred: Vec<(u128, u128)> = bar.into_iter().map(|who| (7, who)).collect();
            let lines = told(&list, &barred, "2026-11-19");
            if days < 0 {
                prop_assert!(!lines.is_empty());
            }
            for (_, who) in barred {
                let own = format!("{who} ");
                prop_assert!(lines.iter().all(|line| !line.starts_with(&own)));
            }
        }
    }
}
