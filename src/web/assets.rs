//! Styles, scripts and icons, out of the program itself.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::WebState;

/// Fetched and built by `setup/assets.sh`.
#[derive(RustEmbed)]
#[folder = "src/web/assets/public"]
struct Fetched;

/// Ours.
#[derive(RustEmbed)]
#[folder = "src/web/static"]
struct Ours;

/// A browser asks again after ten minutes, and gets "not modified" while the program is the same.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=600");

pub(super) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = Ours::get(&path).or_else(|| Fetched::get(&path)) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let tag = tag_of(&file);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, KEEP)]).into_response();
    }
    let kind =
        HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP), (header::ETAG, tag)], file.data).into_response()
}

fn tag_of(file: &EmbeddedFile) -> String {
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&file.metadata.sha256_hash()[..12]))
}

pub(super) async fn council_style(State(state): State<WebState>) -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP)], state.council.style_sheet()).into_response()
}
