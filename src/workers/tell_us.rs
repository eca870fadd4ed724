//! Takes in what was sent by our own form, while whoever sent it waits: stored and settled in one transaction, with the files.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use tokio_util::bytes::Bytes;

use super::{
    Engine, StepError,
    raw::{self, IN_ROW},
};
use crate::{
    casework::CaseworkError,
    clock::london_date,
    ids::Uuid,
    intake::{
        own_form::{SentFile, Submission, WEB_FORM},
        prepare,
        settle::{Settled, settle},
    },
    procedure::{case::CaseFile, event::Nature},
    store::{
        Tx,
        cases::{self, CaseRow},
        files::KeptFile,
        intake::{self, DeliveryState, Known, NewDelivery},
    },
};

/// So long the same message is the same one: a page that is loaded again.
const SAME_FOR: TimeDelta = TimeDelta::hours(12);
/// So often it is tried when somebody else changed what it touches.
const TRIES: usize = 3;

/// What became of it.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It is a case.
    Case {
        /// The case.
        row: Box<CaseRow>,
        /// What it seems to be.
        nature: Nature,
    },
    /// It is kept, and an officer looks at it first.
    Held,
}

/// Takes in `submission` with its `files`. `held`: why an officer looks at it first, if so.
///
/// # Errors
///
/// [`StepError`]; nothing of it is stored then.
pub async fn take(
    engine: &Engine,
    submission: &Submission,
    files: Vec<SentFile>,
    held: Option<&str>,
) -> Result<Taken, StepError> {
    let now = engine.clock.now();
    let hash = submission.hash(&files);
    if let Some(known) = sent_before(engine, &hash, now).await? {
        return taken(&mut engine.store.begin_read().await?, known.case_id).await;
    }
    let mail = submission.to_mail(&files);
    drop(files);
    let message = prepare::own_form(&engine.office, submission, &hash, now);
    let suggestions: Vec<_> = match held {
        None => engine.suggest(message.texts().cloned().collect()).await.into_iter().flatten().collect(),
        Some(_) => Vec::new(),
    };
    let (beginning, raw_file) = keep(engine, mail).await?;
    let delivery = NewDelivery {
        mailbox: WEB_FORM,
        // Apart from what mail servers number: the same message has the same number on the same day.
        uid_validity: if held.is_some() { 1 } else { 2 },
        uid: number(&prepare::form_key(&hash, now)),
        arrived_at: now,
        raw: &beginning,
        cut_from: None,
        raw_file,
    };
    if let Some(why) = held {
        let mut tx = engine.store.begin().await?;
        intake::put_delivery(&mut tx, &delivery, DeliveryState::Quarantined(why), now).await?;
        tx.commit().await?;
        return Ok(Taken::Held);
    }
    let policy = engine.office.policy(WEB_FORM);
    let mut tries = 0;
    let case = loop {
        tries += 1;
        let mut tx = engine.store.begin().await?;
        let settled = match settle(&engine.office, &engine.lines(), &mut tx, &policy, &message, &suggestions, now).await
        {
            Err(CaseworkError::Changed) if tries < TRIES => continue,
            settled => settled?,
        };
        if let Some(id) = settled.representation() {
            intake::put_delivery(&mut tx, &delivery, DeliveryState::Read(id), now).await?;
        }
        let case = match settled {
            Settled::Opened(_, opened) => Some(opened.id),
            Settled::Again(_) => {
                intake::by_content(&mut tx, &message.representation.content_key).await?.and_then(|known| known.case_id)
            }
            Settled::Joined(_) | Settled::Filed(_) | Settled::Forgotten => None,
        };
        tx.commit().await?;
        break case;
    };
    engine.outgoing.notify_one();
    engine.files.wake.notify_one();
    taken(&mut engine.store.begin_read().await?, case).await
}

/// The same message, if it came a short while ago.
async fn sent_before(engine: &Engine, hash: &str, now: DateTime<Utc>) -> Result<Option<Known>, StepError> {
    let mut tx = engine.store.begin_read().await?;
    let today = intake::by_content(&mut tx, &prepare::form_key(hash, now)).await?;
    if today.is_some() || london_date(now) == london_date(now - SAME_FOR) {
        return Ok(today);
    }
    let before = intake::by_content(&mut tx, &prepare::form_key(hash, now - SAME_FOR)).await?;
    Ok(before.filter(|known| now - known.received_at <= SAME_FOR))
}

async fn taken(tx: &mut Tx, case: Option<Uuid>) -> Result<Taken, StepError> {
    let Some(id) = case else { return Ok(Taken::Held) };
    let row = cases::get(tx, id).await?;
    let file = CaseFile::fold(&cases::history(tx, id).await?);
    Ok(match row.zip(file) {
        Some((row, file)) => Taken::Case { row: Box::new(row), nature: file.nature },
        None => Taken::Held,
    })
}

/// What stays in the row, and the file that holds all of a large message.
async fn keep(engine: &Engine, mail: Vec<u8>) -> Result<(Vec<u8>, Option<KeptFile>), StepError> {
    if mail.len() <= IN_ROW {
        return Ok((mail, None));
    }
    let beginning = raw::beginning(&mail).to_vec();
    Ok((beginning, Some(engine.files.store.put(Bytes::from(mail)).await?)))
}

/// A number that says which message it is.
fn number(key: &str) -> i64 {
    let hash = Sha256::digest(key.as_bytes());
    hash.iter().take(8).fold(0i64, |number, byte| (number << 8) | i64::from(*byte)) & i64::MAX
}
