//! The page on which a family sees where its case stands. Whoever has the link sees nothing before they have entered the figures that
//! go to the address or chat that it was made for; a link that is none, or none any more, is answered like a good one.

mod tell;

use std::{convert::Infallible, num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, Query, State, rejection::FormRejection},
    http::{StatusCode, request::Parts},
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use futures::stream;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use super::{
    Reader, private,
    track_views::{TrackView, Tracker},
};
use crate::web::{
    BODY_BYTES, TIME_LIMIT, WebState,
    desk::TokenHash,
    errors::WebError,
    session::{Caller, hash_of, new_token},
    taking_files,
};

const COOKIE: &str = "heard-track";
/// No code has more characters; what has is none, and so is one that is not made of letters and digits.
const CODE_CHARS: usize = 64;
/// In place of what can be no code: nothing else comes into an address or a cookie.
const NO_CODE: &str = "0";
/// So often a page that is open looks whether anything changed.
const EVERY: Duration = Duration::from_secs(1);
/// Above so many remembered links, those that are at rest are forgotten.
const LINKS_KEPT: usize = 10_000;

/// How often one link may be used: figures are tried ten times at once, then once a minute; something is sent thirty times at once, then
/// once a minute. Links that are none are counted like others.
pub struct Tries {
    figures: DefaultKeyedRateLimiter<TokenHash>,
    sent: DefaultKeyedRateLimiter<TokenHash>,
}

impl Default for Tries {
    fn default() -> Self {
        let a_minute =
            |burst| Quota::per_minute(NonZeroU32::MIN).allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
        Self { figures: RateLimiter::keyed(a_minute(10)), sent: RateLimiter::keyed(a_minute(30)) }
    }
}

impl Tries {
    /// Whether one more thing may be sent by the link with this code now.
    pub(super) fn allows_sent(&self, code: &str) -> bool {
        allows(&self.sent, code)
    }
}

fn allows(limiter: &DefaultKeyedRateLimiter<TokenHash>, code: &str) -> bool {
    if limiter.len() > LINKS_KEPT {
        limiter.retain_recent();
    }
    limiter.check_key(&hash_of(code)).is_ok()
}

/// Their addresses.
pub(super) fn router() -> Router<WebState> {
    let telling = Router::new().route("/track/{code}/{what}", get(tell::form).post(tell::send));
    Router::new()
        .route("/track", get(how))
        .route("/track/{code}", get(show))
        .route("/track/{code}/code", get(figures).post(figures_sent))
        .route("/track/{code}/out", post(leave))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
        .route("/track/{code}/live", get(watch))
        .merge(taking_files(telling, tell::FORM_BYTES))
}

/// The code in a path, in lower case, letters and digits; another in place of what can be none.
pub(super) fn code_of(path: &str) -> String {
    let code = path.split('/').nth(2).unwrap_or_default().to_ascii_lowercase();
    let formed = (1..=CODE_CHARS).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if formed { code } else { NO_CODE.to_owned() }
}

/// What whoever asks has: a link's code, and perhaps a session. A page that takes this is not there where families have no such page.
pub(super) struct Holder {
    pub reader: Reader,
    /// In lower case, letters and digits.
    pub code: String,
    /// Of the session in their cookie.
    pub token: Option<TokenHash>,
    pub tracker: Arc<dyn Tracker>,
    tries: Arc<Tries>,
}

impl FromRequestParts<WebState> for Holder {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, WebError> {
        let reader = Reader::from_request_parts(parts, state).await?;
        let tracker = reader.families().tracker.clone().ok_or(WebError::NotFound)?;
        // Not `Path`: some of these pages have more in their address than the code.
        let code = code_of(parts.uri.path());
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(COOKIE).map(|cookie| hash_of(cookie.value()));
        let tries = reader.families().tries.clone();
        Ok(Self { reader, code, token, tracker, tries })
    }
}

impl Holder {
    /// What the page shows, if their session is one of this link.
    pub(super) async fn view(&self, state: &WebState) -> Result<Option<TrackView>, WebError> {
        let Some(token) = self.token else { return Ok(None) };
        Ok(self.tracker.view(&self.code, token, self.reader.language, state.clock.now()).await?)
    }

    /// Whether one more thing may be sent by this link now.
    pub(super) fn may_send(&self) -> bool {
        self.tries.allows_sent(&self.code)
    }

    /// The address of the link.
    pub(super) fn address(&self) -> String {
        format!("/track/{}", self.code)
    }

    fn cookie(&self, state: &WebState, value: String) -> Cookie<'static> {
        // Lax: the first look comes from a mail.
        Cookie::build((COOKIE, value))
            .path(self.address())
            .http_only(true)
            .secure(state.secure_cookies)
            .same_site(SameSite::Lax)
            .build()
    }
}

/// A page of theirs, in no search engine, which says to no other site where it was.
pub(super) fn page(
    state: &WebState,
    reader: &Reader,
    status: StatusCode,
    template: &str,
    values: impl Serialize,
) -> Result<Response, WebError> {
    Ok((status, private(), state.family_page(template, reader, "", values)?).into_response())
}

pub(super) fn too_often(state: &WebState, reader: &Reader) -> Result<Response, WebError> {
    tracing::warn!("a family's link was refused: too many tries");
    state.family_note(reader, StatusCode::TOO_MANY_REQUESTS, "too-many-tries")
}

#[derive(Serialize)]
struct Asking {
    address: String,
    /// The figures were wrong.
    wrong: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    told: String,
}

#[derive(Serialize)]
struct Shown {
    address: String,
    view: TrackView,
    /// Something was sent just now.
    told: bool,
}

/// How to get a link.
async fn how(State(state): State<WebState>, reader: Reader) -> Result<Response, WebError> {
    state.family_note(&reader, StatusCode::OK, "track-how")
}

async fn show(
    State(state): State<WebState>,
    Caller(caller): Caller,
    holder: Holder,
    Query(query): Query<Wanted>,
) -> Result<Response, WebError> {
    if let Some(view) = holder.view(&state).await? {
        let shown = Shown { address: holder.address(), view, told: !query.told.is_empty() };
        return page(&state, &holder.reader, StatusCode::OK, "families/track.html", shown);
    }
    if !state.sign_in.allows_link(&caller) {
        return too_often(&state, &holder.reader);
    }
    let asking = Asking { address: holder.address(), wrong: false };
    page(&state, &holder.reader, StatusCode::OK, "families/track-ask.html", asking)
}

/// Where the figures are entered.
async fn figures(State(state): State<WebState>, holder: Holder) -> Result<Response, WebError> {
    figures_page(&state, &holder, false)
}

fn figures_page(state: &WebState, holder: &Holder, wrong: bool) -> Result<Response, WebError> {
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let asking = Asking { address: holder.address(), wrong };
    page(state, &holder.reader, status, "families/track-figures.html", asking)
}

#[derive(Debug, Default, Deserialize)]
struct FiguresForm {
    /// None where they are only asked for.
    figures: Option<String>,
}

async fn figures_sent(
    State(state): State<WebState>,
    Caller(caller): Caller,
    holder: Holder,
    jar: CookieJar,
    form: Result<Form<FiguresForm>, FormRejection>,
) -> Result<Response, WebError> {
    if !state.sign_in.allows_link(&caller) {
        return too_often(&state, &holder.reader);
    }
    let Form(form) = form?;
    let now = state.clock.now();
    let Some(figures) = form.figures else {
        let (tracker, code, language) = (holder.tracker.clone(), holder.code.clone(), holder.reader.language);
        // Beside the answer: how long it takes says nothing of the link.
        tokio::spawn(async move {
            if let Err(error) = tracker.send_figures(&code, language, now).await {
                tracing::error!(%error, "the figures for a family's link could not be sent");
            }
        });
        return figures_page(&state, &holder, false);
    };
    if !allows(&holder.tries.figures, &holder.code) {
        return too_often(&state, &holder.reader);
    }
    let token = new_token()?;
    if !holder.tracker.enter(&holder.code, &figures, hash_of(&token), now).await? {
        return figures_page(&state, &holder, true);
    }
    let jar = jar.add(holder.cookie(&state, token));
    Ok((jar, private(), Redirect::to(&holder.address())).into_response())
}

async fn leave(State(state): State<WebState>, holder: Holder, jar: CookieJar) -> Result<Response, WebError> {
    if let Some(token) = holder.token {
        holder.tracker.leave(token).await?;
    }
    let note = state.family_note(&holder.reader, StatusCode::OK, "track-out")?;
    Ok((jar.remove(holder.cookie(&state, String::new())), note).into_response())
}

/// What one open page is told.
struct Watch {
    state: WebState,
    holder: Holder,
    token: TokenHash,
    told: Option<String>,
    over: bool,
}

impl Watch {
    /// The next thing to tell. Ends with the session, with the program, and when the store does not answer: the browser asks again.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while !self.over {
            if self.told.is_some() {
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    () = self.state.stop.cancelled() => return None,
                }
            }
            let now = self.state.clock.now();
            let Some(version) = self.holder.tracker.version(&self.holder.code, self.token, now).await.ok()? else {
                self.over = true;
                return Some((Ok(Event::default().event("over").data("signed out")), self));
            };
            if self.told.as_ref() != Some(&version) {
                self.told = Some(version.clone());
                return Some((Ok(Event::default().event("version").data(version)), self));
            }
        }
        None
    }
}

async fn watch(State(state): State<WebState>, holder: Holder) -> Result<Response, WebError> {
    let Some(token) = holder.token else {
        return state.family_note(&holder.reader, StatusCode::NOT_FOUND, "page-not-found");
    };
    let now = state.clock.now();
    if holder.tracker.version(&holder.code, token, now).await?.is_none() {
        return state.family_note(&holder.reader, StatusCode::NOT_FOUND, "page-not-found");
    }
    let watch = Watch { state, holder, token, told: None, over: false };
    let told = Sse::new(stream::unfold(watch, Watch::next)).keep_alive(KeepAlive::default());
    Ok((private(), told).into_response())
}

/// A code, read by [`Holder`], and what is to be done.
pub(super) type What = Path<(String, String)>;
