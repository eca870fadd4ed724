//! Families' pages: nobody needs an account, an application or the word complaint for them. In the reader's language and in large
//! print if they like, without scripts, without the officers' navigation, and never found by a search engine where they are private.

mod changes_views;
pub(super) mod fault;
mod guard;
pub mod process;
mod public;
mod reading;
mod survey;
mod survey_views;
mod tell_us;
mod tell_us_views;
pub mod track;
pub mod track_views;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use serde::Serialize;

pub use changes_views::{Change, Changes, Proposal};
pub use guard::FormGuard;
pub use public::PublicFacts;
pub use reading::Reader;
pub use survey_views::Survey;
pub use tell_us_views::{Receipt, TellUs};

use super::{WebState, errors::WebError, render::PagesError};
use crate::{languages::Language, replies::letters::CouncilFacts};

/// What families' pages need.
pub struct Families {
    /// Whom they can turn to, and what the council is called.
    pub council: CouncilFacts,
    /// The languages that the council offers, the first where nobody has chosen. Never empty.
    pub languages: Vec<Language>,
    /// Where *Exit this page* leads: a page that says nothing of whoever reads it.
    pub exit_url: String,
    /// When the council can be called, in its own words; empty if it does not say.
    pub hours: String,
    /// How complaints go here.
    pub lines: Vec<process::Line>,
    /// What the public pages say of the council.
    pub facts: PublicFacts,
    /// Sites on which the line of steps may stand.
    pub embed_on: Vec<String>,
    /// What takes in the form; None where there is none.
    pub tell_us: Option<Arc<dyn TellUs>>,
    /// What was changed because of complaints; None where nobody is told.
    pub changes: Option<Arc<dyn Changes>>,
    /// How much comes by the form.
    pub guard: FormGuard,
    /// The page on which they see where their case stands; None where there is none.
    pub tracker: Option<Arc<dyn track_views::Tracker>>,
    /// The questions after the end; None where nobody is asked.
    pub survey: Option<Arc<dyn Survey>>,
    /// How often the figures that open it may be tried.
    pub tries: Arc<track::Tries>,
}

/// What stands around every page of theirs.
#[derive(Clone, Debug, Serialize)]
struct FamilyFrame<'a> {
    council: &'a CouncilFacts,
    now: DateTime<Utc>,
    /// Code of the page's language: what the templates' `say` reads.
    language: Language,
    tag: &'static str,
    /// Nobody has checked this translation.
    draft: bool,
    /// (code, own name, tag) of the other languages that are offered.
    languages: Vec<(&'static str, &'static str, &'static str)>,
    large: bool,
    /// Path of this page, where whoever changes language or print comes back to.
    here: &'a str,
    exit_url: &'a str,
    /// Address of the part of the navigation this page belongs to, e.g. `/complaints`.
    section: &'a str,
}

impl WebState {
    /// A page of theirs. `section`: which part of the navigation it belongs to; empty on a page that stands alone.
    fn family_page(
        &self,
        template: &str,
        reader: &Reader,
        section: &str,
        values: impl Serialize,
    ) -> Result<Html<String>, PagesError> {
        let families = reader.families();
        let others = families.languages.iter().filter(|one| **one != reader.language);
        let frame = FamilyFrame {
            council: &families.council,
            now: self.clock.now(),
            language: reader.language,
            tag: reader.language.tag(),
            draft: reader.language != Language::English,
            languages: others.map(|one| (one.code(), one.own_name(), one.tag())).collect(),
            large: reader.large,
            here: &reader.here,
            exit_url: &families.exit_url,
            section,
        };
        self.pages.render(template, &frame, values).map(Html)
    }

    /// A page with a title and a paragraph, both from the catalogues: that there is nothing, or that it was too often.
    fn family_note(&self, reader: &Reader, status: StatusCode, key: &str) -> Result<Response, WebError> {
        let tell_us = reader.families().tell_us.is_some().then_some(("/tell-us", "tell-us"));
        let ways = tell_us.into_iter().chain([("/complaints", "how-complaining-works")]);
        let ways = ways.filter(|_| !status.is_success()).collect();
        let page = self.family_page("families/note.html", reader, "", Note { key, ways })?;
        let mut response = (status, private(), page).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("300"));
        }
        Ok(response)
    }
}

#[derive(Serialize)]
struct Note<'a> {
    /// The message that is the title; with `-text` the paragraph.
    key: &'a str,
    /// Ways on: where they lead, and the message that says so.
    ways: Vec<(&'static str, &'static str)>,
}

/// What keeps a page out of search engines and out of what other sites are told.
fn private() -> [(HeaderName, HeaderValue); 2] {
    [
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ]
}

/// Their addresses.
pub(super) fn router() -> Router<WebState> {
    Router::new()
        .route("/reading", get(reading::change))
        .merge(public::router())
        .merge(tell_us::router())
        .merge(track::router())
        .merge(survey::router())
}

impl std::fmt::Debug for Families {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Families").field("languages", &self.languages).finish_non_exhaustive()
    }
}

/// The families' part, as handlers take it: [`Reader`] holds it.
pub(super) type Shared = Arc<Families>;
