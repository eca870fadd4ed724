//! Letters as PDF, to be printed and posted: in normal print, in large print, and in an easy-read layout.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use letterpress::Print;
use serde::Deserialize;

use super::{
    WebState,
    access::Ask,
    errors::WebError,
    paper_views::{Paper, Printing},
    session::Signed,
};
use crate::{
    ids::CaseReference,
    replies::press::{self, PrintFault},
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    print: String,
}

/// A letter of the outbox.
pub(super) async fn letter(
    State(state): State<WebState>,
    signed: Signed,
    Path((reference, file)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    let id = file.strip_suffix(".pdf").and_then(|id| id.parse().ok()).ok_or(WebError::NotFound)?;
    hand_over(&state, &signed, &reference, Some(id), &wanted).await
}

/// The answer to the complaint, given or as it would be.
pub(super) async fn answer(
    State(state): State<WebState>,
    signed: Signed,
    Path(reference): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    hand_over(&state, &signed, &reference, None, &wanted).await
}

async fn hand_over(
    state: &WebState,
    signed: &Signed,
    reference: &str,
    letter: Option<crate::ids::Uuid>,
    wanted: &Wanted,
) -> Result<Response, WebError> {
    let reference: CaseReference = reference.parse().map_err(|_| WebError::NotFound)?;
    let print = print_of(wanted)?;
    let paper = state.desk.paper(Printing { reference, letter }, &signed.0, state.clock.now()).await?;
    typeset(state, reference, paper, print).await
}

/// Which print is wanted.
pub(super) fn print_of(wanted: &Wanted) -> Result<Print, WebError> {
    match wanted.print.as_str() {
        "" => Ok(Print::Normal),
        name => Print::named(name).ok_or(WebError::NotFound),
    }
}

/// A letter as a PDF, to be saved.
pub(super) async fn typeset(
    state: &WebState,
    reference: CaseReference,
    paper: Paper,
    print: Print,
) -> Result<Response, WebError> {
    let name = press::file_name(reference, &paper.kind, print);
    let made = press::typeset(paper.letter, state.council.name.clone(), reference, paper.date, print).await;
    let bytes = made.map_err(|fault| match fault {
        PrintFault::Letter(why) => WebError::Forbidden(format!("It cannot be printed: {why}.")),
        PrintFault::Program(why) => WebError::Broken(why),
    })?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|error| WebError::Broken(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}
