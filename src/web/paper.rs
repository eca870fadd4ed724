//! Letters as PDF, to be printed and posted: in normal print, in large print, and in an easy-read layout.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use letterpress::{PressError, Print};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    WebState,
    access::Ask,
    errors::WebError,
    paper_views::{Paper, Printing},
    session::Signed,
};
use crate::{ids::CaseReference, replies::paper};

/// So many letters are typeset at a time: the program has other things to do. Others wait their turn.
static PRESSES: Semaphore = Semaphore::const_new(2);

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
    let print = match wanted.print.as_str() {
        "" => Print::Normal,
        name => Print::named(name).ok_or(WebError::NotFound)?,
    };
    let paper = state.desk.paper(Printing { reference, letter }, &signed.0, state.clock.now()).await?;
    let name = file_name(reference, &paper.kind, print);
    let bytes = typeset(paper, state.council.name.clone(), reference, print).await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|error| WebError::Broken(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

async fn typeset(paper: Paper, council: String, reference: CaseReference, print: Print) -> Result<Vec<u8>, WebError> {
    let turn = PRESSES.acquire().await.map_err(|error| WebError::Broken(error.to_string()))?;
    let work = move || {
        // Kept until the work is done, also when nobody waits for it any more.
        let _turn = turn;
        let letter = paper::letter(&paper.letter, &council, &reference.to_string(), paper.date);
        letterpress::typeset(&letter, print)
    };
    let made = tokio::task::spawn_blocking(work).await.map_err(|error| WebError::Broken(error.to_string()))?;
    made.map_err(|fault| match fault {
        PressError::TooLong { .. } | PressError::TooDeep | PressError::Empty => {
            WebError::Forbidden(format!("It cannot be printed: {fault}."))
        }
        fault => WebError::Broken(fault.to_string()),
    })
}

/// The reference and what it is: never whom it is for.
fn file_name(reference: CaseReference, kind: &str, print: Print) -> String {
    let kind: String =
        kind.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    match print {
        Print::Normal => format!("{reference}-{kind}.pdf"),
        Print::Large => format!("{reference}-{kind}-large-print.pdf"),
        Print::EasyRead => format!("{reference}-{kind}-easy-read.pdf"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_called_by_reference_and_kind_alone() {
        let reference = CaseReference { year: 2026, number: 42 };
        assert_eq!(file_name(reference, "answer", Print::Normal), "HRD-26-00042-X-answer.pdf");
        assert_eq!(
            file_name(reference, "stage\"2\r\nZoë", Print::Large),
            "HRD-26-00042-X-stage-2--zo--large-print.pdf"
        );
    }
}
