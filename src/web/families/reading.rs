//! In which language and print somebody reads: a cookie of two words, else what their browser asks for. It says nothing of who
//! they are.

use axum::{
    extract::{FromRequestParts, Query, State},
    http::{header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;

use super::Shared;
use crate::{
    languages::Language,
    web::{WebState, errors::WebError},
};

const COOKIE: &str = "heard-reading";

/// How whoever asks wants to read. A page that takes this is not there where families have no pages.
#[derive(Clone, Debug)]
pub struct Reader {
    /// In this language.
    pub language: Language,
    /// In large print.
    pub large: bool,
    /// The path they asked for.
    pub here: String,
    families: Shared,
}

impl Reader {
    /// What the pages need.
    #[must_use]
    pub fn families(&self) -> &Shared {
        &self.families
    }
}

impl FromRequestParts<WebState> for Reader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, WebError> {
        let families = state.families.clone().ok_or(WebError::NotFound)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let chosen = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let (code, print) = chosen.split_once('.').unwrap_or_default();
        let offered = |language: &Language| families.languages.contains(language);
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = code
            .parse()
            .ok()
            .filter(offered)
            .or_else(|| asked_for(accepted.unwrap_or_default()).find(offered))
            .or_else(|| families.languages.first().copied())
            .unwrap_or_default();
        let here = parts.uri.path().to_owned();
        Ok(Self { language, large: print == "large", here, families })
    }
}

/// The languages of ours in an `Accept-Language` (RFC 9110 section 12.5.4), in the order in which they stand there: browsers put the
/// best first.
fn asked_for(accepted: &str) -> impl Iterator<Item = Language> + '_ {
    accepted.split(',').filter_map(|one| {
        let tag = one.split([';', '-']).next()?.trim();
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    })
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    language: Option<String>,
    print: Option<String>,
    #[serde(default)]
    to: String,
}

/// Keeps what was chosen and goes back to the page it was chosen on.
pub(super) async fn change(
    State(state): State<WebState>,
    reader: Reader,
    jar: CookieJar,
    Query(wanted): Query<Wanted>,
) -> Response {
    let language = wanted.language.and_then(|code| code.parse().ok()).unwrap_or(reader.language);
    let large = wanted.print.map_or(reader.large, |print| print == "large");
    let value = format!("{}.{}", language.code(), if large { "large" } else { "usual" });
    let cookie = Cookie::build((COOKIE, value))
        .path("/")
        .http_only(true)
        .secure(state.secure_cookies)
        .same_site(SameSite::Lax)
        .permanent()
        .build();
    (jar.add(cookie), Redirect::to(our_path(&wanted.to))).into_response()
}

/// `to` if it is a path of ours, else the front page for families: nobody is sent to another site from here.
fn our_path(to: &str) -> &str {
    let plain = to.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c));
    if plain && to.starts_with('/') && !to.starts_with("//") { to } else { "/complaints" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_language_of_ours_is_taken() {
        let first = |accepted| asked_for(accepted).next();
        assert_eq!(first("fr-FR, pl;q=0.8, en;q=0.5"), Some(Language::Polish));
        assert_eq!(first("cy-GB,cy;q=0.9"), Some(Language::Welsh));
        assert_eq!(first("en-GB"), Some(Language::English));
        assert_eq!(first("de, *"), None);
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(our_path("/track/abc-DEF_1"), "/track/abc-DEF_1");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a?b", "/%0d%0aSet-Cookie: a=b"] {
            assert_eq!(our_path(bad), "/complaints", "{bad}");
        }
    }
}
