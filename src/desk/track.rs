//! The page on which a family sees where its case stands, over the store; and what officers see and do of its links.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};

use super::{Answer, Wake, hex, independence::may_deal_with, shown_address};
use crate::{
    casework::{
        self, CaseworkError, Office,
        track::{self as tracked, Told, ToldFile},
    },
    clock::london_date,
    ids::{CaseReference, Uuid},
    intake::{
        files::{FileKeeper, kinds, text},
        prepare::to_label,
        reading::Reading,
    },
    labelling::{classifier::Classifier, danger::danger_words, labels::Suggestion, policy},
    languages::Language,
    procedure::state::State,
    store::{
        Store, Tx,
        attachments::{self, NewFile},
        cases,
        track::{self, Link},
    },
    web::{
        desk::{DeskError, TokenHash},
        families::track_views::{
            Limits, LinkView, LinksView, Said, SentFile, TrackAnswer, TrackLetter, TrackMessage, TrackPoint, TrackView,
            Tracker,
        },
        session::{IDLE, WHOLE},
        views::Officer,
    },
};

/// Files that can be sent at once.
const MOST_FILES: usize = 5;
/// No file may be larger, whatever the settings say: all of them are in memory at once.
const LARGEST: u64 = 10_000_000;
/// How long the classifier is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// So many letters of a message are shown.
const FIRST_WORDS: usize = 160;
/// So often what was sent is tried that meets another change of the case.
const TRIES: usize = 3;
/// The session is noted as used at most this often.
const SEEN_STEP: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// The page over the store.
#[derive(Clone)]
pub struct StoreTracker {
    store: Store,
    office: Arc<Office>,
    files: Option<FileKeeper>,
    classifier: Option<Arc<dyn Classifier>>,
    wake: Wake,
}

impl StoreTracker {
    /// The page. `wake` wakes the workers.
    #[must_use]
    pub fn new(store: Store, office: Arc<Office>, files: Option<FileKeeper>, wake: Wake) -> Self {
        Self { store, office, files, classifier: None, wake }
    }

    /// The same with the classifier in use.
    #[must_use]
    pub fn with_classifier(self, classifier: Option<Arc<dyn Classifier>>) -> Self {
        Self { classifier, ..self }
    }

    /// The link of a session that lasts.
    async fn signed_in(
        &self,
        tx: &mut Tx,
        (code, token): (&str, TokenHash),
        now: DateTime<Utc>,
    ) -> Answer<Option<(Link, track::Session)>> {
        let lasts = |created: DateTime<Utc>, seen: DateTime<Utc>| now - seen < IDLE && now - created < WHOLE;
        Ok(tracked::signed_in(&self.office, tx, (code, &hex(token)), lasts).await?)
    }

    async fn show(
        &self,
        code: &str,
        token: TokenHash,
        language: Language,
        now: DateTime<Utc>,
    ) -> Answer<Option<TrackView>> {
        let mut tx = self.store.begin_read().await?;
        let Some((link, session)) = self.signed_in(&mut tx, (code, token), now).await? else { return Ok(None) };
        let view = view(&self.office, &mut tx, &link, language, now).await?;
        drop(tx);
        if now - session.seen_at >= SEEN_STEP {
            let mut tx = self.store.begin().await?;
            track::session_used(&mut tx, &hex(token), link.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(view))
    }

    /// What the classifier says, if it does in time.
    async fn suggested(&self, words: &str) -> Option<Suggestion> {
        let classifier = self.classifier.as_ref().filter(|_| !words.trim().is_empty())?;
        let reading = Reading { visible_text: words.to_owned(), ..Reading::default() };
        let asked = classifier.label(vec![to_label(&self.office, tracked::PLACE, false, &reading)]);
        tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?.pop()
    }

    /// Keeps the files of what was sent; their bytes are there before the database knows of them.
    async fn keep(&self, files: Vec<SentFile>) -> Answer<Vec<ToldFile>> {
        let mut kept = Vec::new();
        let Some(keeper) = &self.files else { return Ok(kept) };
        for file in files {
            let name = kinds::safe_name(&file.name);
            let media_type = kinds::by_content(&file.bytes, &file.said_type, &name);
            let has_words = text::has_words(media_type) && !file.bytes.is_empty();
            let size = file.bytes.len() as u64;
            let stored =
                keeper.store.put(file.bytes).await.map_err(|fault| DeskError::Unavailable(fault.to_string()))?;
            let said_type = kinds::safe_name(&file.said_type);
            kept.push(ToldFile { name, said_type, size, kept: NewFile { hash: stored.hash, media_type, has_words } });
        }
        Ok(kept)
    }

    async fn keep_said(&self, code: &str, token: TokenHash, said: Said, now: DateTime<Utc>) -> Answer<bool> {
        if self.signed_in(&mut self.store.begin_read().await?, (code, token), now).await?.is_none() {
            return Ok(false);
        }
        let suggestion = self.suggested(&said.words).await;
        let lines = self.classifier.as_ref().and_then(|classifier| classifier.lines()).unwrap_or_default();
        let by_machine = suggestion.as_ref().is_some_and(|one| policy::nature(one, &lines).safeguarding);
        let reads = said.reads;
        let told = Told {
            safeguarding: by_machine || [&said.words, &said.first_line].iter().any(|text| danger_words(text).is_some()),
            files: self.keep(said.files).await?,
            asks: said.asks,
            first_line: said.first_line,
            words: said.words,
            form: said.form,
            suggestion,
        };
        for _ in 0..TRIES {
            let mut tx = self.store.begin().await?;
            let Some((link, _)) = self.signed_in(&mut tx, (code, token), now).await? else { return Ok(false) };
            match tracked::tell(&self.office, &mut tx, &link, &told, now).await {
                Ok(()) => {
                    casework::keep_reading(&mut tx, &link.address, reads).await?;
                    tx.commit().await?;
                    self.wake.outgoing.notify_one();
                    if let Some(keeper) = &self.files {
                        keeper.wake.notify_one();
                    }
                    return Ok(true);
                }
                // An officer did something to the case at the same moment: they did not mean this.
                Err(CaseworkError::Changed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Changed)
    }

    async fn case_for(&self, tx: &mut Tx, reference: CaseReference, officer: &Officer) -> Answer<Uuid> {
        let id = cases::by_reference(tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
        may_deal_with(tx, id, officer.id).await?;
        Ok(id)
    }
}

/// What the page of a link shows.
async fn view(office: &Office, tx: &mut Tx, link: &Link, language: Language, now: DateTime<Utc>) -> Answer<TrackView> {
    let standing = tracked::shows(office, tx, link, now).await?;
    let case = tracked::leads_to(tx, link).await?.unwrap_or(link.case_id);
    let addresses = tracked::addresses(tx, link).await?;
    let said = standing.said(&office.catalogues, language);
    let mut answers: Vec<TrackAnswer> = standing.answers.iter().zip(said.answers).map(answer).collect();
    answers.reverse();
    let mut letters: Vec<TrackLetter> =
        track::letters(tx, case, &addresses).await?.into_iter().map(|one| letter(office, one)).collect();
    letters.reverse();
    let mut names: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for file in attachments::of_case(tx, case).await? {
        names.entry(file.representation_id).or_default().push(file.filename);
    }
    let mut messages: Vec<TrackMessage> = track::messages(tx, case, &addresses)
        .await?
        .into_iter()
        .map(|one| TrackMessage {
            at: one.received_at,
            words: first_words(&one.visible_text),
            files: names.remove(&one.id).unwrap_or_default(),
            channel: one.channel,
        })
        .collect();
    messages.reverse();
    let requests = track::requests(tx, link.id).await?.into_iter().filter(|one| one.kind != "add");
    let over =
        [State::Withdrawn, State::NotAccepted, State::Closed, State::Dismissed, State::NoComplaint, State::Merged];
    Ok(TrackView {
        version: track::version(tx, case).await?.unwrap_or_default(),
        reference: standing.reference.clone(),
        now: said.now,
        next: said.next,
        who: said.who,
        changes: said.changes.into_iter().map(|one| (one.words, one.reasons)).collect(),
        answers,
        promised: said.promises,
        promises: standing.promises.clone(),
        letters,
        messages,
        requests: requests.map(|one| (one.kind, one.asked_at)).collect(),
        next_stage: standing.next_stage.filter(|_| standing.ask_until.is_some_and(|until| standing.today <= until)),
        may_withdraw: !over.contains(&standing.state),
        today: london_date(now),
    })
}

fn answer((given, words): (&crate::procedure::standing::Answered, String)) -> TrackAnswer {
    let points = given.points.points.iter().filter_map(|point| {
        let finding = point.finding.as_ref()?;
        Some(TrackPoint {
            text: point.text.clone(),
            outcome: format!("standing-outcome-{}", finding.outcome.as_str()),
            reasons: finding.reasons.clone(),
            evidence: finding.evidence.clone(),
            remedy: finding.remedy.clone(),
            learning: finding.learning.clone(),
        })
    });
    TrackAnswer { words, points: points.collect() }
}

fn letter(office: &Office, letter: track::Letter) -> TrackLetter {
    let key = format!("track-letter-{}", letter.kind);
    let known = office.catalogues.has(Language::English, &key);
    let how = match (letter.state.as_str(), letter.delivery.as_deref()) {
        ("failed", _) | (_, Some("bounced")) => "failed",
        (_, Some("delivered")) => "arrived",
        ("sent", _) => "sent",
        _ => "waiting",
    };
    TrackLetter {
        kind: if known { key } else { "track-letter-other".to_owned() },
        at: letter.settled_at.unwrap_or(letter.queued_at),
        how,
    }
}

/// The beginning of what they wrote, on one line.
fn first_words(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if words.chars().count() + word.chars().count() > FIRST_WORDS {
            return format!("{} …", if words.is_empty() { word.chars().take(FIRST_WORDS).collect() } else { words });
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

impl Tracker for StoreTracker {
    fn send_figures<'a>(
        &'a self,
        code: &'a str,
        language: Language,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        async move {
            let mut tx = self.store.begin().await?;
            tracked::send_figures(&self.office, &mut tx, (code, language), now).await?;
            tx.commit().await?;
            self.wake.outgoing.notify_one();
            Ok(())
        }
        .boxed()
    }

    fn enter<'a>(
        &'a self,
        code: &'a str,
        figures: &'a str,
        token: TokenHash,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool, DeskError>> {
        async move {
            let mut tx = self.store.begin().await?;
            let entered = tracked::enter(&self.office, &mut tx, (code, figures), &hex(token), now).await?;
            // A try that failed counts too.
            tx.commit().await?;
            Ok(entered)
        }
        .boxed()
    }

    fn view<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        language: Language,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<TrackView>, DeskError>> {
        self.show(code, token, language, now).boxed()
    }

    fn version<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<String>, DeskError>> {
        async move {
            let mut tx = self.store.begin_read().await?;
            let Some((link, _)) = self.signed_in(&mut tx, (code, token), now).await? else { return Ok(None) };
            let case = tracked::leads_to(&mut tx, &link).await?.unwrap_or(link.case_id);
            Ok(track::version(&mut tx, case).await?)
        }
        .boxed()
    }

    fn tell<'a>(
        &'a self,
        code: &'a str,
        token: TokenHash,
        said: Said,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool, DeskError>> {
        self.keep_said(code, token, said, now).boxed()
    }

    fn leave(&self, token: TokenHash) -> BoxFuture<'_, Result<(), DeskError>> {
        async move {
            let mut tx = self.store.begin().await?;
            track::end_session(&mut tx, &hex(token)).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn limits(&self) -> Limits {
        let largest = self.files.as_ref().map_or(0, |keeper| keeper.rules.largest.min(LARGEST));
        Limits { files: if largest == 0 { 0 } else { MOST_FILES }, mb: largest / 1_000_000 }
    }

    fn refuses(&self, file: &SentFile) -> bool {
        let Some(keeper) = &self.files else { return true };
        kinds::refusal(&file.bytes, &kinds::safe_name(&file.name), &keeper.rules.refuse).is_some()
    }

    fn links<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<LinksView, DeskError>> {
        async move {
            let mut tx = self.store.begin_read().await?;
            let id = self.case_for(&mut tx, reference, officer).await?;
            let row = cases::get(&mut tx, id).await?.ok_or(DeskError::NotFound)?;
            let mut links: Vec<LinkView> = track::of_case(&mut tx, id)
                .await?
                .into_iter()
                .map(|link| LinkView {
                    id: link.id,
                    address: shown_address(&link.address),
                    made_at: link.made_at,
                    opened_at: link.opened_at,
                    stopped_at: link.revoked_at,
                })
                .collect();
            links.reverse();
            let to = casework::written_to(&mut tx, &row).await?.address;
            let to = to.filter(|_| self.office.tracker && self.office.may_write_about(&row.mailbox));
            Ok(LinksView { reference: reference.to_string(), links, to: to.map(|address| shown_address(&address)) })
        }
        .boxed()
    }

    fn stop<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        link: Uuid,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        async move {
            let mut tx = self.store.begin().await?;
            let id = self.case_for(&mut tx, reference, officer).await?;
            tracked::stop(&mut tx, id, link, officer.id, now).await?;
            Ok(tx.commit().await?)
        }
        .boxed()
    }

    fn send_new<'a>(
        &'a self,
        reference: CaseReference,
        officer: &'a Officer,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        async move {
            let mut tx = self.store.begin().await?;
            let id = self.case_for(&mut tx, reference, officer).await?;
            tracked::send_new(&self.office, &mut tx, id, officer.id, now).await?;
            tx.commit().await?;
            self.wake.outgoing.notify_one();
            Ok(())
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_a_line_and_no_more() {
        assert_eq!(first_words(" Hello\n\nthere  "), "Hello there");
        let long = first_words(&"word ".repeat(100));
        assert!(long.ends_with("word …") && long.chars().count() <= FIRST_WORDS + 2, "{long}");
        assert_eq!(first_words(&"x".repeat(400)).chars().count(), FIRST_WORDS + 2);
    }
}
