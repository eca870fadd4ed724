//! What always holds of dates, whatever the day, the duty and the calendar. Which test holds which rule:
//!
//! | rule | test |
//! | --- | --- |
//! | a date is not before its day 0 | `due_dates: no_duty_that_counts_forward_is_due_before_day_zero` |
//! | one more holiday never makes a forward date earlier, nor a backward one later | here, for every duty and the deemed receipt; `working_days: one_more_holiday_never…` for the bare count |
//! | counting again by an unchanged calendar changes nothing | here; for a case `recount: counting_again…`, for the database `tests/casework/holidays.rs` |
//! | two messages of one London day have one date | here |
//! | an extension is counted from the original day 0 | here; `due_dates: an_extension_counts_from_the_original_day…` |
//! | deemed receipt is never earlier than the day itself | here, for every duty; `due_dates: the_hour_of_the_day…`: one working day later at most |
//! | a date that was told never moves earlier | `recount: what_was_told…` |

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{
    due_dates::due,
    duties::{Duties, Duty, Period, ReceiptRule},
    working_days::Calendar,
};
use crate::clock::london_date;

fn england() -> Calendar {
    Calendar::england(&[], &[])
}

fn duty(which: prop::sample::Index) -> Duty {
    let duties = Duties::built_in().unwrap();
    (*which.get(duties.all())).clone()
}

fn deemed(duty: &Duty) -> Duty {
    Duty { receipt: ReceiptRule::Deemed(NaiveTime::from_hms_opt(17, 0, 0).unwrap()), ..duty.clone() }
}

/// Any moment that leaves room for long counts on both sides.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (1_600_000_000i64..1_830_000_000).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

proptest! {
    #[test]
    fn one_more_holiday_never_makes_a_forward_date_earlier_nor_a_backward_one_later(
        started in moments(), which in any::<prop::sample::Index>(), offset in -120i64..400, is_deemed in any::<bool>(),
    ) {
        let duty = if is_deemed { deemed(&duty(which)) } else { duty(which) };
        let holiday: NaiveDate = london_date(started) + Duration::days(offset);
        let (before, after) = (england(), england().with_non_working(&[holiday]));
        let (was, now) = (due(&duty, started, &before).unwrap(), due(&duty, started, &after).unwrap());
        if matches!(duty.period, Period::WorkingDaysBefore(_)) && !is_deemed {
            prop_assert!(now.on <= was.on, "{}: {} became {}", duty.id, was.on, now.on);
        } else if !matches!(duty.period, Period::WorkingDaysBefore(_)) {
            prop_assert!(now.on >= was.on, "{}: {} became {}", duty.id, was.on, now.on);
        }
    }

    #[test]
    fn counting_again_by_an_unchanged_calendar_gives_the_same_to_the_letter(
        started in moments(), which in any::<prop::sample::Index>(), weeks in 0i64..20,
    ) {
        let duty = duty(which);
        let date = due(&duty, started, &england()).unwrap();
        prop_assert_eq!(&due(&duty, started, &england()).unwrap(), &date);
        // A holiday at a weekend is no other calendar.
        let monday = london_date(started).week(chrono::Weekday::Mon).first_day();
        let saturday = monday + Duration::days(5 + 7 * weeks);
        prop_assert_eq!(&due(&duty, started, &england().with_non_working(&[saturday])).unwrap(), &date);
    }

    #[test]
    fn two_messages_of_one_london_day_have_one_date(
        started in moments(), later in 0i64..86_400, which in any::<prop::sample::Index>(),
    ) {
        let other = started + TimeDelta::seconds(later);
        prop_assume!(london_date(started) == london_date(other));
        let duty = duty(which);
        prop_assert_eq!(due(&duty, started, &england()).unwrap(), due(&duty, other, &england()).unwrap());
    }

    #[test]
    fn an_extension_is_twenty_working_days_from_the_original_day_zero(
        received in moments(), wait in 0i64..2_000_000, statutory in any::<bool>(),
    ) {
        let (calendar, duties) = (england(), Duties::built_in().unwrap());
        let acknowledged = received + TimeDelta::seconds(wait);
        let (duty, original) = if statutory {
            (&duties.statutory_extended, received)
        } else {
            (&duties.corporate_extended, acknowledged)
        };
        let extended = due(duty, original, &calendar).unwrap();
        prop_assert_eq!(extended.day0, london_date(original));
        prop_assert_eq!(extended.on, calendar.add_working_days(london_date(original), 20).unwrap());
    }

    #[test]
    fn deemed_receipt_is_never_earlier_than_the_day_itself(started in moments(), which in any::<prop::sample::Index>()) {
        let duty = duty(which);
        let (strict, late) = (due(&duty, started, &england()).unwrap(), due(&deemed(&duty), started, &england()).unwrap());
        prop_assert!(late.on >= strict.on && late.day0 >= strict.day0, "{}", duty.id);
    }
}
