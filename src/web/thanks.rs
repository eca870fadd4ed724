//! The page on which a thank-you is passed on: the words can be shortened, whoever is named and their manager can be ticked, and what
//! goes out is seen before it goes.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{Form, FormRejection};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, reference},
    desk::DeskError,
    errors::WebError,
    session::Signed,
    thanks_views::{Thanks, ThanksView},
};

/// Longest words that are passed on, in characters.
const MOST: usize = 4_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThanksForm {
    version: i64,
    words: String,
    to: Vec<String>,
}

#[derive(Serialize)]
struct Shown {
    thanks: ThanksView,
    words: String,
    to: Vec<String>,
    faults: Vec<FieldFault>,
}

fn behind(state: &WebState, signed: &Signed) -> Result<Arc<dyn Thanks>, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    state.thanks.clone().ok_or(WebError::NotFound)
}

async fn page(state: &WebState, signed: &Signed, shown: Shown) -> Result<Response, WebError> {
    let status = if shown.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, state.page_for("case-thanks.html", signed, "/", &shown).await?).into_response())
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
) -> Result<Response, WebError> {
    let thanks = behind(&state, &signed)?.thanks(reference(&wanted)?, &signed.0).await?;
    let to = thanks.people.iter().map(|one| one.email.clone()).collect();
    let words = thanks.words.clone();
    page(&state, &signed, Shown { thanks, words, to, faults: Vec::new() }).await
}

pub(super) async fn pass_on(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Form<ThanksForm>, FormRejection>,
) -> Result<Response, WebError> {
    let behind = behind(&state, &signed)?;
    let reference = reference(&wanted)?;
    let thanks = behind.thanks(reference, &signed.0).await?;
    let Form(form) = form?;
    let words = form.words.replace("\r\n", "\n").trim().to_owned();
    let mut faults = Vec::new();
    if words.is_empty() {
        faults.push(FieldFault::new("words", "Enter the words that are passed on"));
    } else if words.chars().count() > MOST {
        faults.push(FieldFault::new("words", "Write 4,000 characters or fewer"));
    }
    // Only whom the page offers: the thanks go nowhere else.
    let to: Vec<String> =
        thanks.people.iter().map(|one| one.email.clone()).filter(|email| form.to.contains(email)).collect();
    if to.is_empty() {
        faults.push(FieldFault::new("to", "Tick whom it goes to"));
    }
    if faults.is_empty() {
        match behind.pass_on((reference, form.version), to.clone(), words.clone(), &signed.0, state.clock.now()).await {
            Ok(()) => return Ok(Redirect::to(&format!("/cases/{reference}?done=thanks")).into_response()),
            Err(DeskError::Refused(text)) => faults.push(FieldFault { field: "words", text }),
            Err(error) => return Err(error.into()),
        }
    }
    page(&state, &signed, Shown { thanks, words, to, faults }).await
}
