//! The pages about settings: what Heard is set to, and what that does. One page each, from a list of them.

pub(super) mod audit;
pub(super) mod changed;
pub(super) mod holidays;
pub(super) mod letters;

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    response::Html,
};
use serde::{Deserialize, Serialize};

use super::{WebState, access::Ask, errors::WebError, session::Signed, settings_views::Settings};

/// The part of the navigation that all of them belong to.
const SECTION: &str = "/settings";
/// The longest words of a search, in characters.
const SEARCH: usize = 100;

fn settings(state: &WebState, signed: &Signed) -> Result<Arc<dyn Settings>, WebError> {
    signed.must(Ask::ReadSettings)?;
    state.settings.clone().ok_or(WebError::NotFound)
}

#[derive(Serialize)]
struct HubPage {
    /// Whether they decide how long cases are kept.
    may_retain: bool,
}

pub(super) async fn hub(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    settings(&state, &signed)?;
    let page = HubPage { may_retain: signed.must(Ask::Retain).is_ok() };
    Ok(state.page_for("settings.html", &signed, SECTION, &page).await?)
}

pub(super) async fn thresholds(State(state): State<WebState>, signed: Signed) -> Result<Html<String>, WebError> {
    let view = settings(&state, &signed)?.thresholds(&signed.0, state.clock.now()).await?;
    Ok(state.page_for("settings-thresholds.html", &signed, SECTION, &view).await?)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

pub(super) async fn directory(
    State(state): State<WebState>,
    signed: Signed,
    Query(search): Query<Search>,
) -> Result<Html<String>, WebError> {
    let search: String = search.q.trim().chars().take(SEARCH).collect();
    let view = settings(&state, &signed)?.directory(&search).await?;
    Ok(state.page_for("settings-directory.html", &signed, SECTION, &view).await?)
}
