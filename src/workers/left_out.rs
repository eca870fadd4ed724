//! Files of a large message: each streamed out of the stored message into a file of its own, never all of it in memory.

use std::io::{self, Read};

use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::mpsc;
use tokio_util::{
    bytes::{Bytes, BytesMut},
    io::{StreamReader, SyncIoBridge},
};

use super::StepError;
use crate::{
    intake::outline::{self, LeftOut},
    store::files::{ContentHash, FileStore, KeptFile},
};

/// So much of a file tells what it is (bytes).
const HEAD: usize = 1024 * 1024;
/// So much is decoded at once (bytes).
const PIECE: usize = 64 * 1024;
/// Pieces that wait to be written.
const WAITING: usize = 4;

/// What became of a file.
pub(super) enum Streamed {
    /// It is kept; its beginning.
    Kept(KeptFile, Bytes),
    /// It is not, and why.
    Refused(String),
}

/// Keeps the file at `part` of the stored message `message`, unless `refusal` finds a reason against it in its beginning.
/// A file has at most `at_most` bytes.
pub(super) async fn keep(
    files: &FileStore,
    message: ContentHash,
    part: LeftOut,
    at_most: u64,
    refusal: impl FnOnce(&[u8]) -> Option<String>,
) -> Result<Streamed, StepError> {
    let raw = files.range(message, part.offset..part.offset.saturating_add(part.length)).await?;
    let raw = SyncIoBridge::new(StreamReader::new(raw.map_err(io::Error::other)));
    let (send, mut receive) = mpsc::channel::<io::Result<Bytes>>(WAITING);
    let decoding = tokio::task::spawn_blocking(move || {
        let mut decoded = outline::decoded(raw, part.encoding);
        loop {
            let mut piece = vec![0; PIECE];
            let read = match decoded.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => {
                    piece.truncate(n);
                    Ok(Bytes::from(piece))
                }
                Err(fault) => Err(fault),
            };
            let failed = read.is_err();
            if send.blocking_send(read).is_err() || failed {
                break;
            }
        }
    });
    let mut head = BytesMut::new();
    while head.len() < HEAD {
        let Some(piece) = receive.recv().await else { break };
        head.extend_from_slice(&piece.map_err(crate::store::files::FilesError::from)?);
    }
    let head = head.freeze();
    if let Some(why) = refusal(&head) {
        drop(receive);
        decoding.await?;
        return Ok(Streamed::Refused(why));
    }
    let rest = stream::unfold(receive, |mut receive| async move { receive.recv().await.map(|piece| (piece, receive)) });
    let kept = files.put_stream(stream::iter([Ok(head.clone())]).chain(rest), at_most).await;
    decoding.await?;
    Ok(Streamed::Kept(kept?, head))
}
