//! Checks of what was left alone in managers' mailboxes, over the store and the mailboxes themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

use super::{Answer, case, files, post, sentence, shown_address};
use crate::{
    casework::Office,
    clock::london_date,
    config::MailboxKind,
    elusion::{
        check::{Progress, Refusal, State, Verdict, may_ask, owns},
        estimate::{missed_words, recall_words},
        sample::{Span, at, left_alone, next},
    },
    ids::{CaseReference, Uuid},
    intake::{mailbox::Listed, reading::in_part},
    store::{
        Store, Tx, cases,
        elusion::{self, Answered, CheckRow, Consent, NewCheck, Population},
        intake, officers,
    },
    web::{
        access::{Role, Sees},
        checks_views::{CheckView, Checks, ConsentAction, ConsentView, LeftAlone, Look, ManagersMailbox},
        desk::DeskError,
        views::Officer,
    },
    workers::check::{InMemory, LookError, Looker},
};

/// How a consent that the owner gave on these pages is kept.
const ON_PAGE: &str = "page";

/// Checks over the store.
#[derive(Clone)]
pub struct StoreChecks {
    store: Store,
    office: Arc<Office>,
    looker: Looker,
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

impl From<LookError> for DeskError {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Step(fault) => Self::Unavailable(fault.to_string()),
            other => Self::Refused(sentence(&format!("the mailbox could not be looked into: {other}"))),
        }
    }
}

/// The messages a check draws from now.
struct Pool {
    uid_validity: u32,
    messages: Vec<Listed>,
}

impl StoreChecks {
    /// Checks over `store`, with `looker` for the mailboxes.
    #[must_use]
    pub fn new(store: Store, office: Arc<Office>, looker: Looker) -> Self {
        Self { store, office, looker }
    }

    fn mailbox(&self, name: &str) -> ManagersMailbox {
        ManagersMailbox { name: name.to_owned(), address: self.office.policy(name).address }
    }

    fn owned_by(&self, who: &Officer, mailbox: &str) -> bool {
        owns(&who.email, &self.office.policy(mailbox).address)
    }

    fn view(&self, row: CheckRow, who: &Officer) -> CheckView {
        let (progress, counts) = (row.progress(), row.counts());
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        let consent = row.consent_by.zip(row.consent_on).map(|(by, on)| ConsentView {
            by,
            on,
            how: row.consent_how.filter(|how| how != ON_PAGE),
            recorded_by: row.recorded_by_name,
        });
        CheckView {
            id: row.id,
            from_on: row.from_on,
            to_on: row.to_on,
            wanted: number(row.wanted),
            asked_by: row.asked_by_name,
            asked_at: row.asked_at,
            state: progress.state.as_str(),
            consent,
            ended_by: row.ended_by,
            ended_at: row.ended_at,
            left_alone: counts.left_alone,
            counted: number(row.counted),
            drawn: number(row.drawn),
            shown: progress.shown,
            answered: progress.answered,
            judged: counts.judged,
            missed: counts.missed,
            cases: number(row.cases),
            found: counts.found,
            missed_words: missed_words(counts),
            recall_words: recall_words(counts),
            own: self.owned_by(who, &row.mailbox),
            mine: row.asked_by == who.id,
            mailbox: self.mailbox(&row.mailbox),
        }
    }

    /// The check, if `who` may know of it.
    async fn row(&self, tx: &mut Tx, id: Uuid, who: &Officer) -> Answer<CheckRow> {
        let row = elusion::get(tx, id).await?.ok_or(DeskError::NotFound)?;
        if who.role.sees() != Sees::EveryCase && !self.owned_by(who, &row.mailbox) {
            return Err(DeskError::NotFound);
        }
        Ok(row)
    }

    async fn all(&self, who: &Officer) -> Answer<Vec<CheckView>> {
        let rows = elusion::list(&mut self.store.begin_read().await?).await?;
        let may_know = |row: &CheckRow| who.role.sees() == Sees::EveryCase || self.owned_by(who, &row.mailbox);
        Ok(rows.into_iter().filter(may_know).map(|row| self.view(row, who)).collect())
    }

    async fn begin(&self, mailbox: &str, span: Span, wanted: u32, who: &Officer, now: DateTime<Utc>) -> Answer<Uuid> {
        if !self.mailboxes().iter().any(|known| known.name == mailbox) {
            return Err(DeskError::Refused("Select a manager's mailbox.".to_owned()));
        }
        may_ask(span, wanted, london_date(now))?;
        let id = Uuid::now_v7();
        let mut tx = self.store.begin().await?;
        elusion::put(&mut tx, &NewCheck { id, mailbox, span, wanted, asked_by: who.id }, now).await?;
        let what = format!("asked for a check of {mailbox}: {id}");
        officers::audit(&mut tx, Some(who.id), &what, None, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn say_consent(&self, id: Uuid, action: ConsentAction, who: &Officer, now: DateTime<Utc>) -> Answer<()> {
        let mut tx = self.store.begin().await?;
        let row = self.row(&mut tx, id, who).await?;
        let own = self.owned_by(who, &row.mailbox);
        let progress = row.progress();
        let by = if own { who.name.clone() } else { format!("{}, for the owner", who.name) };
        let (done, what) = match action {
            ConsentAction::Agree if !own => return Err(Refusal::NotTheOwner.into()),
            ConsentAction::Agree => {
                progress.may_consent()?;
                let consent = Consent { by: &who.name, how: ON_PAGE, on: london_date(now), recorded_by: None };
                (elusion::agree(&mut tx, id, &consent, now).await?, "agreed to")
            }
            ConsentAction::Record { by, how, on } => {
                progress.may_consent()?;
                let consent = Consent { by: &by, how: &how, on, recorded_by: Some(who.id) };
                (elusion::agree(&mut tx, id, &consent, now).await?, "wrote down the owner's consent to")
            }
            ConsentAction::Decline => {
                progress.may_consent()?;
                (elusion::end(&mut tx, id, State::Asked, State::Declined, &by, now).await?, "said no to")
            }
            ConsentAction::Withdraw => {
                progress.may_withdraw()?;
                let done = elusion::end(&mut tx, id, State::Agreed, State::Withdrawn, &by, now).await?;
                (done, "took back the consent to")
            }
        };
        if !done {
            return Err(DeskError::Changed);
        }
        officers::audit(&mut tx, Some(who.id), &format!("{what} the check {id}"), None, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What was left alone and still lies in the mailbox.
    async fn pool(&self, row: &CheckRow) -> Answer<Pool> {
        let listing = self.looker.list(&row.mailbox, row.span()).await?;
        let uid_validity = listing.uid_validity;
        if row.uid_validity.is_some_and(|began| began != i64::from(uid_validity)) {
            return Err(Refusal::Rebuilt.into());
        }
        let mut tx = self.store.begin_read().await?;
        let read_to = intake::position(&mut tx, &row.mailbox).await?;
        let kept = elusion::kept(&mut tx, &row.mailbox, uid_validity).await?;
        Ok(Pool { uid_validity, messages: left_alone(&listing, row.span(), read_to, &kept) })
    }

    async fn population(&self, tx: &mut Tx, row: &CheckRow, pool: &Pool) -> Answer<Population> {
        let left_alone = u32::try_from(pool.messages.len()).unwrap_or(u32::MAX);
        let (from, to) = row.span().instants();
        Ok(Population {
            uid_validity: pool.uid_validity,
            left_alone,
            counted: elusion::counted(tx, &row.mailbox, row.span()).await?,
            found: elusion::found(tx, &row.mailbox, from, to).await?,
            drawn: left_alone.min(u32::try_from(row.wanted).unwrap_or(0)),
        })
    }

    async fn show(&self, id: Uuid, place: u32, who: &Officer, now: DateTime<Utc>) -> Answer<Look> {
        let row = self.row(&mut self.store.begin_read().await?, id, who).await?;
        row.progress().may_look(who.id, self.owned_by(who, &row.mailbox), place)?;
        let pool = self.pool(&row).await?;
        let mut after = row.last_rank;
        let mut found = None;
        while found.is_none()
            && let Some((one, rank)) = next(id, pool.uid_validity, &pool.messages, after)
        {
            // What was moved or deleted since the list was made is passed over.
            found = match self.looker.read(&row.mailbox, pool.uid_validity, one).await {
                Ok(message) => message.map(|message| (rank, shown(message))),
                Err(LookError::Unreadable(why)) => Some((rank, unreadable(one, &why))),
                Err(other) => return Err(other.into()),
            };
            after = Some(rank);
        }
        let mut tx = self.store.begin().await?;
        if row.shown == 0 {
            let population = self.population(&mut tx, &row, &pool).await?;
            elusion::begin(&mut tx, id, &population).await?;
        }
        let Some((rank, message)) = found else {
            elusion::end(&mut tx, id, State::Agreed, State::Done, &who.name, now).await?;
            tx.commit().await?;
            return Ok(Look::NoMore);
        };
        // Written down before a word of it leaves this function: whoever was slower is told that it was shown.
        if !elusion::show(&mut tx, id, place, rank).await? {
            return Err(Refusal::Seen.into());
        }
        let what = format!("looked at message {place} of the check {id}");
        officers::audit(&mut tx, Some(who.id), &what, None, now).await?;
        tx.commit().await?;
        Ok(Look::Message(Box::new(message)))
    }

    async fn say(
        &self,
        id: Uuid,
        place: u32,
        verdict: Verdict,
        who: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<Option<CaseReference>> {
        let row = self.row(&mut self.store.begin_read().await?, id, who).await?;
        row.progress().may_answer(who.id, self.owned_by(who, &row.mailbox), place)?;
        let to_keep = match verdict {
            Verdict::MakeCase => {
                let message = self.current(&row).await?;
                let ready = self.looker.ready(&message).await?;
                Some((message, ready))
            }
            _ => None,
        };
        let mut tx = self.store.begin().await?;
        let answered = Answered {
            judged: verdict != Verdict::Unclear,
            missed: matches!(verdict, Verdict::Missed | Verdict::MakeCase),
            case: verdict == Verdict::MakeCase,
        };
        if !elusion::answer(&mut tx, id, place, answered).await? {
            return Err(Refusal::Answered.into());
        }
        let case = match to_keep {
            Some((message, ready)) => {
                let case = self.looker.keep(&mut tx, &row.mailbox, &message, ready, now).await?;
                let of = cases::by_reference(&mut tx, &case.to_string()).await?;
                let what = format!("made message {place} of the check {id} a case");
                officers::audit(&mut tx, Some(who.id), &what, of, now).await?;
                Some(case)
            }
            None => None,
        };
        if i64::from(place) >= row.drawn {
            elusion::end(&mut tx, id, State::Agreed, State::Done, &who.name, now).await?;
        }
        tx.commit().await?;
        if case.is_some() {
            self.looker.wake();
        }
        Ok(case)
    }

    /// The message that is shown now, read once more.
    async fn current(&self, row: &CheckRow) -> Answer<InMemory> {
        let gone = || {
            let words =
                "The message is no longer in the mailbox, so it cannot be made a case. Say what it was all the same.";
            DeskError::Refused(words.to_owned())
        };
        let pool = self.pool(row).await?;
        let one =
            row.last_rank.and_then(|rank| at(row.id, pool.uid_validity, &pool.messages, rank)).ok_or_else(gone)?;
        self.looker.read(&row.mailbox, pool.uid_validity, one).await?.ok_or_else(gone)
    }

    async fn stop(&self, id: Uuid, who: &Officer, now: DateTime<Utc>) -> Answer<()> {
        let mut tx = self.store.begin().await?;
        let row = self.row(&mut tx, id, who).await?;
        let Progress { state, asked_by, .. } = row.progress();
        if asked_by != who.id && who.role != Role::ComplaintsManager {
            return Err(Refusal::NotYours.into());
        }
        // Before anybody has agreed there is nothing to count: it is taken back.
        let to = if state == State::Asked { State::Declined } else { State::Done };
        if !matches!(state, State::Asked | State::Agreed)
            || !elusion::end(&mut tx, id, state, to, &who.name, now).await?
        {
            return Err(Refusal::Over.into());
        }
        officers::audit(&mut tx, Some(who.id), &format!("ended the check {id}"), None, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn shown(message: InMemory) -> LeftAlone {
    let representation = message.prepared.representation;
    let reading = representation.reading;
    let author = reading.author.clone();
    LeftAlone {
        author: author.as_ref().and_then(|author| author.name.clone()),
        address: author.map(|author| shown_address(&author.address)).unwrap_or_default(),
        received_at: representation.received_at,
        automatic: match &reading.automated {
            Some(kind) => post::classified(Some(kind), reading.automated_because.as_deref()),
            None => String::new(),
        },
        unreadable: match (reading.sealed, in_part(&reading.beyond)) {
            (Some(sealed), _) => Some(files::sealed_words(sealed).to_owned()),
            (None, beyond) => beyond.map(|why| sentence(&why)),
        },
        forwarded: reading.forwarded.as_ref().map(case::forwarded),
        files: reading.attachments.iter().map(|file| file.filename.clone()).collect(),
        subject: reading.subject,
        text: reading.visible_text,
        quoted: reading.quoted_text,
    }
}

fn unreadable(one: Listed, why: &str) -> LeftAlone {
    LeftAlone { received_at: one.arrived_at, unreadable: Some(sentence(why)), ..LeftAlone::default() }
}

impl Checks for StoreChecks {
    fn mailboxes(&self) -> Vec<ManagersMailbox> {
        let managers = self.office.mailboxes.iter().filter(|(_, policy)| policy.kind == MailboxKind::Manager);
        managers.map(|(name, _)| self.mailbox(name)).collect()
    }

    fn list<'a>(&'a self, who: &'a Officer) -> BoxFuture<'a, Answer<Vec<CheckView>>> {
        self.all(who).boxed()
    }

    fn check<'a>(&'a self, id: Uuid, who: &'a Officer) -> BoxFuture<'a, Answer<CheckView>> {
        async move {
            let row = self.row(&mut self.store.begin_read().await?, id, who).await?;
            Ok(self.view(row, who))
        }
        .boxed()
    }

    fn ask<'a>(
        &'a self,
        mailbox: &'a str,
        span: Span,
        wanted: u32,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Uuid>> {
        self.begin(mailbox, span, wanted, who, now).boxed()
    }

    fn consent<'a>(
        &'a self,
        id: Uuid,
        action: ConsentAction,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<()>> {
        self.say_consent(id, action, who, now).boxed()
    }

    fn look<'a>(&'a self, id: Uuid, place: u32, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<Look>> {
        self.show(id, place, who, now).boxed()
    }

    fn answer<'a>(
        &'a self,
        id: Uuid,
        place: u32,
        verdict: Verdict,
        who: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Answer<Option<CaseReference>>> {
        self.say(id, place, verdict, who, now).boxed()
    }

    fn end<'a>(&'a self, id: Uuid, who: &'a Officer, now: DateTime<Utc>) -> BoxFuture<'a, Answer<()>> {
        self.stop(id, who, now).boxed()
    }
}
