//! The letters: each with the moment it goes out, and as an invented family would get it.

use axum::{
    extract::{Path, Query, State},
    response::{Html, Response},
};
use serde::Deserialize;

use super::{SECTION, settings};
use crate::{
    clock::london_date,
    ids::CaseReference,
    web::{
        WebState,
        errors::WebError,
        paper::{self, Wanted},
        paper_views::Paper,
        session::Signed,
    },
};

/// The invented family's case.
const SAMPLE: CaseReference = CaseReference { year: 2026, number: 42 };

pub(in crate::web) async fn list(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    let view = settings(&state, &signed)?.letters();
    Ok(state.page_for("settings-letters.html", &signed, SECTION, &view).await?)
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Variant {
    #[serde(default)]
    variant: String,
}

pub(in crate::web) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Path(name): Path<String>,
    Query(wanted): Query<Variant>,
) -> Result<Html<String>, WebError> {
    let settings = settings(&state, &signed)?;
    // Which is written from 1, as people count.
    let variant = match wanted.variant.as_str() {
        "" => 0,
        number => number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or(WebError::NotFound)?,
    };
    let view = settings.letter(&name, variant)?;
    Ok(state.page_for("settings-letter.html", &signed, SECTION, &view).await?)
}

/// A variant as PDF: `3.pdf` is the third.
pub(in crate::web) async fn print(
    State(state): State<WebState>,
    signed: Signed,
    Path((name, file)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let settings = settings(&state, &signed)?;
    let number = file.strip_suffix(".pdf").and_then(|number| number.parse::<usize>().ok());
    let variant = number.and_then(|number| number.checked_sub(1)).ok_or(WebError::NotFound)?;
    let print = paper::print_of(&wanted)?;
    let letter = settings.letter_to_print(&name, variant)?;
    let paper = Paper { kind: format!("sample-{name}"), date: london_date(state.clock.now()), letter };
    paper::typeset(&state, SAMPLE, paper, print).await
}
