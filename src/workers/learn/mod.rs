//! Learning from officers: at night the heads are fitted anew to the base data and the decisions, and take the live
//! model's place if they are no worse. One program of several on a database does it; all take up what it made.

mod examples;
mod once;
mod outcome;
mod shelf;

use std::{path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use tokio_util::sync::CancellationToken;

pub use examples::{Examples, read as read_examples};
pub use outcome::{LeftOutCount, ModelLine, ModelList, Outcome, RolledBack, Verdict};
pub use shelf::Shelf;

use crate::{
    casework::Office,
    clock::{Clock, london_time},
    config::Labelling,
    labelling::{classifier::LabellingError, live::Live, rows::RowsError, train::TrainError},
    store::{Store, StoreError},
};

/// How often it is looked whether another model is live.
const EVERY: Duration = Duration::from_secs(20);
/// For so long after its time of day a night's refit may begin: a program that was down does not make up for it by day.
const WINDOW: u32 = 180;

/// Why nothing was learnt. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Labelled messages cannot be read.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// The fit.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The encoder, or weights.
    #[error(transparent)]
    Labelling(#[from] LabellingError),
    /// Nothing to replay.
    #[error("there are no labelled messages in {}: what the model knows would be lost. Bring the folder models/data that came with the program, or correct [labelling] {key}", folder.display())]
    NoMessages {
        /// The folder.
        folder: PathBuf,
        /// The key that names it.
        key: &'static str,
    },
    /// Too little to learn from.
    #[error(
        "officers have decided {found} cases that teach something, and learning begins with {least} ([labelling] learn_from): confirm or reclassify more, then try again"
    )]
    TooFew {
        /// Decisions.
        found: usize,
        /// Wanted.
        least: usize,
    },
    /// Another program is at it.
    #[error("another program is learning on this database: wait until it has finished, an hour at most")]
    Busy,
    /// A file of weights cannot be written.
    #[error("{}: {cause}. Give the user heard the right to write there, or correct [labelling] learnt", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// No such model.
    #[error("no model called \"{0}\" was ever in use here: heard train --models lists them")]
    NoSuchModel(String),
    /// The model is in use already.
    #[error("{0} is in use already")]
    InUse(String),
    /// Nothing to take back.
    #[error("the shipped model is in use, and there is nothing to roll back")]
    NothingToRollBack,
    /// The thread ended.
    #[error("the fit broke off; is there enough memory?")]
    Ended,
}

/// What learning needs.
#[derive(Clone)]
pub struct Learning {
    /// The database.
    pub store: Store,
    /// The council.
    pub office: Arc<Office>,
    /// Where weights lie.
    pub shelf: Shelf,
    /// As configured.
    pub settings: Labelling,
    /// The time.
    pub clock: Clock,
    /// This program among others on the same database.
    pub name: String,
    /// The classifier in use here; None where none is: a command.
    pub live: Option<Arc<Live>>,
}

/// The night whose refit may begin at `now`, by the date in London of the time it is set for. None by day.
fn tonight(now: DateTime<Utc>, at: NaiveTime) -> Option<NaiveDate> {
    let minutes = |time: NaiveTime| time.hour() * 60 + time.minute();
    let local = london_time(now);
    let since = (minutes(local.time()) + 1440 - minutes(at)) % 1440;
    (since < WINDOW).then(|| (local - TimeDelta::minutes(i64::from(since))).date())
}

/// Takes up what is live in the database until `stop`.
pub(super) async fn follow(learning: Learning, stop: CancellationToken) {
    let mut said = String::new();
    while super::sleep(None, EVERY, &stop).await {
        match learning.take_up_live().await {
            Ok(Some(model)) => {
                said.clear();
                tracing::info!(model, "another model is in use");
            }
            Ok(None) => said.clear(),
            Err(error) => {
                // Once, not every time: somebody has to bring a file.
                let words = error.to_string();
                if said != words {
                    tracing::warn!(%error, "the live model could not be taken up; the one before goes on");
                    said = words;
                }
            }
        }
    }
}

/// Learns every night until `stop`.
pub(super) async fn nightly(learning: Learning, stop: CancellationToken) {
    let mut tried = None;
    while super::sleep(None, EVERY, &stop).await {
        let Some(night) = tonight(learning.clock.now(), learning.settings.learn_at) else { continue };
        if tried == Some(night) {
            continue;
        }
        tried = Some(night);
        let learnt = tokio::select! {
            () = stop.cancelled() => return,
            learnt = learning.learn_tonight(night) => learnt,
        };
        match learnt {
            Ok(Some(Outcome { model, verdict, reasons, corrections, .. })) => {
                tracing::info!(model, ?verdict, corrections, ?reasons, "learnt from officers");
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "nothing was learnt tonight; tried again tomorrow night"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_night_begins_at_its_time_in_london_and_never_by_day() {
        let half_past_two = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        assert_eq!(tonight(at("2026-11-26T02:29:59Z"), half_past_two), None);
        assert_eq!(tonight(at("2026-11-26T02:30:00Z"), half_past_two), day("2026-11-26"));
        assert_eq!(tonight(at("2026-11-26T05:29:00Z"), half_past_two), day("2026-11-26"));
        assert_eq!(tonight(at("2026-11-26T05:30:00Z"), half_past_two), None);
        // In summer London is an hour ahead.
        assert_eq!(tonight(at("2026-07-01T01:30:00Z"), half_past_two), day("2026-07-01"));
        assert_eq!(tonight(at("2026-07-01T04:45:00Z"), half_past_two), None);
    }

    #[test]
    fn a_night_that_begins_before_midnight_is_one_night() {
        let late = NaiveTime::from_hms_opt(23, 0, 0).unwrap();
        let day = "2026-11-26".parse::<NaiveDate>().ok();
        assert_eq!(tonight(at("2026-11-26T23:10:00Z"), late), day);
        assert_eq!(tonight(at("2026-11-27T01:10:00Z"), late), day);
        assert_eq!(tonight(at("2026-11-27T02:10:00Z"), late), None);
    }

    #[test]
    fn the_hour_that_spring_takes_does_not_take_the_night() {
        // On 28 March 2027 one o'clock is followed by two o'clock.
        let lost = NaiveTime::from_hms_opt(1, 30, 0).unwrap();
        assert_eq!(tonight(at("2027-03-28T01:00:00Z"), lost), "2027-03-28".parse().ok());
    }
}
