//! Figures about all complaints of a time, for people who see no case.

use axum::{
    extract::{Query, State},
    response::Html,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{WebState, access::Ask, case::FieldFault, desk::DeskError, errors::WebError, session::Signed};
use crate::{
    clock::{london_date, start_of_day},
    reports::figures::Table,
};

/// What stands behind the page.
pub trait Figures: Send + Sync {
    /// The figures of what was received from `from` until before `until`. A desk without cases has none.
    fn figures(&self, _from: DateTime<Utc>, _until: DateTime<Utc>) -> BoxFuture<'_, Result<Vec<Table>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Serialize)]
struct Shown {
    from: NaiveDate,
    to: NaiveDate,
    tables: Vec<Table>,
    faults: Vec<FieldFault>,
}

/// The days asked for, both included; without any, the financial year up to today. Pure.
fn days(wanted: &Wanted, today: NaiveDate) -> (NaiveDate, NaiveDate, Vec<FieldFault>) {
    let begun = if (today.month(), today.day()) < (4, 1) { today.year() - 1 } else { today.year() };
    let year = NaiveDate::from_ymd_opt(begun, 4, 1).unwrap_or(today);
    let mut faults = Vec::new();
    let mut day = |field: &'static str, typed: &str, otherwise| match (typed.trim(), typed.trim().parse()) {
        ("", _) => otherwise,
        (_, Ok(day)) => day,
        _ => {
            faults.push(FieldFault::new(field, "Enter a day like 2026-04-01"));
            otherwise
        }
    };
    let (from, to) = (day("from", &wanted.from, year), day("to", &wanted.to, today));
    if to < from {
        faults.push(FieldFault::new("to", "The last day must not be before the first"));
    }
    (from, to, faults)
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadFigures)?;
    let (from, to, faults) = days(&wanted, london_date(state.clock.now()));
    let tables = if faults.is_empty() {
        let until = to.checked_add_days(Days::new(1)).unwrap_or(to);
        state.desk.figures(start_of_day(from), start_of_day(until)).await?
    } else {
        Vec::new()
    };
    Ok(state.page_for("figures.html", &signed, "/figures", Shown { from, to, tables, faults }).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_days_it_is_the_financial_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let asked = |from: &str, to: &str, today| {
            let (from, to, faults) = days(&Wanted { from: from.into(), to: to.into() }, day(today));
            (from.to_string(), to.to_string(), faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };
        assert_eq!(asked("", "", "2026-11-27"), ("2026-04-01".into(), "2026-11-27".into(), vec![]));
        assert_eq!(asked("", "", "2026-03-31"), ("2025-04-01".into(), "2026-03-31".into(), vec![]));
        assert_eq!(asked("2026-05-01", "2026-05-31", "2026-11-27").2, Vec::<&str>::new());
        assert_eq!(asked("first of May", "2026-05-31", "2026-11-27").2, ["from"]);
        assert_eq!(asked("2026-06-01", "2026-05-31", "2026-11-27").2, ["to"]);
    }
}
