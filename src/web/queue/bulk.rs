//! Several cases of the queue at once: confirmed, or given to somebody.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{Wanted, page};
use crate::{
    ids::{CaseReference, Uuid},
    web::{
        WebState,
        access::Ask,
        desk::{DeskAction, DeskError},
        errors::WebError,
        session::Signed,
    },
};

/// Most cases at once: more than a page shows.
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct BulkForm {
    /// `confirm`, `take` or `give`.
    #[serde(default)]
    what: String,
    /// Who gets them.
    #[serde(default)]
    to: String,
    /// Each case with the version that it was shown in: `HRD-26-00042-K/7`.
    #[serde(default)]
    case: Vec<String>,
}

/// What became of it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcome {
    /// `confirm` or `assign`.
    pub done: String,
    /// For how many cases.
    pub cases: u64,
    /// What is missing in the form.
    pub fault: Option<String>,
    /// Where that form is.
    pub at: &'static str,
    /// The cases for which it was not done, and why.
    pub not_done: Vec<(String, String)>,
}

/// A case in the form, with the version it was shown in.
fn case(text: &str) -> Option<(CaseReference, i64)> {
    let (reference, version) = text.split_once('/')?;
    Some((reference.parse().ok()?, version.parse().ok()?))
}

pub(in crate::web) async fn act(
    State(state): State<WebState>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
    form: Result<Form<BulkForm>, FormRejection>,
) -> Result<Response, WebError> {
    // Whoever sees no cases is told so before anything is read.
    signed.must(Ask::Triage)?;
    let Form(form) = form.map_err(|_| WebError::BadForm)?;
    let to = match form.what.as_str() {
        "confirm" => None,
        "take" => Some(signed.0.id),
        "give" => match form.to.parse::<Uuid>() {
            Ok(to) => Some(to),
            Err(_) => return with_fault(&state, &signed, wanted, "Select who gets them", "cases").await,
        },
        _ => return Err(WebError::BadForm),
    };
    if let Some(to) = to {
        signed.must(Ask::Assign { to })?;
    }
    let cases: Option<Vec<_>> = form.case.iter().map(|text| case(text)).collect();
    let cases = cases.filter(|cases| cases.len() <= MOST).ok_or(WebError::BadForm)?;
    if cases.is_empty() {
        return with_fault(&state, &signed, wanted, "Select at least one case", "cases").await;
    }
    let mut outcome =
        Outcome { done: if to.is_some() { "assign" } else { "confirm" }.to_owned(), ..Outcome::default() };
    for (reference, version) in cases {
        let action = to.map_or(DeskAction::Confirm, |to| DeskAction::Assign { to });
        let why = match state.desk.act(reference, &signed.0, version, action, state.clock.now()).await {
            Ok(_) => {
                outcome.cases += 1;
                continue;
            }
            Err(DeskError::Changed) => "somebody changed it meanwhile: look at it again".to_owned(),
            Err(DeskError::NotFound | DeskError::Excluded(_)) => "there is no such case".to_owned(),
            Err(DeskError::Refused(text)) => text,
            Err(error) => return Err(error.into()),
        };
        outcome.not_done.push((reference.to_string(), why));
    }
    if outcome.not_done.is_empty() {
        let place = wanted.address();
        let joint = if place.contains('?') { '&' } else { '?' };
        return Ok(
            Redirect::to(&format!("{place}{joint}done={}&cases={}", outcome.done, outcome.cases)).into_response()
        );
    }
    let shown = page(&state, &signed, wanted, outcome).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// The list again, with what is missing in the form that begins at `at`.
pub(super) async fn with_fault(
    state: &WebState,
    signed: &Signed,
    wanted: Wanted,
    fault: &str,
    at: &'static str,
) -> Result<Response, WebError> {
    let outcome = Outcome { fault: Some(fault.to_owned()), at, ..Outcome::default() };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(state, signed, wanted, outcome).await?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_with_the_version_it_was_shown_in() {
        let reference = CaseReference { year: 2026, number: 42 };
        assert_eq!(case(&format!("{reference}/7")), Some((reference, 7)));
        for wrong in ["", "HRD-26-00042-A/7", "7", "/7"] {
            assert_eq!(case(wrong), None, "{wrong}");
        }
        assert_eq!(case(&format!("{reference}/")), None);
    }
}
