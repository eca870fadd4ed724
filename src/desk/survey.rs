//! The questions after the end of a case, over the program's own road.

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

use super::Answer;
use crate::{
    casework::{
        CaseworkError,
        survey::{self as surveyed, Given},
    },
    clock::london_date,
    reports::survey::{Figures, figures, months},
    store::survey,
    web::{desk::DeskError, families::Survey},
    workers::Engine,
};

/// So often it is tried when somebody else changed what it touches.
const TRIES: usize = 3;

/// Takes in what is answered, and counts it.
pub struct SurveyDesk {
    engine: Engine,
}

impl SurveyDesk {
    /// On the road of `engine`.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    async fn keep(&self, code: &str, given: &Given, now: DateTime<Utc>) -> Answer<bool> {
        let engine = &self.engine;
        let mut tx = engine.store.begin_read().await?;
        let Some(found) = surveyed::good(&mut tx, code, now).await? else { return Ok(false) };
        let written = surveyed::message(&engine.office, &mut tx, &found, given, now).await?;
        drop(tx);
        let texts = written.iter().flat_map(|(_, message)| message.texts().cloned()).collect();
        let suggestion = engine.suggest(texts).await.into_iter().flatten().next();
        for _ in 0..TRIES {
            let mut tx = engine.store.begin().await?;
            let Some(found) = surveyed::good(&mut tx, code, now).await? else { return Ok(false) };
            let answered = (given, written.as_ref());
            let judged = (suggestion.as_ref(), &engine.lines());
            match surveyed::take(&engine.office, &mut tx, &found, answered, judged, now).await {
                Ok(true) => {
                    tx.commit().await?;
                    engine.outgoing.notify_one();
                    return Ok(true);
                }
                Ok(false) => return Ok(false),
                Err(CaseworkError::Changed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Changed)
    }
}

impl Survey for SurveyDesk {
    fn is_open<'a>(&'a self, code: &'a str, now: DateTime<Utc>) -> BoxFuture<'a, Answer<bool>> {
        async move {
            let mut tx = self.engine.store.begin_read().await?;
            Ok(surveyed::good(&mut tx, code, now).await?.is_some())
        }
        .boxed()
    }

    fn answer<'a>(&'a self, code: &'a str, given: Given, now: DateTime<Utc>) -> BoxFuture<'a, Answer<bool>> {
        async move { self.keep(code, &given, now).await }.boxed()
    }

    fn figures(&self, year: i32, now: DateTime<Utc>) -> BoxFuture<'_, Answer<Figures>> {
        async move {
            let (from, until) = months(year, london_date(now));
            let mut tx = self.engine.store.begin_read().await?;
            Ok(figures(&survey::tallies(&mut tx, from, until).await?))
        }
        .boxed()
    }
}
