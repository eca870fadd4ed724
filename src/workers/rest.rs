//! The rest of large messages, fetched to disk piece by piece after their cases were raised.

use futures::StreamExt;

use super::{Engine, StepError, raw::LARGEST};
use crate::{
    intake::mailbox::{Mailbox, MailboxError, Position},
    store::{
        files::FilesError,
        intake,
        rest::{self, RestWanted},
    },
};

/// How often a server may withhold a message before its beginning must do.
const PATIENCE: i64 = 5;

/// Fetches the rest of the oldest large message of a mailbox. False when none waits for it. Killed at any moment, it
/// begins again: the message is still in its mailbox, and its beginning is stored.
pub(super) async fn fetch_one(engine: &Engine, name: &str, source: &mut dyn Mailbox) -> Result<bool, StepError> {
    let wanted = {
        let mut tx = engine.store.begin_read().await?;
        rest::wanted(&mut tx, name).await?
    };
    let Some(wanted) = wanted else { return Ok(false) };
    let mut fault = None;
    let place = Position {
        uid_validity: u32::try_from(wanted.uid_validity).unwrap_or_default(),
        last_uid: u32::try_from(wanted.uid).unwrap_or_default(),
    };
    let pieces = source.whole(place).map(|piece| {
        piece.map_err(|cause| {
            let words = cause.to_string();
            fault = Some(cause);
            std::io::Error::other(words)
        })
    });
    let kept = engine.files.store.put_stream(pieces, LARGEST).await;
    let gone = match (kept, fault) {
        (Ok(file), _) => {
            let mut tx = engine.store.begin().await?;
            rest::is_here(&mut tx, wanted.id, file).await?;
            tx.commit().await?;
            engine.unread.notify_one();
            return Ok(true);
        }
        (_, Some(MailboxError::Gone)) => "its rest was removed from the mailbox before it could be fetched".to_owned(),
        (_, Some(MailboxError::Withheld)) if wanted.attempts + 1 >= PATIENCE => {
            "the mail server does not give its rest".to_owned()
        }
        (_, Some(MailboxError::Withheld)) => return count(engine, &wanted).await,
        (Err(FilesError::TooLarge { at_most }), _) => {
            format!("it is larger than {} MB, so only its beginning was fetched", at_most / 1_000_000)
        }
        (_, Some(fault)) => return Err(fault.into()),
        (Err(fault), None) => return Err(fault.into()),
    };
    let mut tx = engine.store.begin().await?;
    rest::is_gone(&mut tx, wanted.id, &format!("only the beginning of this message could be read: {gone}")).await?;
    tx.commit().await?;
    Ok(true)
}

async fn count(engine: &Engine, wanted: &RestWanted) -> Result<bool, StepError> {
    let mut tx = engine.store.begin().await?;
    intake::count_attempt(&mut tx, wanted.id).await?;
    tx.commit().await?;
    Err(MailboxError::Withheld.into())
}
