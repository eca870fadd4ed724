//! Pages that tell families how complaining works here. They ask nothing, and know nothing of who reads them.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use super::{Change, Reader, process::Line};
use crate::web::{WebState, errors::WebError};

/// What the council fills in for these pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PublicFacts {
    /// Whom to ask about what is kept of one.
    pub privacy_name: String,
    /// Their address.
    pub privacy_email: String,
    /// So many years a case is kept after its end, by procedure.
    pub years: u32,
    /// The same for the statutory procedure.
    pub statutory_years: u32,
}

#[derive(Serialize)]
struct Shown<'a> {
    lines: &'a [Line],
    facts: &'a PublicFacts,
    hours: &'a str,
    can_tell_us: bool,
}

pub(super) fn router() -> Router<WebState> {
    Router::new()
        .route("/complaints", get(how))
        .route("/complaints/advocacy", get(advocacy))
        .route("/complaints/ombudsman", get(ombudsman))
        .route("/complaints/what-we-changed", get(what_we_changed))
        .route("/complaints/privacy", get(privacy))
        .route("/complaints/accessibility", get(accessibility))
        .route("/complaints/map", get(map))
}

fn page(state: &WebState, reader: &Reader, name: &str) -> Result<Html<String>, WebError> {
    let families = reader.families();
    let shown = Shown {
        lines: &families.lines,
        facts: &families.facts,
        hours: &families.hours,
        can_tell_us: families.tell_us.is_some(),
    };
    let section = if name == "how" { "/complaints".to_owned() } else { format!("/complaints/{name}") };
    Ok(state.family_page(&format!("families/public-{name}.html"), reader, &section, shown)?)
}

async fn how(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    page(&state, &reader, "how")
}

async fn advocacy(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    page(&state, &reader, "advocacy")
}

async fn ombudsman(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    page(&state, &reader, "ombudsman")
}

#[derive(Serialize)]
struct Changed {
    changes: Vec<Change>,
}

async fn what_we_changed(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    let behind = reader.families().changes.clone().ok_or(WebError::NotFound)?;
    let shown = Changed { changes: behind.shown().await? };
    let template = "families/public-what-we-changed.html";
    Ok(state.family_page(template, &reader, "/complaints/what-we-changed", shown)?)
}

async fn privacy(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    page(&state, &reader, "privacy")
}

async fn accessibility(State(state): State<WebState>, reader: Reader) -> Result<Html<String>, WebError> {
    page(&state, &reader, "accessibility")
}

/// The line alone, to stand inside a page of the council's own: the only page that others may frame, and only those that the
/// council names.
async fn map(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    let page = page(&state, &reader, "map")?;
    let who = &reader.families().embed_on;
    let ancestors = if who.is_empty() { "'none'".to_owned() } else { who.join(" ") };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    );
    let policy = HeaderValue::from_str(&policy).map_err(|_| WebError::Broken("embed_on is no header".into()))?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
}
