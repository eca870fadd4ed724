//! Which parts of a message are files, and what they are called.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::media_type;
use crate::intake::{
    body::{self, Body},
    containers::uuencode,
    headers::on_one_line,
    outline,
    reading::Attachment,
};

/// At most so many attachments are listed.
const MOST_ATTACHMENTS: usize = 1_000;

/// The files of a message as they are listed with it: its parts, and what stood in its text.
pub(super) fn attachments(message: &Message<'_>, found: &Body, in_text: &[uuencode::Decoded]) -> Vec<Attachment> {
    let parts = file_parts(message, found).map(|(id, part)| attachment(id, part));
    let in_text = in_text.iter().map(|file| Attachment {
        filename: body::cut(&on_one_line(&file.name), 255).to_owned(),
        content_type: "application/octet-stream".to_owned(),
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
    });
    parts.chain(in_text).take(MOST_ATTACHMENTS).collect()
}

/// The parts that are files, not words, with their places among the parts.
pub(in crate::intake) fn file_parts<'m, 'x>(
    message: &'m Message<'x>,
    found: &'m Body,
) -> impl Iterator<Item = (usize, &'m MessagePart<'x>)> {
    message
        .parts
        .iter()
        .enumerate()
        .filter(|(id, part)| !found.parts.contains(id) && !matches!(part.body, PartType::Multipart(_)))
        .filter(|(id, part)| *id > 0 || !part.is_text())
        .filter(|(_, part)| !part.is_empty() || outline::size_of(part).is_some())
}

/// What such a part is called, its type, and its size.
pub(in crate::intake) fn attachment(id: usize, part: &MessagePart<'_>) -> Attachment {
    let content_type = media_type(part.content_type());
    let size = match &part.body {
        _ if outline::size_of(part).is_some() => outline::size_of(part).unwrap_or_default(),
        // Line ends change with the transfer encoding, the file does not.
        PartType::Text(text) | PartType::Html(text) => text.bytes().filter(|&b| b != b'\r').count(),
        PartType::Binary(bytes) if content_type.starts_with("message/") => {
            bytes.iter().filter(|&&b| b != b'\r').count()
        }
        _ => part.len(),
    };
    let filename = part.attachment_name().map(on_one_line).filter(|name| !name.is_empty());
    let extension = match content_type.as_str() {
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" => "vcf",
        other => other.rsplit(['/', '.', '+']).next().unwrap_or("bin"),
    };
    Attachment {
        filename: body::cut(&filename.unwrap_or_else(|| format!("attachment-{id}.{extension}")), 255).to_owned(),
        content_type,
        size: u64::try_from(size).unwrap_or(u64::MAX),
    }
}
