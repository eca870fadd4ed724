//! Counts of the lists as they change, for a page that is open: server-sent events. The list on the page stays as it is until its
//! officer asks for it.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use axum_extra::extract::CookieJar;
use chrono::{DateTime, Utc};
use futures::{Stream, future::BoxFuture, stream};
use serde_json::{Map, Value};

use super::{
    WebState,
    access::Ask,
    desk::{DeskError, TokenHash},
    errors::WebError,
    queue::count_of,
    session::{self, Signed, is_alive},
    views::{Officer, QueueCounts, QueueFilter},
};

/// So often the counts are looked at, for each page that is open and seen.
pub(super) const EVERY: Duration = Duration::from_secs(15);

/// What stands behind it.
pub trait Live: Send + Sync {
    /// How many cases each list has for `officer`: cases they are excluded from are not counted.
    fn counts<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Result<QueueCounts, DeskError>>;
}

/// What one page is told.
struct Watch {
    state: WebState,
    signed: Signed,
    token: TokenHash,
    /// What it was told last; none: nothing yet.
    told: Option<String>,
    over: bool,
}

impl Watch {
    /// What there is to tell next; none: nothing any more. Ends with the session, with the program, and when the desk does not answer: the
    /// browser asks again.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while !self.over {
            if self.told.is_some() {
                tokio::select! {
                    () = tokio::time::sleep(self.state.live_every) => {}
                    () = self.state.stop.cancelled() => return None,
                }
            }
            let session = self.state.desk.session(self.token).await.ok()?;
            // An event without data is none for a browser.
            if !session.is_some_and(|session| is_alive(&session, self.state.clock.now())) {
                self.over = true;
                return Some((Ok(Event::default().event("over").data("signed out")), self));
            }
            let counts = counts(&self.state, &self.signed).await.ok()?;
            if self.told.as_ref() != Some(&counts) {
                self.told = Some(counts.clone());
                return Some((Ok(Event::default().event("counts").data(counts)), self));
            }
        }
        None
    }
}

/// How many cases each list has for this officer, by its word: JSON.
async fn counts(state: &WebState, signed: &Signed) -> Result<String, WebError> {
    let counts = state.desk.counts(&signed.0, state.clock.now()).await?;
    let all = QueueFilter::ALL.map(|filter| (filter.as_str().to_owned(), Value::from(count_of(&counts, filter))));
    Ok(Value::Object(Map::from_iter(all)).to_string())
}

pub(super) async fn watch(
    State(state): State<WebState>,
    signed: Signed,
    jar: CookieJar,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    signed.must(Ask::ReadCases)?;
    let token = session::token(&state, &jar).ok_or(WebError::NotFound)?;
    let watch = Watch { state, signed, token, told: None, over: false };
    Ok(Sse::new(stream::unfold(watch, Watch::next)).keep_alive(KeepAlive::default()))
}
