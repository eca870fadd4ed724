//! What a mail system says became of a message of ours: delivery reports (RFC 3464), and those in words of their own. Pure.
//!
//! A report is a claim by whoever sent it. What it names as returned is compared with our keyed Message-IDs by the caller;
//! nothing here trusts it.

mod fault;
mod fields;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use mail_parser::{Message, MessageParser, PartType};
use serde::{Deserialize, Serialize};

pub use fault::Fault;

use super::{
    body::{self, guarded},
    headers::{Headers, on_one_line},
    repair,
};
use fields::Fields;

/// What a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Message-IDs of the message that it is about, without brackets, the likeliest first.
    pub about: Vec<String>,
    /// What became of it, for each recipient named.
    pub recipients: Vec<Reported>,
    /// Whom the message that came back was addressed to, as it says itself.
    pub addressed_to: Vec<String>,
}

/// What became of a message for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The address that the mail system tried, lower case.
    pub address: String,
    /// The address that we wrote to, if the report names it apart (RFC 3464 section 2.3.1), lower case.
    pub original: Option<String>,
    /// What was done.
    pub action: Action,
    /// Enhanced status code (RFC 3463), e.g. `5.1.1`.
    pub status: Option<String>,
    /// Reply code of SMTP, e.g. 550.
    pub reply: Option<u16>,
    /// What is wrong.
    pub fault: Fault,
    /// What the mail system said, on one line.
    pub said: String,
}

/// What was done for a recipient (RFC 3464 section 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It lies in the mailbox.
    Delivered,
    /// Handed to a system that sends no reports.
    Relayed,
    /// Handed to the members of a list.
    Expanded,
    /// Not yet: it is tried again.
    Delayed,
    /// Given up.
    Failed,
}

impl Report {
    /// What became of the message for `address`, written as we wrote it or as it was tried.
    #[must_use]
    pub fn of(&self, address: &str) -> Option<&Reported> {
        let same = |one: &str| one.eq_ignore_ascii_case(address);
        self.recipients.iter().find(|one| one.original.as_deref().is_some_and(same) || same(&one.address))
    }
}

/// Longest report that is looked through for words (bytes): what comes below is the returned message.
const LONGEST_NOTICE: usize = 256 * 1024;
/// Most recipients that are kept. A letter of ours has one.
const MOST_RECIPIENTS: usize = 50;
/// Most Message-IDs that are kept.
const MOST_IDS: usize = 20;
/// Longest text that is kept of what a mail system said, in bytes.
pub(super) const LONGEST_SAID: usize = 400;

/// Reads a whole message as a report. None when it names neither a recipient nor a message.
#[must_use]
pub fn read(raw: &[u8]) -> Option<Report> {
    let bytes = repair::mended(raw);
    guarded(|| read_mended(&bytes, 0)).flatten()
}

/// How deep reports are looked for inside reports: a filter on the way may wrap one.
const DEEPEST: usize = 2;

fn read_mended(bytes: &[u8], depth: usize) -> Option<Report> {
    let apart = repair::attached_messages_apart(bytes);
    let message = MessageParser::default().parse(apart.as_ref())?;
    let headers = Headers::of(&message);
    at_depth(&message, &headers, &super::parse::text_of(&message, bytes).text, depth)
}

/// Reads a parsed message as a report; `text` is its text, attached messages are apart.
pub(super) fn of(message: &Message<'_>, headers: &Headers, text: &str) -> Option<Report> {
    at_depth(message, headers, text, 0)
}

fn at_depth(message: &Message<'_>, headers: &Headers, text: &str, depth: usize) -> Option<Report> {
    let parts = Parts::of(message);
    if parts.statuses.is_empty() && depth < DEEPEST {
        let inside = parts.attached_reports.iter().find_map(|inside| read_mended(&repair::mended(inside), depth + 1));
        if let Some(inside) = inside.filter(|inside| !inside.recipients.is_empty()) {
            return Some(inside);
        }
    }
    let notice = words::Notice::of(body::cut(text, LONGEST_NOTICE));
    let mut returned = parts.returned;
    returned.extend(notice.returned.clone());
    let mut blocks = parts.statuses;
    if blocks.is_empty() {
        // Gateways flatten the report; its fields stand in the text.
        blocks = fields::recipients(&fields::blocks(&notice.above));
    }
    let subject = headers.first("subject").unwrap_or_default();
    let mut report = Report {
        about: ids(headers, &blocks, &returned, text),
        addressed_to: addressed_to(&returned),
        recipients: Vec::new(),
    };
    let writer = Writer { subject, headers, notice: &notice, addressed_to: &report.addressed_to };
    report.recipients = blocks.iter().filter_map(|block| from_fields(block, &writer)).collect();
    if report.recipients.is_empty() {
        report.recipients = words::service_notice(text).unwrap_or_default();
    }
    if report.recipients.is_empty() && !parts.is_feedback {
        report.recipients = words::recipients(&writer);
    }
    let mut seen = BTreeSet::new();
    report.recipients.retain(|one| seen.insert(one.address.clone()));
    report.recipients.truncate(MOST_RECIPIENTS);
    (!report.recipients.is_empty() || !report.about.is_empty()).then_some(report)
}

/// What the words of a report are read with.
pub(super) struct Writer<'a> {
    pub subject: &'a str,
    pub headers: &'a Headers,
    pub notice: &'a words::Notice,
    pub addressed_to: &'a [String],
}

impl Writer<'_> {
    /// Addresses that are no recipients: whoever the report was sent to, and mail systems.
    pub fn is_recipient(&self, address: &str) -> bool {
        let local = address.split('@').next().unwrap_or_default();
        let system =
            local.starts_with("mailer-daemon") || matches!(local, "postmaster" | "mailerdaemon" | "hostmaster");
        let own =
            self.headers.all("to").chain(self.headers.all("delivered-to")).chain(self.headers.all("x-original-to"));
        let told = own.flat_map(words::addresses).any(|own| own == address);
        !system && (!told || self.addressed_to.iter().any(|to| to == address))
    }
}

/// The parts of a report that are not its words.
#[derive(Default)]
struct Parts {
    /// A block of fields for each recipient.
    statuses: Vec<Fields>,
    /// Header of what came back.
    returned: Vec<Fields>,
    /// Attached messages that are reports themselves.
    attached_reports: Vec<Vec<u8>>,
    is_feedback: bool,
}

impl Parts {
    fn of(message: &Message<'_>) -> Self {
        let mut parts = Self::default();
        for part in message.parts.iter().take(200) {
            let kind = super::parse::media_type(mail_parser::MimeHeaders::content_type(part));
            if matches!(part.body, PartType::Multipart(_) | PartType::Message(_)) {
                continue;
            }
            let bytes = part.contents();
            let text = || String::from_utf8_lossy(bytes.get(..LONGEST_NOTICE).unwrap_or(bytes)).into_owned();
            match kind.as_str() {
                "message/delivery-status" | "message/global-delivery-status" => {
                    parts.statuses.extend(fields::recipients(&fields::blocks(&text())));
                }
                "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "message/global-headers" => {
                    let header = fields::blocks(&text()).into_iter().next();
                    let of_report = |fields: &Fields| {
                        fields.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("report"))
                    };
                    if header.as_ref().is_some_and(of_report) && kind.starts_with("message/") {
                        parts.attached_reports.push(bytes.to_vec());
                    }
                    parts.returned.extend(header);
                }
                "message/disposition-notification" | "message/global-disposition-notification" => {
                    // It names the message that was read.
                    parts.returned.extend(fields::blocks(&text()).into_iter().take(2));
                }
                "message/feedback-report" => parts.is_feedback = true,
                _ => {}
            }
        }
        parts
    }
}

/// The Message-IDs of what came back: in the fields, in its own header, anywhere in the words.
fn ids(headers: &Headers, blocks: &[Fields], returned: &[Fields], text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut add = |value: &str| {
        let id = on_one_line(value.trim().trim_matches(['<', '>']));
        if id.contains('@') && !id.contains(' ') && id.len() <= 998 && !ids.contains(&id) && ids.len() < MOST_IDS {
            ids.push(id);
        }
    };
    for field in ["original-message-id", "message-id", "x-microsoft-original-message-id", "x-original-message-id"] {
        returned.iter().chain(blocks).filter_map(|fields| fields.get(field)).for_each(&mut add);
    }
    headers.all("original-message-id").for_each(&mut add);
    words::message_ids(text).into_iter().for_each(&mut add);
    // Some systems name it only where an answer would.
    for field in ["in-reply-to", "references"] {
        headers.all(field).flat_map(str::split_whitespace).for_each(&mut add);
    }
    ids
}

fn addressed_to(returned: &[Fields]) -> Vec<String> {
    let mut to: Vec<String> =
        returned.iter().filter_map(|fields| fields.get("to")).flat_map(words::addresses).collect();
    to.dedup();
    to.truncate(MOST_RECIPIENTS);
    to
}

/// One recipient by the fields of RFC 3464.
fn from_fields(block: &Fields, writer: &Writer<'_>) -> Option<Reported> {
    let address = |field: &str| block.get(field).and_then(fields::address);
    let original = address("original-recipient");
    let tried = address("final-recipient").or_else(|| address("x-actual-recipient"));
    let address = tried.clone().or_else(|| original.clone())?;
    let diagnostic = block.get("diagnostic-code").map(fields::diagnostic).unwrap_or_default();
    let said = if diagnostic.is_empty() { writer.notice.about(&address) } else { diagnostic };
    let status = fields::status(block.get("status").unwrap_or_default(), &said);
    let reply = words::reply(&said);
    let action = match block.get("action").map(fields::word).as_deref() {
        Some("failed") => Action::Failed,
        Some("delayed") => Action::Delayed,
        Some("delivered") => Action::Delivered,
        Some("relayed") => Action::Relayed,
        Some("expanded") => Action::Expanded,
        // Something else, and good: no proof that it was delivered.
        _ if status.as_deref().is_some_and(|code| code.starts_with('2')) => Action::Relayed,
        _ => words::action(writer.subject, &writer.notice.above),
    };
    Some(Reported {
        original: original.filter(|original| *original != address),
        fault: Fault::of(action, status.as_deref(), reply, &said),
        said: body::cut(&said, LONGEST_SAID).to_owned(),
        address,
        action,
        status,
        reply,
    })
}
