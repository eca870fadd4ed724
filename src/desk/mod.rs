//! The officers' desk over the real store: what [`crate::web`] asks for, answered from the database, and what officers
//! do, handed to [`casework`].

mod accounts;
mod answer;
mod bundle;
mod case;
pub mod changes;
pub mod checks;
mod command;
mod contributions;
mod course;
mod documents;
mod dues;
mod faults;
mod files;
mod given;
mod health;
mod history;
mod independence;
mod joint;
mod paper;
mod people;
mod post;
mod queue;
mod recount;
mod rights;
mod safeguarding;
mod saved_views;
mod search;
mod second_factor;
pub mod settings;
mod sorting;
mod step_words;
pub mod survey;
pub mod tell_us;
pub mod thanks;
pub mod track;
pub mod users;
mod wake;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

pub use rights::what_goes;
pub use second_factor::SecondFactors;
pub use wake::Wake;
use words::{capital, place, sentence, shown_address, shown_letter};

use crate::{
    casework::{self, Office},
    ids::{CaseReference, Uuid},
    intake::files::FileKeeper,
    labelling::classifier::Classifier,
    procedure::event::{Event, Settlement},
    store::{Store, cases, intake, lists, officers, upkeep},
    web::{
        bundle_views::{BundleAsk, BundleView},
        desk::{
            About, Account, Desk, DeskAction, DeskError, Done, Download, LetterAction, MailAction, NewDocument,
            Session, StepLetter, TokenHash, ViewAction,
        },
        joint_views::{JointAction, Joints},
        live::Live,
        paper_views::{Paper, Printing},
        session::WHOLE,
        views::{
            CaseView, FiledMessage, HealthView, Officer, OfficerRow, Quarantined, QueueCounts, QueuePage, QueueQuery,
            Undelivered, Waiting,
        },
    },
};

/// The desk over the store.
#[derive(Clone)]
pub struct StoreDesk {
    store: Store,
    office: Arc<Office>,
    model: Option<String>,
    classifier: Option<Arc<dyn Classifier>>,
    wake: Wake,
    files: Option<FileKeeper>,
    factors: Option<Arc<SecondFactors>>,
}

impl StoreDesk {
    /// A desk. `model` is the name of the classifier in use, None when there is none; `wake` wakes the workers.
    #[must_use]
    pub fn new(store: Store, office: Arc<Office>, model: Option<String>, wake: Wake) -> Self {
        Self { store, office, model, classifier: None, wake, files: None, factors: None }
    }

    /// The same with the classifier in use, which says itself which model it is now.
    #[must_use]
    pub fn with_classifier(self, classifier: Option<Arc<dyn Classifier>>) -> Self {
        Self { classifier, ..self }
    }

    /// The same with files that can be opened.
    #[must_use]
    pub fn with_files(self, files: FileKeeper) -> Self {
        Self { files: Some(files), ..self }
    }

    /// The same with second factors, which need a key.
    #[must_use]
    pub fn with_second_factors(self, factors: SecondFactors) -> Self {
        Self { factors: Some(Arc::new(factors)), ..self }
    }

    async fn unseen(&self, reference: CaseReference, officer: &Officer, now: DateTime<Utc>) -> Answer<CaseView> {
        let mut tx = self.store.begin_read().await?;
        Ok(case::view(&self.office, self.files.as_ref(), &mut tx, (reference, officer.id), now).await?.1)
    }

    async fn change(
        &self,
        reference: CaseReference,
        officer: &Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> Answer<Done> {
        let mut tx = self.store.begin().await?;
        let id = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
        independence::may_deal_with(&mut tx, id, officer.id).await?;
        let (office, by) = (&*self.office, officer.id);
        let stays = |version| Done { version, go_on: None };
        let done = match action {
            DeskAction::SetComplainant(_)
            | DeskAction::AcceptSender { .. }
            | DeskAction::SamePerson { .. }
            | DeskAction::AnotherPerson { .. }
            | DeskAction::SetGroup(_)
            | DeskAction::SetSubject { .. }
            | DeskAction::AdmitManager { .. } => {
                stays(people::say(office, &mut tx, (id, version), by, action, now).await?)
            }
            DeskAction::SetPoints(_)
            | DeskAction::Answer { .. }
            | DeskAction::TakePoints { .. }
            | DeskAction::Extend { .. }
            | DeskAction::Step { .. }
            | DeskAction::Close { .. }
            | DeskAction::Reopen { .. } => stays(answer::say(office, &mut tx, (id, version), by, action, now).await?),
            DeskAction::Undo | DeskAction::Merge { .. } | DeskAction::KeepApart | DeskAction::Move { .. } => {
                sorting::correct(office, &mut tx, (id, version), by, action, now).await?
            }
            DeskAction::Safeguarding(step) => {
                stays(safeguarding::say(office, &mut tx, (id, version), by, step, now).await?)
            }
            other => {
                let command = command::command(&mut tx, id, other).await?;
                stays(casework::act(office, &mut tx, id, Some(version), Some(by), &command, now).await?)
            }
        };
        tx.commit().await?;
        self.wake.outgoing.notify_one();
        Ok(done)
    }

    async fn letter(&self, id: Uuid, officer: &Officer, action: LetterAction, now: DateTime<Utc>) -> Answer<()> {
        let mut tx = self.store.begin().await?;
        independence::may_mend(&mut tx, id, officer.id).await?;
        match action {
            LetterAction::Send => casework::release_letter(&self.office, &mut tx, id, officer.id, now).await?,
            LetterAction::SendTo { address } => {
                casework::send_again(&self.office, &mut tx, id, &address, officer.id, now).await?;
            }
            LetterAction::Arrived { why } => {
                casework::settle_letter(&self.office, &mut tx, id, Settlement::Arrived, &why, officer.id, now).await?;
            }
            LetterAction::Told { why } => {
                casework::settle_letter(&self.office, &mut tx, id, Settlement::Told, &why, officer.id, now).await?;
            }
            LetterAction::Drop { why } => {
                casework::drop_letter(&self.office, &mut tx, id, &why, officer.id, now).await?;
            }
        }
        tx.commit().await?;
        self.wake.outgoing.notify_one();
        Ok(())
    }

    async fn mail(&self, id: Uuid, officer: &Officer, action: MailAction, now: DateTime<Utc>) -> Answer<()> {
        let mut tx = self.store.begin().await?;
        let (mailbox, in_part) = intake::quarantined_in(&mut tx, id).await?.ok_or(DeskError::NotFound)?;
        let (done, what) = match action {
            MailAction::ReadAgain => (intake::read_again(&mut tx, id).await?, "had unreadable mail read again"),
            MailAction::SetAside { why } if in_part => (
                intake::set_aside(&mut tx, id, &format!("an officer looked at all of it: {why}")).await?,
                "looked at mail that was read in part",
            ),
            // Private mail that is nothing for us leaves nothing behind.
            MailAction::SetAside { .. } if health::is_private(&self.office, &mailbox) => {
                (intake::forget_delivery(&mut tx, id, "quarantined").await?, "had unreadable private mail forgotten")
            }
            MailAction::SetAside { why } => (
                intake::set_aside(&mut tx, id, &format!("set aside by an officer: {why}")).await?,
                "set unreadable mail aside",
            ),
        };
        if !done {
            return Err(DeskError::NotFound);
        }
        officers::audit(&mut tx, Some(officer.id), &format!("{what}: {id}"), None, now).await?;
        tx.commit().await?;
        self.wake.unread.notify_one();
        Ok(())
    }
}

type Answer<T> = Result<T, DeskError>;

fn role(word: &str) -> Answer<crate::web::access::Role> {
    word.parse().map_err(|fault| DeskError::Unavailable(format!("an account's role is \"{word}\": {fault}")))
}

/// A count from the database, which is never negative.
fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn hex(token: TokenHash) -> String {
    data_encoding::HEXLOWER.encode(&token)
}

/// Whether this event is a decision that stands for confirming.
fn confirms(event: &Event) -> bool {
    matches!(event, Event::Confirmed | Event::Reclassified { .. })
}

impl Live for StoreDesk {
    fn counts<'a>(&'a self, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<QueueCounts>> {
        async move { queue::counts(&self.office, &mut self.store.begin_read().await?, officer.id, now).await }.boxed()
    }
}

impl Desk for StoreDesk {
    fn queue<'a>(
        &'a self,
        query: &'a QueueQuery,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<QueuePage>> {
        async move {
            let mut tx = self.store.begin_read().await?;
            let scanner = self.files.as_ref().is_some_and(|files| files.scanner.is_some());
            queue::page(&self.office, scanner, &mut tx, query, officer, now).await
        }
        .boxed()
    }

    fn case<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<CaseView>> {
        case::look(self, reference, officer, now).boxed()
    }

    fn peek<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<CaseView>> {
        self.unseen(reference, officer, now).boxed()
    }

    fn file<'a>(
        &'a self,
        reference: CaseReference,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Download>> {
        self.open_file(reference, id, officer, now).boxed()
    }

    fn add_document<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        document: NewDocument,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        self.keep_document(reference, officer, document, now).boxed()
    }

    fn document<'a>(
        &'a self,
        reference: CaseReference,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Download>> {
        self.open_document(reference, id, officer, now).boxed()
    }

    fn paper<'a>(&'a self, ask: Printing, officer: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<Paper>> {
        paper::of(self, ask, officer, now).boxed()
    }

    fn bundle_list<'a>(
        &'a self,
        of: (CaseReference, &'a Officer),
        names: Option<(&'a [String], bool)>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<BundleView>> {
        self.bundle_view(of, names, now).boxed()
    }

    fn bundle<'a>(
        &'a self,
        ask: BundleAsk,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Download>> {
        self.make_bundle(ask, officer, now).boxed()
    }

    fn act<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        version: i64,
        action: DeskAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Done>> {
        self.change(reference, officer, version, action, now).boxed()
    }

    fn step_letter<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        about: (About<'a>, Option<&'a str>),
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<StepLetter>> {
        course::letter(&self.store, &self.office, (reference, officer.id), about, now).boxed()
    }

    fn contribution(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Answer<casework::Asked>> {
        contributions::asked(self, token, now).boxed()
    }

    fn contribute(&self, token: TokenHash, words: String, now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        contributions::give(self, token, words, now).boxed()
    }

    fn health(&self, now: DateTime<Utc>) -> BoxFuture<'_, Answer<HealthView>> {
        async move {
            let mut tx = self.store.begin_read().await?;
            let model = self.classifier.as_ref().map(|classifier| classifier.model()).or_else(|| self.model.clone());
            health::view(&self.office, model.as_deref(), self.files.as_ref(), &mut tx, now).await
        }
        .boxed()
    }

    fn quarantine(&self) -> BoxFuture<'_, Answer<Vec<Quarantined>>> {
        async move { health::quarantine(&self.office, &mut self.store.begin_read().await?).await }.boxed()
    }

    fn quarantined(&self, id: Uuid) -> BoxFuture<'_, Answer<Quarantined>> {
        async move { health::quarantined(&self.office, &mut self.store.begin_read().await?, id).await }.boxed()
    }

    fn mend_mail<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: MailAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        self.mail(id, officer, action, now).boxed()
    }

    fn mend_letter<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        action: LetterAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        self.letter(id, officer, action, now).boxed()
    }

    fn joints<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Answer<Joints>> {
        async move { joint::view(&mut self.store.begin_read().await?, officer.id).await }.boxed()
    }

    fn mend_joint<'a>(
        &'a self,
        officer: &'a Officer,
        action: JointAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        async move {
            let mut tx = self.store.begin().await?;
            let reference = joint::mend(&self.office, &mut tx, action, officer.id, now).await?;
            tx.commit().await?;
            Ok(reference)
        }
        .boxed()
    }

    fn change_view<'a>(
        &'a self,
        officer: &'a Officer,
        action: ViewAction,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        saved_views::change(self, officer, action, now).boxed()
    }

    fn waiting<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Answer<Waiting>> {
        async move { post::waiting(&mut self.store.begin_read().await?, officer.id).await }.boxed()
    }

    fn undelivered<'a>(&'a self, officer: &'a Officer) -> BoxFuture<'a, Answer<Undelivered>> {
        async move { post::undelivered(&mut self.store.begin_read().await?, officer.id).await }.boxed()
    }

    fn filed(&self) -> BoxFuture<'_, Answer<Vec<FiledMessage>>> {
        async move { post::filed_messages(&mut self.store.begin_read().await?).await }.boxed()
    }

    fn open_filed<'a>(
        &'a self,
        id: Uuid,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<CaseReference>> {
        async move {
            let mut tx = self.store.begin().await?;
            let opened = casework::open_filed(&self.office, &mut tx, id, officer.id, now).await?;
            tx.commit().await?;
            Ok(opened.reference)
        }
        .boxed()
    }

    fn officers(&self) -> BoxFuture<'_, Answer<Vec<OfficerRow>>> {
        self.all_officers().boxed()
    }

    fn account<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Answer<Option<Account>>> {
        self.find_account(email).boxed()
    }

    fn record_sign_in(&self, officer: Uuid, succeeded: bool, now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            let what = if succeeded { upkeep::SIGNED_IN } else { "failed to sign in" };
            officers::audit(&mut tx, Some(officer), what, None, now).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn open_session(&self, token: TokenHash, officer: Uuid, now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            officers::begin_session(&mut tx, &hex(token), officer, now, now + WHOLE).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn session(&self, token: TokenHash) -> BoxFuture<'_, Answer<Option<Session>>> {
        self.find_session(token).boxed()
    }

    fn session_seen(&self, token: TokenHash, now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            officers::session_used(&mut tx, &hex(token), now).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn end_session(&self, token: TokenHash, _now: DateTime<Utc>) -> BoxFuture<'_, Answer<()>> {
        async move {
            let mut tx = self.store.begin().await?;
            officers::end_session(&mut tx, &hex(token)).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn ready(&self) -> BoxFuture<'_, Answer<()>> {
        async move { Ok(lists::ping(&mut self.store.begin_read().await?).await?) }.boxed()
    }
}
