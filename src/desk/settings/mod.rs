//! What the pages about settings show, over the store and the office: lines, staff directory, bank holidays, letters, audit.

mod audit;
mod directory;
mod holidays;
mod letters;
mod thresholds;

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

use super::Answer;
use crate::{
    casework::Office,
    config,
    labelling::{classifier::Classifier, policy::Lines},
    replies::render::Rendered,
    store::Store,
    web::{
        settings_views::{
            AuditAsk, AuditView, DirectoryView, HolidayChange, HolidayTrial, HolidaysView, LetterPreview, LettersView,
            Settings, ThresholdsView,
        },
        views::Officer,
    },
};

/// The settings over the store.
#[derive(Clone)]
pub struct StoreSettings {
    store: Store,
    office: Arc<Office>,
    classifier: Option<Arc<dyn Classifier>>,
    /// The lines where no classifier says its own.
    lines: Lines,
    letters: PathBuf,
    directory: Option<PathBuf>,
    extra: Vec<chrono::NaiveDate>,
}

impl StoreSettings {
    /// What `settings` say, over `store`. `lines` hold where `classifier` does not say its own.
    #[must_use]
    pub fn new(
        store: Store,
        office: Arc<Office>,
        (classifier, lines): (Option<Arc<dyn Classifier>>, Lines),
        settings: &config::Settings,
    ) -> Self {
        Self {
            store,
            office,
            classifier,
            lines,
            letters: settings.letters.folder.clone(),
            directory: settings.staff.directory.clone(),
            extra: settings.council.extra_bank_holidays.clone(),
        }
    }
}

impl Settings for StoreSettings {
    fn thresholds<'a>(&'a self, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<ThresholdsView>> {
        thresholds::view(self, who, now).boxed()
    }

    fn directory<'a>(&'a self, search: &'a str) -> BoxFuture<'a, Answer<DirectoryView>> {
        directory::view(self, search).boxed()
    }

    fn holidays(&self, now: DateTime<Utc>) -> BoxFuture<'_, Answer<HolidaysView>> {
        holidays::view(self, now).boxed()
    }

    fn try_holidays<'a>(&'a self, change: &'a HolidayChange, who: &'a Officer) -> BoxFuture<'a, Answer<HolidayTrial>> {
        holidays::trial(self, change, who).boxed()
    }

    fn change_holidays<'a>(
        &'a self,
        change: &'a HolidayChange,
        version: i64,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        holidays::change(self, change, version, who, now).boxed()
    }

    fn letters(&self) -> LettersView {
        letters::list(self)
    }

    fn letter(&self, name: &str, variant: usize) -> Answer<LetterPreview> {
        letters::preview(self, name, variant)
    }

    fn letter_to_print(&self, name: &str, variant: usize) -> Answer<Rendered> {
        letters::rendered(self, name, variant)
    }

    fn audit<'a>(
        &'a self,
        ask: &'a AuditAsk,
        who: &'a Officer,
        with_cases: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<AuditView>> {
        audit::view(self, ask, (who, with_cases), now).boxed()
    }

    fn audit_table<'a>(
        &'a self,
        ask: &'a AuditAsk,
        who: &'a Officer,
        with_cases: bool,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Vec<u8>>> {
        audit::table(self, ask, (who, with_cases), now).boxed()
    }
}
