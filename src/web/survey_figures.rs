//! What families answered after the end of their cases, for people who see reports: all together, of no case and of no team.

use axum::{
    extract::{Query, State},
    response::Html,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{WebState, access::Ask, errors::WebError, session::Signed};
use crate::{
    clock::london_date,
    reports::survey::{Figures, months, year_of},
};

/// So many years can be looked at.
const YEARS: i32 = 6;

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    year: String,
}

#[derive(Serialize)]
struct Shown {
    year: i32,
    /// The years that can be looked at, the newest first.
    years: Vec<i32>,
    /// The last day that is counted; none while no month of the year is over.
    until: Option<NaiveDate>,
    from: NaiveDate,
    figures: Figures,
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    signed.must(Ask::ReadSurvey)?;
    let survey = state.families.as_ref().and_then(|families| families.survey.clone()).ok_or(WebError::NotFound)?;
    let now = state.clock.now();
    let today = london_date(now);
    let newest = year_of(today);
    let years: Vec<i32> = (newest - YEARS + 1..=newest).rev().collect();
    let year = wanted.year.parse().ok().filter(|year| years.contains(year)).unwrap_or(newest);
    let (from, before) = months(year, today);
    let until = before.pred_opt().filter(|until| *until >= from);
    let figures = survey.figures(year, now).await?;
    let shown = Shown { year, years, until, from, figures };
    Ok(state.page_for("survey-figures.html", &signed, "/figures", shown).await?)
}
