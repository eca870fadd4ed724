//! England's bank holidays and the other days that regulation 2 of SI 2006/1738 names, 2019 to 2030. Pure.
//!
//! Holidays by proclamation (New Year's Day, early May, most substitutes) follow the usual pattern for the years that
//! have not been proclaimed yet: a council adds or takes away a day in its configuration when one is announced.

use chrono::NaiveDate;

/// What makes a day a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Named in regulation 2 of SI 2006/1738, whatever day of the week it is.
    Regulation,
    /// Schedule 1 to the Banking and Financial Dealings Act 1971.
    Act,
    /// Proclaimed under section 1 of that Act; usual but not certain until it is.
    Proclamation,
}

/// One day that is no working day, weekends apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub date: NaiveDate,
    /// What people call it.
    pub name: &'static str,
    /// What makes it one.
    pub basis: Basis,
}

/// First year of the table.
pub const FIRST_YEAR: i32 = 2019;
/// Last year of the table.
pub const LAST_YEAR: i32 = 2030;

/// The holidays, oldest first.
pub fn england() -> impl Iterator<Item = Holiday> {
    TABLE.iter().filter_map(|&(year, month, day, name, basis)| {
        Some(Holiday { date: NaiveDate::from_ymd_opt(year, month, day)?, name, basis })
    })
}

use Basis::{Act, Proclamation, Regulation};

const NEW_YEAR: &str = "New Year's Day";
const NEW_YEAR_SUBSTITUTE: &str = "New Year's Day (substitute day)";
const GOOD_FRIDAY: &str = "Good Friday";
const EASTER_MONDAY: &str = "Easter Monday";
const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";
const SUMMER: &str = "Summer bank holiday";
const CHRISTMAS: &str = "Christmas Day";
const BOXING: &str = "Boxing Day";
const CHRISTMAS_SUBSTITUTE: &str = "Christmas Day (substitute day)";
const BOXING_SUBSTITUTE: &str = "Boxing Day (substitute day)";

#[rustfmt::skip]
const TABLE: &[(i32, u32, u32, &str, Basis)] = &[
    (2019, 1, 1, NEW_YEAR, Proclamation),
    (2019, 4, 19, GOOD_FRIDAY, Regulation),
    (2019, 4, 22, EASTER_MONDAY, Act),
    (2019, 5, 6, EARLY_MAY, Proclamation),
    (2019, 5, 27, SPRING, Act),
    (2019, 8, 26, SUMMER, Act),
    (2019, 12, 25, CHRISTMAS, Regulation),
    (2019, 12, 26, BOXING, Regulation),
    (2020, 1, 1, NEW_YEAR, Proclamation),
    (2020, 4, 10, GOOD_FRIDAY, Regulation),
    (2020, 4, 13, EASTER_MONDAY, Act),
    (2020, 5, 8, "Early May bank holiday, moved to VE Day", Proclamation),
    (2020, 5, 25, SPRING, Act),
    (2020, 8, 31, SUMMER, Act),
    (2020, 12, 25, CHRISTMAS, Regulation),
    (2020, 12, 26, BOXING, Regulation),
    (2020, 12, 28, BOXING_SUBSTITUTE, Proclamation),
    (2021, 1, 1, NEW_YEAR, Proclamation),
    (2021, 4, 2, GOOD_FRIDAY, Regulation),
    (2021, 4, 5, EASTER_MONDAY, Act),
    (2021, 5, 3, EARLY_MAY, Proclamation),
    (2021, 5, 31, SPRING, Act),
    (2021, 8, 30, SUMMER, Act),
    (2021, 12, 25, CHRISTMAS, Regulation),
    (2021, 12, 26, BOXING, Regulation),
    (2021, 12, 27, BOXING_SUBSTITUTE, Act),
    (2021, 12, 28, CHRISTMAS_SUBSTITUTE, Proclamation),
    (2022, 1, 1, NEW_YEAR, Proclamation),
    (2022, 1, 3, NEW_YEAR_SUBSTITUTE, Proclamation),
    (2022, 4, 15, GOOD_FRIDAY, Regulation),
    (2022, 4, 18, EASTER_MONDAY, Act),
    (2022, 5, 2, EARLY_MAY, Proclamation),
    (2022, 6, 2, "Spring bank holiday, moved for the Platinum Jubilee", Proclamation),
    (2022, 6, 3, "Platinum Jubilee", Proclamation),
    (2022, 8, 29, SUMMER, Act),
    (2022, 9, 19, "State funeral of Queen Elizabeth II", Proclamation),
    (2022, 12, 25, CHRISTMAS, Regulation),
    (2022, 12, 26, BOXING, Regulation),
    (2022, 12, 27, CHRISTMAS_SUBSTITUTE, Act),
    (2023, 1, 1, NEW_YEAR, Proclamation),
    (2023, 1, 2, NEW_YEAR_SUBSTITUTE, Proclamation),
    (2023, 4, 7, GOOD_FRIDAY, Regulation),
    (2023, 4, 10, EASTER_MONDAY, Act),
    (2023, 5, 1, EARLY_MAY, Proclamation),
    (2023, 5, 8, "Coronation of King Charles III", Proclamation),
    (2023, 5, 29, SPRING, Act),
    (2023, 8, 28, SUMMER, Act),
    (2023, 12, 25, CHRISTMAS, Regulation),
    (2023, 12, 26, BOXING, Regulation),
    (2024, 1, 1, NEW_YEAR, Proclamation),
    (2024, 3, 29, GOOD_FRIDAY, Regulation),
    (2024, 4, 1, EASTER_MONDAY, Act),
    (2024, 5, 6, EARLY_MAY, Proclamation),
    (2024, 5, 27, SPRING, Act),
    (2024, 8, 26, SUMMER, Act),
    (2024, 12, 25, CHRISTMAS, Regulation),
    (2024, 12, 26, BOXING, Regulation),
    (2025, 1, 1, NEW_YEAR, Proclamation),
    (2025, 4, 18, GOOD_FRIDAY, Regulation),
    (2025, 4, 21, EASTER_MONDAY, Act),
    (2025, 5, 5, EARLY_MAY, Proclamation),
    (2025, 5, 26, SPRING, Act),
    (2025, 8, 25, SUMMER, Act),
    (2025, 12, 25, CHRISTMAS, Regulation),
    (2025, 12, 26, BOXING, Regulation),
    (2026, 1, 1, NEW_YEAR, Proclamation),
    (2026, 4, 3, GOOD_FRIDAY, Regulation),
    (2026, 4, 6, EASTER_MONDAY, Act),
    (2026, 5, 4, EARLY_MAY, Proclamation),
    (2026, 5, 25, SPRING, Act),
    (2026, 8, 31, SUMMER, Act),
    (2026, 12, 25, CHRISTMAS, Regulation),
    (2026, 12, 26, BOXING, Regulation),
    (2026, 12, 28, BOXING_SUBSTITUTE, Proclamation),
    (2027, 1, 1, NEW_YEAR, Proclamation),
    (2027, 3, 26, GOOD_FRIDAY, Regulation),
    (2027, 3, 29, EASTER_MONDAY, Act),
    (2027, 5, 3, EARLY_MAY, Proclamation),
    (2027, 5, 31, SPRING, Act),
    (2027, 8, 30, SUMMER, Act),
    (2027, 12, 25, CHRISTMAS, Regulation),
    (2027, 12, 26, BOXING, Regulation),
    (2027, 12, 27, BOXING_SUBSTITUTE, Act),
    (2027, 12, 28, CHRISTMAS_SUBSTITUTE, Proclamation),
    (2028, 1, 1, NEW_YEAR, Proclamation),
    (2028, 1, 3, NEW_YEAR_SUBSTITUTE, Proclamation),
    (2028, 4, 14, GOOD_FRIDAY, Regulation),
    (2028, 4, 17, EASTER_MONDAY, Act),
    (2028, 5, 1, EARLY_MAY, Proclamation),
    (2028, 5, 29, SPRING, Act),
    (2028, 8, 28, SUMMER, Act),
    (2028, 12, 25, CHRISTMAS, Regulation),
    (2028, 12, 26, BOXING, Regulation),
    (2029, 1, 1, NEW_YEAR, Proclamation),
    (2029, 3, 30, GOOD_FRIDAY, Regulation),
    (2029, 4, 2, EASTER_MONDAY, Act),
    (2029, 5, 7, EARLY_MAY, Proclamation),
    (2029, 5, 28, SPRING, Act),
    (2029, 8, 27, SUMMER, Act),
    (2029, 12, 25, CHRISTMAS, Regulation),
    (2029, 12, 26, BOXING, Regulation),
    (2030, 1, 1, NEW_YEAR, Proclamation),
    (2030, 4, 19, GOOD_FRIDAY, Regulation),
    (2030, 4, 22, EASTER_MONDAY, Act),
    (2030, 5, 6, EARLY_MAY, Proclamation),
    (2030, 5, 27, SPRING, Act),
    (2030, 8, 26, SUMMER, Act),
    (2030, 12, 25, CHRISTMAS, Regulation),
    (2030, 12, 26, BOXING, Regulation),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Datelike, Weekday};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_row_is_a_real_day_in_order_and_none_stands_twice() {
        let days: Vec<NaiveDate> = england().map(|holiday| holiday.date).collect();
        assert_eq!(days.len(), TABLE.len());
        assert!(days.is_sorted_by(|earlier, later| earlier < later));
        assert_eq!(days.first().map(|day| day.year()), Some(FIRST_YEAR));
        assert_eq!(days.last().map(|day| day.year()), Some(LAST_YEAR));
    }

    /// Easter by Gauss's method as corrected by Meeus, and the fixed rules of Schedule 1 to the 1971 Act: reached on
    /// another way than the table was.
    #[test]
    fn the_table_agrees_with_easter_and_the_schedule_of_the_1971_act() {
        let table: BTreeSet<NaiveDate> = england().map(|holiday| holiday.date).collect();
        let monday_on_or_before = |mut date: NaiveDate| {
            while date.weekday() != Weekday::Mon {
                date = date.pred_opt().unwrap();
            }
            date
        };
        for year in FIRST_YEAR..=LAST_YEAR {
            let moon = (19 * (year % 19) + 24) % 30;
            let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
            let easter = NaiveDate::from_ymd_opt(year, 3, 22).unwrap() + chrono::Days::new((moon + sunday) as u64);
            let on = |month, date| NaiveDate::from_ymd_opt(year, month, date).unwrap();
            let mut expected = vec![
                easter.pred_opt().unwrap().pred_opt().unwrap(),
                easter.succ_opt().unwrap(),
                monday_on_or_before(on(8, 31)),
                on(12, 25),
                on(12, 26),
            ];
            if year != 2022 {
                expected.push(monday_on_or_before(on(5, 31)));
            }
            if year != 2020 {
                expected.push(monday_on_or_before(on(5, 7)));
            }
            for date in expected {
                assert!(table.contains(&date), "{date} is missing");
            }
            let weekdays_off = |from: NaiveDate, to: NaiveDate| {
                table.range(from..=to).filter(|day| day.weekday().number_from_monday() <= 5).count()
            };
            assert_eq!(weekdays_off(on(12, 25), on(12, 31)), 2, "Christmas {year}");
            assert_eq!(weekdays_off(on(1, 1), on(1, 7)), 1, "New Year {year}");
            let specials = match year {
                2022 => 2,
                2023 => 1,
                _ => 0,
            };
            assert_eq!(weekdays_off(on(1, 1), on(12, 31)), 8 + specials, "all of {year}");
        }
    }

    #[test]
    fn the_days_proclaimed_at_short_notice_are_there() {
        let table: BTreeSet<NaiveDate> = england().map(|holiday| holiday.date).collect();
        for special in ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"] {
            assert!(table.contains(&day(special)), "{special}");
        }
        for moved in ["2020-05-04", "2022-05-30"] {
            assert!(!table.contains(&day(moved)), "{moved}");
        }
    }
}
