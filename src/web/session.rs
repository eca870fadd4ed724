//! Sessions: a random token in a cookie, its SHA-256 at the desk, half an hour without a page, twelve hours in all.

use std::{convert::Infallible, fmt::Write as _, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Uri, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use super::{
    WebState,
    access::{Ask, permit},
    desk::{Session, TokenHash},
    errors::WebError,
    views::Officer,
};

/// Without a page for so long, the officer signs in again.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// However busy, the officer signs in again after so long.
pub const WHOLE: TimeDelta = TimeDelta::hours(12);
/// `seen_at` is written at most this often, so that reading pages is not writing to the database.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(1);

/// The officer who asks. A page that takes this cannot be seen without signing in.
#[derive(Clone, Debug)]
pub struct Signed(pub Officer);

impl Signed {
    /// Goes on only if this officer may do `ask`.
    ///
    /// # Errors
    ///
    /// The refusal, with the reason.
    pub fn must(&self, ask: Ask) -> Result<(), WebError> {
        permit(self.0.role, self.0.id, ask).map_err(|why| WebError::Forbidden(why.to_owned()))
    }
}

impl FromRequestParts<WebState> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Self, Response> {
        match parts.extensions.get::<Self>() {
            Some(signed) => Ok(signed.clone()),
            None => Err(Redirect::to(&sign_in_address(&parts.uri)).into_response()),
        }
    }
}

/// Whether `session` still counts at `now`.
#[must_use]
pub fn is_alive(session: &Session, now: DateTime<Utc>) -> bool {
    now - session.seen_at < IDLE && now - session.created_at < WHOLE
}

/// Looks up who asks, before every page.
pub(super) async fn recognise(State(state): State<WebState>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    if let Some(cookie) = jar.get(cookie_name(&state)) {
        let token = hash_of(cookie.value());
        match alive_session(&state, token).await {
            Ok(Some(officer)) => {
                request.extensions_mut().insert(Signed(officer));
            }
            Ok(None) => {}
            Err(error) => return super::errors::page(&state, None, error.into()),
        }
    }
    next.run(request).await
}

async fn alive_session(state: &WebState, token: TokenHash) -> Result<Option<Officer>, WebError> {
    let now = state.clock.now();
    let Some(session) = state.desk.session(token).await? else { return Ok(None) };
    if !is_alive(&session, now) {
        state.desk.end_session(token, now).await?;
        return Ok(None);
    }
    if now - session.seen_at >= SEEN_STEP {
        state.desk.session_seen(token, now).await?;
    }
    Ok(Some(session.officer))
}

/// Opens a session for `officer` and ends the one the browser had, so that a token known before the sign-in is worth
/// nothing after it.
pub(super) async fn open(state: &WebState, jar: CookieJar, officer: &Officer) -> Result<CookieJar, WebError> {
    let now = state.clock.now();
    if let Some(old) = jar.get(cookie_name(state)) {
        state.desk.end_session(hash_of(old.value()), now).await?;
    }
    let token = new_token()?;
    state.desk.open_session(hash_of(&token), officer.id, now).await?;
    Ok(jar.add(cookie(state, token)))
}

/// The session's token of this browser, if it has one.
pub(super) fn token(state: &WebState, jar: &CookieJar) -> Option<TokenHash> {
    jar.get(cookie_name(state)).map(|cookie| hash_of(cookie.value()))
}

/// A new token, of 256 bits.
pub(super) fn new_token() -> Result<String, WebError> {
    let mut token = [0u8; 32];
    OsRng.try_fill_bytes(&mut token).map_err(|error| WebError::Broken(error.to_string()))?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&token))
}

/// Ends the session of this browser, if it has one.
pub(super) async fn end(state: &WebState, jar: CookieJar) -> Result<CookieJar, WebError> {
    if let Some(cookie) = jar.get(cookie_name(state)) {
        state.desk.end_session(hash_of(cookie.value()), state.clock.now()).await?;
    }
    Ok(jar.remove(cookie(state, String::new())))
}

/// With the `__Host-` prefix a browser takes the cookie only over HTTPS, and no other host can set it.
fn cookie_name(state: &WebState) -> &'static str {
    if state.secure_cookies { "__Host-heard" } else { "heard" }
}

fn cookie(state: &WebState, value: String) -> Cookie<'static> {
    cookie_called(state, cookie_name(state), value)
}

/// A cookie for this host alone, which no script reads and no other site's page sends.
pub(super) fn cookie_called(state: &WebState, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(state.secure_cookies)
        .same_site(SameSite::Strict)
        .build()
}

pub(super) fn hash_of(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

fn sign_in_address(wanted: &Uri) -> String {
    let wanted = wanted.path_and_query().map_or("/", |path| path.as_str());
    if wanted == "/" {
        return "/sign-in".to_owned();
    }
    let mut address = "/sign-in?next=".to_owned();
    for byte in wanted.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// `next` if it is a page of ours, else the queue: nobody may be sent elsewhere after signing in.
#[must_use]
pub fn page_after_sign_in(next: &str) -> &str {
    let stays_here = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|c: char| c == '\\' || c.is_control())
        && !next.starts_with("/sign-");
    if stays_here { next } else { "/" }
}

/// The address the request came from: what the proxy says if one is trusted, else the connection's.
pub(super) struct Caller(pub(super) String);

impl FromRequestParts<WebState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Infallible> {
        let forwarded = parts.headers.get_all("x-forwarded-for");
        if state.trust_forwarded
            && let Some(last) = forwarded.iter().next_back().and_then(|value| value.to_str().ok())
            && let Some(last) = last.rsplit(',').next()
        {
            return Ok(Self(last.trim().to_owned()));
        }
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(connection.map_or_else(|| "unknown".to_owned(), |info| info.0.ip().to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::Uuid, web::access::Role};

    #[test]
    fn a_session_ends_after_half_an_hour_without_a_page_and_after_twelve_hours_anyway() {
        let start: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
        let officer =
            Officer { id: Uuid::nil(), name: "A".into(), email: "a@haverwick.example".into(), role: Role::Officer };
        let seen = |minutes| Session {
            officer: officer.clone(),
            created_at: start,
            seen_at: start + TimeDelta::minutes(minutes),
        };
        assert!(is_alive(&seen(0), start + TimeDelta::minutes(29)));
        assert!(!is_alive(&seen(0), start + TimeDelta::minutes(30)));
        assert!(is_alive(&seen(715), start + TimeDelta::minutes(719)));
        assert!(!is_alive(&seen(715), start + TimeDelta::minutes(720)));
    }

    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        assert_eq!(page_after_sign_in("/cases/HRD-26-00042-K?x=1"), "/cases/HRD-26-00042-K?x=1");
        for elsewhere in
            ["https://bad.example/", "//bad.example", "/\\bad.example", "javascript:alert(1)", "", "/sign-in", "/\tx"]
        {
            assert_eq!(page_after_sign_in(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn the_page_asked_for_is_kept_over_the_sign_in() {
        assert_eq!(sign_in_address(&"/".parse().unwrap()), "/sign-in");
        assert_eq!(
            sign_in_address(&"/?show=mine&q=a%20b".parse().unwrap()),
            "/sign-in?next=/%3Fshow%3Dmine%26q%3Da%2520b"
        );
    }
}
