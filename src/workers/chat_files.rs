//! Fetches the pictures, recordings and documents that came with messages in chats, and keeps them like files in mail. The service
//! hands them over by their ids, which stand in the stored update; what cannot be fetched now is fetched later.

use chrono::TimeDelta;
use futures::TryStreamExt;
use tokio_util::{
    bytes::{Bytes, BytesMut},
    sync::CancellationToken,
};

use super::{Engine, FileCounts, StepError};
use crate::{
    intake::{
        channel::{ChatService, files_of},
        files::{kinds, text},
        telegram::ChatFile,
    },
    store::attachments::{self, NewAttachment, NewFile, Waiting},
};

/// Taken at once.
const BATCH: i64 = 8;
/// Tries before a file is given up: with the pauses below, about a day.
const ATTEMPTS: i64 = 16;
/// What officers read of a file that could not be had.
const GIVEN_UP: &str = "the chat service did not hand it over; ask them to send it again";

/// Why a file is not here.
enum Missing {
    /// It never will be.
    For(String),
    /// Not now.
    Now(String),
}

/// Fetches the files that are due. What keeps it from that, if something does.
pub(super) async fn fetch_some(
    engine: &Engine,
    counts: &mut FileCounts,
    stop: &CancellationToken,
) -> Result<Option<String>, StepError> {
    let Some(service) = engine.files.chat.clone() else { return Ok(None) };
    let now = engine.clock.now();
    let due = attachments::waiting_in_chats(&mut engine.store.begin_read().await?, now, BATCH).await?;
    let mut fault = None;
    for message in due {
        if stop.is_cancelled() {
            break;
        }
        fault = fetch_of(engine, &*service, message, counts).await?.or(fault);
    }
    Ok(fault)
}

/// Fetches the files of one message, all or none.
async fn fetch_of(
    engine: &Engine,
    service: &dyn ChatService,
    message: Waiting,
    counts: &mut FileCounts,
) -> Result<Option<String>, StepError> {
    let mut tx = engine.store.begin().await?;
    if !attachments::begin(&mut tx, message).await? {
        return Ok(None);
    }
    tx.commit().await?;
    let update = attachments::update_of(&mut engine.store.begin_read().await?, message.id).await?;
    let files = update.and_then(|(mailbox, raw)| Some(files_of(&mailbox, &serde_json::from_slice(&raw).ok()?)));
    let last = message.attempts + 1 >= ATTEMPTS;
    let mut taken = Vec::new();
    for (number, file) in (1..).zip(files.unwrap_or_default()) {
        let bytes = match fetch(engine, service, &file).await {
            Ok(bytes) => Ok(bytes),
            Err(Missing::For(why)) => Err(why),
            Err(Missing::Now(_)) if last => Err(GIVEN_UP.to_owned()),
            Err(Missing::Now(why)) => {
                let now = engine.clock.now();
                let mut tx = engine.store.begin().await?;
                attachments::fetch_later(&mut tx, message.id, now + pause(message.attempts)).await?;
                tx.commit().await?;
                tracing::warn!(representation = %message.id, attempts = message.attempts + 1, "a file in a chat could not be fetched yet");
                return Ok(Some(why));
            }
        };
        let filename = kinds::safe_name(&file.file.filename);
        let about = NewAttachment {
            representation: message.id,
            number,
            inside: None,
            said_type: file.file.content_type.clone(),
            size: i64::try_from(bytes.as_ref().map_or(file.file.size, |bytes| bytes.len() as u64)).unwrap_or(i64::MAX),
            kept: Err(String::new()),
            filename,
        };
        taken.push(keep(engine, about, bytes).await?);
    }
    let now = engine.clock.now();
    let mut tx = engine.store.begin().await?;
    for file in &taken {
        attachments::put(&mut tx, file, now).await?;
        match file.kept {
            Ok(_) => counts.files_kept += 1,
            Err(_) => counts.files_refused += 1,
        }
    }
    attachments::settle(&mut tx, message.id, "done").await?;
    tx.commit().await?;
    counts.messages += 1;
    Ok(None)
}

/// The bytes of a file: what the service hands over is small enough to be held.
async fn fetch(engine: &Engine, service: &dyn ChatService, file: &ChatFile) -> Result<Bytes, Missing> {
    let most = service.largest_file().min(engine.files.rules.largest);
    let too_large = || Missing::For(format!("it is larger than {} MB", most / 1_000_000));
    if file.file.size > most {
        return Err(too_large());
    }
    let mut pieces = service.file(&file.file_id).await.map_err(|fault| match fault.worth_another_try() {
        true => Missing::Now(fault.to_string()),
        false => Missing::For(format!("the chat service does not hand it over ({fault}); ask them to send it again")),
    })?;
    let mut bytes = BytesMut::new();
    while let Some(piece) = pieces.try_next().await.map_err(|fault| Missing::Now(fault.to_string()))? {
        if (bytes.len() + piece.len()) as u64 > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

/// Keeps a file, unless it is of a kind that is not kept.
async fn keep(engine: &Engine, about: NewAttachment, bytes: Result<Bytes, String>) -> Result<NewAttachment, StepError> {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(why) => return Ok(NewAttachment { kept: Err(why), ..about }),
    };
    if let Some(why) = kinds::refusal(&bytes, &about.filename, &engine.files.rules.refuse) {
        return Ok(NewAttachment { kept: Err(why), ..about });
    }
    let media_type = kinds::by_content(&bytes, &about.said_type, &about.filename);
    let has_words = text::has_words(media_type) && !bytes.is_empty();
    let kept = engine.files.store.put(bytes).await?;
    Ok(NewAttachment { kept: Ok(NewFile { hash: kept.hash, media_type, has_words }), ..about })
}

/// Until a file is fetched again: 15 seconds, doubling to 2 hours.
fn pause(attempts: i64) -> TimeDelta {
    let doubled = u32::try_from(attempts.clamp(0, 10)).unwrap_or(0);
    TimeDelta::seconds((15i64 << doubled).min(7200))
}
