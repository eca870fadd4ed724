//! A thank-you and whom it names, over the store.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use super::{Answer, independence::may_deal_with};
use crate::{
    casework::{CaseworkError, pass_thanks_on, why_not_passed_on},
    ids::CaseReference,
    procedure::{case::CaseFile, independence::Directory},
    store::cases,
    web::{
        desk::DeskError,
        thanks_views::{ThankedView, Thanks, ThanksView},
        views::Officer,
    },
    workers::Engine,
};

/// Passes thanks on, with the letters of `engine`.
pub struct ThanksDesk {
    engine: Engine,
}

impl ThanksDesk {
    /// With `engine`.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    async fn found(&self, reference: CaseReference, who: &Officer) -> Answer<ThanksView> {
        let office = &self.engine.office;
        let mut tx = self.engine.store.begin_read().await?;
        let id = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
        may_deal_with(&mut tx, id, who.id).await?;
        let row = cases::get(&mut tx, id).await?.ok_or(DeskError::NotFound)?;
        let history = cases::history(&mut tx, id).await?;
        let case = CaseFile::fold(&history).ok_or_else(|| DeskError::from(CaseworkError::BrokenHistory(id)))?;
        let why_not = why_not_passed_on(office, &mut tx, &row, &case, &self.engine.lines()).await?;
        let reading = cases::opening_message(&mut tx, id).await?.map(|(_, reading)| reading).unwrap_or_default();
        let words = match &reading.form {
            Some(form) => form.answers.clone(),
            None => reading.visible_text.clone(),
        };
        Ok(ThanksView {
            reference: row.reference,
            version: case.version,
            people: people(&office.directory, &words),
            words,
            why_not: why_not.map(super::sentence),
        })
    }
}

/// Who is named in `words`, and who manages them.
fn people(directory: &Directory, words: &str) -> Vec<ThankedView> {
    let mut people: Vec<ThankedView> = Vec::new();
    let named = directory.named_in(words, &Directory::default());
    let found: Vec<_> = named.iter().filter_map(|one| directory.by_email(&one.email)).collect();
    let managers = found.iter().filter_map(|one| directory.by_email(one.manager.as_deref()?));
    let all = found.iter().map(|one| (*one, false)).chain(managers.map(|one| (one, true)));
    for (one, manages) in all {
        if people.iter().all(|known| known.email != one.email) {
            let (email, name, job) = (one.email.clone(), one.name.clone(), one.job.clone());
            people.push(ThankedView { email, name, job, manages });
        }
    }
    people
}

impl Thanks for ThanksDesk {
    fn thanks<'a>(&'a self, case: CaseReference, who: &'a Officer) -> BoxFuture<'a, Answer<ThanksView>> {
        Box::pin(self.found(case, who))
    }

    fn pass_on<'a>(
        &'a self,
        (reference, version): (CaseReference, i64),
        to: Vec<String>,
        words: String,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut tx = self.engine.store.begin().await?;
            let id = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
            may_deal_with(&mut tx, id, who.id).await?;
            let (office, lines) = (&self.engine.office, self.engine.lines());
            pass_thanks_on(office, &mut tx, (id, version), who.id, (&to, &words), &lines, now).await?;
            tx.commit().await?;
            self.engine.outgoing.notify_one();
            Ok(())
        })
    }
}
