//! How long cases are kept, as a council says it in its settings.

use super::sections::Settings;

/// Nothing is kept for so long.
const MOST_YEARS: u16 = 120;

/// The key at fault, and what to do.
pub(super) fn check(settings: &Settings) -> Result<(), (&'static str, String)> {
    let schedule = &settings.retention;
    let years = [
        ("years", Some(schedule.years)),
        ("statutory_years", schedule.statutory_years),
        ("child_birthday", Some(schedule.child_birthday)),
    ];
    for (key, years) in years {
        if let Some(years) = years.filter(|years| !(1..=MOST_YEARS).contains(years)) {
            let what = format!("{key} of [retention] is {years}: it must be 1 to {MOST_YEARS} years");
            return Err(("[retention]", what));
        }
    }
    if schedule.soon_days > 366 {
        let what = format!("soon_days of [retention] is {}: it must be 366 days or fewer", schedule.soon_days);
        return Err(("[retention]", what));
    }
    Ok(())
}
