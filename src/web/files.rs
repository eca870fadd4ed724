//! A file of a case, handed over to be saved: never laid out or run by the browser under our address.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{WebState, access::Ask, desk::Download, errors::WebError, session::Signed};
use crate::{
    ids::{CaseReference, Uuid},
    replies::disposition,
};

/// Should a browser lay it out all the same: nothing of it runs, loads or reaches anything of ours.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; sandbox";

pub(super) async fn open(
    State(state): State<WebState>,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    signed.must(Ask::OpenFiles)?;
    let reference: CaseReference = reference.parse().map_err(|_| WebError::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    handed_over(state.desk.file(reference, id, &signed.0, state.clock.now()).await?)
}

/// The file as an answer: to be saved, never to be laid out or run under our address.
pub(super) fn handed_over(file: Download) -> Result<Response, WebError> {
    let disposition =
        HeaderValue::from_str(&disposition(&file.name)).map_err(|error| WebError::Broken(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.media_type)),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    ];
    Ok((headers, Body::from_stream(file.pieces)).into_response())
}

/// `attachment` with the name in both forms of RFC 6266: for old programs in ASCII, for all others in UTF-8 (RFC 8187).
fn disposition(name: &str) -> String {
    let (plain, encoded) = disposition::names(name);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_told_in_both_forms() {
        assert_eq!(
            disposition("Zoë's letter.pdf"),
            "attachment; filename=\"Zo_'s letter.pdf\"; filename*=UTF-8''Zo%C3%AB%27s%20letter.pdf"
        );
        assert_eq!(
            disposition("a\"; x=\r\n%.txt"),
            "attachment; filename=\"a_; x=___.txt\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%25.txt"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_header(name in "\\PC{0,80}|.{0,80}") {
            let value = disposition(&name);
            prop_assert!(HeaderValue::from_str(&value).is_ok());
            prop_assert_eq!(value.matches('"').count(), 2);
        }
    }
}
