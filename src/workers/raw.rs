//! The bytes of large messages: kept as files, never all of them in memory.

use std::io::Read;

use futures::{Stream, StreamExt, TryStreamExt};
use tokio_util::bytes::Bytes;

use super::StepError;
use crate::{
    ids::Uuid,
    intake::{
        outline::{Limits, Outline, Outliner},
        reading::{Reading, in_part},
    },
    store::{
        files::{ContentHash, FileStore, FilesError, KeptFile},
        intake::{Delivery, DeliveryState},
    },
};

/// A message above this size (bytes) is kept as a file instead of in its row.
pub(super) const IN_ROW: usize = 1024 * 1024;
/// So much of it stays in its row: what officers see of a message that cannot be read.
const BEGINNING: usize = 64 * 1024;
/// Larger messages are not fetched to the end (bytes). Mail servers refuse them long before.
pub(super) const LARGEST: u64 = 256 * 1024 * 1024;
/// So much of a message tells which it is (bytes).
pub(super) const FIRST: u64 = 1024 * 1024;

/// What stays in the row of a message that is kept as a file.
pub(super) fn beginning(raw: &[u8]) -> &[u8] {
    raw.get(..BEGINNING).unwrap_or(raw)
}

/// Keeps a message as a file if it is large and all of it is here.
pub(super) async fn keep(files: &FileStore, raw: &[u8], cut: bool) -> Result<Option<KeptFile>, StepError> {
    if cut || raw.len() <= IN_ROW {
        return Ok(None);
    }
    Ok(Some(files.put(Bytes::copy_from_slice(raw)).await?))
}

/// Keeps as a file what `reader` gives.
pub(super) async fn keep_reader(files: &FileStore, reader: Box<dyn Read + Send>) -> Result<KeptFile, StepError> {
    let pieces = futures::stream::try_unfold(reader, |reader| async move {
        let piece = tokio::task::spawn_blocking(move || {
            let (mut reader, mut piece) = (reader, Vec::new());
            reader.by_ref().take(FIRST).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), reader)))
        });
        piece.await.map_err(std::io::Error::other)?
    });
    Ok(files.put_stream(pieces, LARGEST).await?)
}

/// The first bytes of a message and its outline.
pub(super) struct Outlined {
    pub first: Vec<u8>,
    pub outline: Outline,
}

/// Reads `pieces` to their end.
pub(super) async fn outlined<E>(pieces: impl Stream<Item = Result<Bytes, E>>) -> Result<Outlined, E> {
    let (mut first, mut outliner) = (Vec::new(), Outliner::new(Limits::default()));
    let mut pieces = std::pin::pin!(pieces);
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        for piece in piece.chunks(64 * 1024) {
            outliner.push(piece);
            // A message of a hundred megabytes must not hold up the other tasks of this thread.
            tokio::task::yield_now().await;
        }
        let room = usize::try_from(FIRST).unwrap_or(usize::MAX).saturating_sub(first.len());
        first.extend_from_slice(piece.get(..room).unwrap_or(&piece));
    }
    Ok(Outlined { first, outline: outliner.finish() })
}

/// The outline of a stored message that lies in a file; None for one in its row. A file that is not there any more is
/// named, for an officer.
pub(super) async fn of_delivery(
    files: &FileStore,
    delivery: &Delivery,
) -> Result<Option<Result<Outlined, String>>, StepError> {
    let Some(name) = &delivery.raw_file else { return Ok(None) };
    let Ok(hash) = name.parse::<ContentHash>() else { return Ok(Some(Err("its file has no name".to_owned()))) };
    match files.get(hash).await {
        Ok((_, pieces)) => Ok(Some(Ok(outlined(pieces.map_err(StepError::from)).await?))),
        Err(missing @ FilesError::Missing(_)) => Ok(Some(Err(missing.to_string()))),
        Err(fault) => Err(fault.into()),
    }
}

/// How a delivery is settled that was stored as `representation`: what was read in part is also shown to an officer.
/// `why` holds the reason.
pub(super) fn settled<'a>(
    representation: Uuid,
    reading: &Reading,
    rest_wanted: bool,
    why: &'a mut Option<String>,
) -> DeliveryState<'a> {
    // While the rest is on its way, nothing is to be looked at yet.
    *why = if rest_wanted { None } else { in_part(&reading.beyond) };
    match why {
        Some(why) => DeliveryState::InPart(representation, why),
        None => DeliveryState::Read(representation),
    }
}
