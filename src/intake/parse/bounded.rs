//! What is read of a message that is beyond a limit, or that the parser stumbles over.

use super::{ReadContext, Unreadable, read_mended};
use crate::intake::{
    body::{self, guarded},
    reading::{Beyond, Reading},
    repair,
};

/// Reads bytes that are few enough for the parser.
pub(super) fn read_bytes(raw: &[u8], context: &ReadContext) -> Result<Reading, Unreadable> {
    let bytes = repair::mended(raw);
    let first = guarded(|| read_mended(&bytes, context, 0)).unwrap_or(Err(Unreadable::Broken));
    let second = match first {
        // Mixed line ends hide everything from the parser.
        Err(fault) if raw.contains(&b'\r') => {
            let plain = repair::with_plain_line_ends(raw);
            let plain = repair::mended(&plain);
            guarded(|| read_mended(&plain, context, 0)).unwrap_or(Err(Unreadable::Broken)).map_err(|_| fault)
        }
        other => other,
    };
    match second {
        // Its header says at least who wrote: they are told that it came, and an officer sees what there is.
        Err(Unreadable::Broken) => guarded(|| read_header_only(&bytes, context)).flatten().ok_or(Unreadable::Broken),
        other => other,
    }
}

/// The header, and the text as it stands.
fn read_header_only(mended: &[u8], context: &ReadContext) -> Option<Reading> {
    let (header, body) = mended.split_at_checked(repair::header_length(mended))?;
    // Without its content type, which may be what the parser stumbles over.
    let mut bare = Vec::with_capacity(header.len());
    let mut kept = true;
    for line in header.split_inclusive(|&b| b == b'\n') {
        if !line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            kept = !line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
        }
        if kept {
            bare.extend_from_slice(line);
        }
    }
    bare.extend_from_slice(body.get(..body::LONGEST_TEXT).unwrap_or(body));
    let mut reading = read_mended(&bare, context, 0).ok().filter(|reading| reading.author.is_some())?;
    reading.beyond.push(Beyond::Broken);
    Some(reading)
}
