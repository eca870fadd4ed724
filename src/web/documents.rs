//! The documents of a case: an officer adds one, and opens one.

use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use tokio_util::bytes::{Bytes, BytesMut};

use super::{
    WebState,
    access::Ask,
    case::{FieldFault, reference, show_again},
    desk::{DeskError, NewDocument},
    errors::WebError,
    files::handed_over,
    session::Signed,
};
use crate::{
    ids::{CaseReference, Uuid},
    procedure::documents::DocumentKind,
};

/// Most bytes of a form with a file: the largest file that can be configured, and what stands around it.
pub(super) const FORM_BYTES: usize = 101_000_000;
/// Longest name, in characters.
const NAME_CHARS: usize = 100;
/// Longest other field (bytes).
const FIELD_BYTES: usize = 1_000;

/// What was sent.
#[derive(Default)]
pub(super) struct Sent {
    pub kind: String,
    pub name: String,
    file_name: String,
    bytes: Bytes,
    too_large: bool,
}

impl From<MultipartError> for WebError {
    fn from(fault: MultipartError) -> Self {
        if fault.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooMuch } else { Self::BadForm }
    }
}

/// A field's bytes; what is beyond `most` is read and let go, so that the browser gets its answer.
async fn read(mut field: Field<'_>, most: usize) -> Result<(Bytes, bool), WebError> {
    let (mut bytes, mut too_large) = (BytesMut::new(), false);
    while let Some(piece) = field.chunk().await? {
        too_large |= bytes.len().saturating_add(piece.len()) > most;
        if !too_large {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok((bytes.freeze(), too_large))
}

async fn sent(mut form: Multipart, most: usize) -> Result<Sent, WebError> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default() {
            "file" => {
                sent.file_name = field.file_name().unwrap_or_default().to_owned();
                (sent.bytes, sent.too_large) = read(field, most).await?;
            }
            what @ ("kind" | "name") => {
                let is_kind = what == "kind";
                let (bytes, _) = read(field, FIELD_BYTES).await?;
                let text = String::from_utf8_lossy(&bytes).trim().to_owned();
                *(if is_kind { &mut sent.kind } else { &mut sent.name }) = text;
            }
            _ => {
                read(field, 0).await?;
            }
        }
    }
    Ok(sent)
}

/// The document, or every field that is wrong. Pure.
fn document(sent: &Sent, largest_mb: u64) -> Result<NewDocument, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field, text: String| faults.push(FieldFault { field, text });
    if sent.too_large {
        fault("document-file", format!("The file must be smaller than {largest_mb} MB"));
    } else if sent.bytes.is_empty() && sent.file_name.is_empty() {
        fault("document-file", "Select a file".to_owned());
    }
    let kind = DocumentKind::named(&sent.kind);
    if kind.is_none() {
        fault("document-kind", "Select what it is".to_owned());
    }
    if sent.name.chars().count() > NAME_CHARS {
        fault("document-name", format!("The name must be {NAME_CHARS} characters or fewer"));
    }
    if kind == Some(DocumentKind::Other) && sent.name.is_empty() {
        fault("document-name", "Enter what it is called: the family sees this name if it goes to them".to_owned());
    }
    match kind {
        Some(kind) if faults.is_empty() => {
            let (name, file_name) = (sent.name.clone(), sent.file_name.clone());
            Ok(NewDocument { kind, name, file_name, bytes: sent.bytes.clone() })
        }
        _ => Err(faults),
    }
}

/// What somebody who may open the case has sent to be added to it: as it was sent, and the document or every field that is wrong.
pub(super) async fn received(
    state: &WebState,
    signed: &Signed,
    reference: CaseReference,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(Sent, Result<NewDocument, Vec<FieldFault>>), WebError> {
    // Whoever may not open the case is told so before a byte is taken from them.
    let largest_mb = state.desk.peek(reference, &signed.0, state.clock.now()).await?.documents.largest_mb;
    let form = form.map_err(|_| WebError::BadForm)?;
    let most = usize::try_from(largest_mb.saturating_mul(1_000_000)).unwrap_or(usize::MAX);
    let sent = sent(form, most).await?;
    let document = document(&sent, largest_mb);
    Ok((sent, document))
}

pub(super) async fn add(
    State(state): State<WebState>,
    signed: Signed,
    Path(wanted): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    signed.must(Ask::ReadCases)?;
    signed.must(Ask::Triage)?;
    let reference = reference(&wanted)?;
    let now = state.clock.now();
    let (sent, document) = received(&state, &signed, reference, form).await?;
    let faults = match document {
        Err(faults) => faults,
        Ok(document) => match state.desk.add_document(reference, &signed.0, document, now).await {
            Ok(()) => return Ok(Redirect::to(&format!("/cases/{reference}?done=documents#documents")).into_response()),
            Err(DeskError::Refused(text)) => vec![FieldFault { field: "document-file", text }],
            Err(error) => return Err(error.into()),
        },
    };
    show_again(&state, &signed, reference, (sent.kind, sent.name), faults).await
}

/// The address of the form, opened directly.
pub(super) async fn back(_: Signed, Path(wanted): Path<String>) -> Result<Redirect, WebError> {
    Ok(Redirect::to(&format!("/cases/{}#documents", reference(&wanted)?)))
}

pub(super) async fn open(
    State(state): State<WebState>,
    signed: Signed,
    Path((wanted, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    signed.must(Ask::OpenFiles)?;
    let reference = reference(&wanted)?;
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    handed_over(state.desk.document(reference, id, &signed.0, state.clock.now()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let fields = |sent: &Sent| -> Vec<&str> {
            document(sent, 50).err().unwrap_or_default().iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(&Sent::default()), ["document-file", "document-kind"]);
        let whole = || Sent {
            kind: "investigation".into(),
            file_name: "a.pdf".into(),
            bytes: Bytes::from_static(b"words"),
            ..Sent::default()
        };
        assert!(fields(&whole()).is_empty());
        assert_eq!(fields(&Sent { kind: "other".into(), ..whole() }), ["document-name"]);
        assert_eq!(fields(&Sent { name: "x".repeat(101), ..whole() }), ["document-name"]);
        let large = document(&Sent { too_large: true, ..whole() }, 50).unwrap_err();
        assert_eq!(large[0].text, "The file must be smaller than 50 MB");
    }
}
