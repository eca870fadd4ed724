//! What went wrong at one of families' addresses, as a page of theirs: in their language, with a way on. It says no more than the
//! status does: whatever is behind an address that does not open, the page is the same.

use axum::{
    extract::{FromRequestParts as _, Request},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::Reader;
use crate::web::WebState;

/// What families' addresses begin with.
const THEIRS: [&str; 4] = ["complaints", "reading", "tell-us", "track"];

/// Whoever asks for one of families' addresses, as they read; None for any other address, and where families have no pages.
pub(in crate::web) async fn reader_of(state: &WebState, request: Request) -> (Option<Reader>, Request) {
    let part = request.uri().path().split('/').nth(1).unwrap_or_default();
    if state.families.is_none() || !THEIRS.contains(&part) {
        return (None, request);
    }
    let (mut parts, body) = request.into_parts();
    let reader = Reader::from_request_parts(&mut parts, state).await.ok();
    (reader, Request::from_parts(parts, body))
}

/// The page for `status`.
pub(in crate::web) fn page(state: &WebState, reader: &Reader, status: StatusCode) -> Response {
    let key = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "page-not-found",
        StatusCode::TOO_MANY_REQUESTS => "too-many-tries",
        StatusCode::PAYLOAD_TOO_LARGE => "page-too-large",
        StatusCode::REQUEST_TIMEOUT => "page-too-slow",
        status if status.is_client_error() => "page-refused",
        _ => "page-broken",
    };
    state.family_note(reader, status, key).unwrap_or_else(|error| error.into_response())
}
