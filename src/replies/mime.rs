//! One outgoing message as MIME, the same for every courier.

use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    courier::{Enclosure, Outgoing},
    disposition,
};

/// Most ids in `References`; the first and the newest are kept.
const MOST_REFERENCES: usize = 50;
/// Longest id that is put into a header, bytes. RFC 5322 section 2.1.1 allows 998 in a line.
const LONGEST_ID: usize = 900;

/// The envelope sender, where bounces go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnPath {
    /// `MAIL FROM:<>` for automatic messages, so that no bounce of them can loop (RFC 3834 section 3.3). A message an
    /// officer sends goes out with its `From`, so that its bounce is seen.
    #[serde(rename = "empty")]
    Empty,
    /// This address for every message: for servers that refuse the empty one. What comes to it is machine mail.
    #[serde(rename = "address")]
    Address(String),
}

/// Why a message cannot be built. No value of the message is repeated here, as this reaches logs.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MimeError {
    /// One of the addresses is none.
    #[error("the address in \"{0}\" is not an email address")]
    Address(&'static str),
    /// The message's own id cannot stand in a header.
    #[error("the message id is empty or holds characters that are not allowed in it")]
    MessageId,
    /// A file that goes with it was not read, or is not what it should be.
    #[error("a file that goes with the message is not there")]
    Enclosure,
    /// The library refused.
    #[error("the message cannot be put together: {0}")]
    Library(String),
}

/// `outgoing` as a complete message dated `date`, with its envelope: text and HTML as alternatives in UTF-8, then the files that go
/// with it, and the headers of RFC 3834 section 3.1 if it is automatic. Apart from the date, the same input gives the same bytes.
///
/// # Errors
///
/// [`MimeError`]: it will not become better by trying again.
pub fn build(outgoing: &Outgoing, date: DateTime<Utc>, return_path: &ReturnPath) -> Result<Message, MimeError> {
    let from = address(&outgoing.from_address, "From")?;
    let to = address(&outgoing.to, "To")?;
    let sender = match return_path {
        ReturnPath::Address(fixed) => Some(address(fixed, "return path")?),
        ReturnPath::Empty if outgoing.automatic => None,
        ReturnPath::Empty => Some(from.clone()),
    };
    let name = one_line(&outgoing.from_name);
    let mut message = Message::builder()
        .from(Mailbox::new((!name.is_empty()).then_some(name), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(&outgoing.subject))
        .date(date.into())
        .raw_header(ids("Message-ID", &[id(&outgoing.message_id).ok_or(MimeError::MessageId)?]));
    if let Some(reply_to) = &outgoing.reply_to {
        message = message.reply_to(Mailbox::new(None, address(reply_to, "Reply-To")?));
    }
    for (header, list) in [("In-Reply-To", &outgoing.in_reply_to), ("References", &outgoing.references)] {
        let list: Vec<String> = list.iter().filter_map(|one| id(one)).collect();
        if !list.is_empty() {
            message = message.raw_header(ids(header, &newest(list)));
        }
    }
    if outgoing.automatic {
        // No `Precedence`: Auto-Submitted is the standard's way, and "bulk" costs delivery at some filters.
        let own = from.to_string();
        for (header, value) in
            [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("X-Loop", own.as_str())]
        {
            message = message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(header), value.to_owned()));
        }
    }
    let message = message.envelope(Envelope::new(sender, vec![to]).map_err(library)?);
    let plain = SinglePart::plain(outgoing.text.clone());
    let both = |plain, html: &String| {
        let both = MultiPart::alternative().boundary(boundary(&outgoing.message_id));
        both.singlepart(plain).singlepart(SinglePart::html(html.clone()))
    };
    if outgoing.enclosures.is_empty() {
        return match &outgoing.html {
            None => message.singlepart(plain),
            Some(html) => message.multipart(both(plain, html)),
        }
        .map_err(library);
    }
    let mixed = MultiPart::mixed().boundary(boundary(&format!("{} and files", outgoing.message_id)));
    let letter = match &outgoing.html {
        None => mixed.singlepart(plain),
        Some(html) => mixed.multipart(both(plain, html)),
    };
    let with = |mail: MultiPart, file| Ok::<_, MimeError>(mail.singlepart(enclosed(file)?));
    message.multipart(outgoing.enclosures.iter().try_fold(letter, with)?).map_err(library)
}

/// A file as a part of its own, in base64 whatever it is: not a byte of it changes on the way.
fn enclosed(file: &Enclosure) -> Result<SinglePart, MimeError> {
    let bytes = file.bytes.as_ref().filter(|bytes| bytes.len() as u64 == file.size).ok_or(MimeError::Enclosure)?;
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64);
    let body = body.map_err(|_| MimeError::Enclosure)?;
    let media_type = ContentType::parse(&file.media_type).map_err(library)?;
    Ok(SinglePart::builder().header(Disposition(file.name.clone())).header(media_type).body(body))
}

/// `Content-Disposition` of a file. lettre's own writes every name as a part of several (`filename*0`, RFC 2231), which not every
/// family's mail program puts together again.
#[derive(Clone)]
struct Disposition(String);

impl Header for Disposition {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Disposition")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        let (plain, encoded) = disposition::names(&one_line(&self.0));
        // Some programs take the first that they understand.
        let whole = if plain == self.0 { String::new() } else { format!(";\r\n filename*=utf-8''{encoded}") };
        let value = format!("attachment{whole};\r\n filename=\"{plain}\"");
        HeaderValue::dangerous_new_pre_encoded(Self::name(), value.replace("\r\n", ""), value)
    }
}

fn address(text: &str, header: &'static str) -> Result<Address, MimeError> {
    text.trim().parse().map_err(|_| MimeError::Address(header))
}

fn library(error: impl std::fmt::Display) -> MimeError {
    MimeError::Library(error.to_string())
}

/// Without control characters: a line break in a subject would be encoded, but decoded again by whoever reads it.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` as an id that can stand in a header unencoded: ids come from strangers' mail.
fn id(text: &str) -> Option<String> {
    let bare = text.trim().trim_start_matches('<').trim_end_matches('>');
    let fits = !bare.is_empty() && bare.len() <= LONGEST_ID;
    (fits && bare.chars().all(|c| c.is_ascii_graphic() && c != '<' && c != '>')).then(|| bare.to_owned())
}

fn newest(mut list: Vec<String>) -> Vec<String> {
    if list.len() > MOST_REFERENCES {
        list.drain(1..=list.len() - MOST_REFERENCES);
    }
    list
}

/// One id a line, never as encoded words: some clients lose threads over those.
fn ids(header: &'static str, list: &[String]) -> HeaderValue {
    let bracketed: Vec<String> = list.iter().map(|one| format!("<{one}>")).collect();
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(header),
        bracketed.join(" "),
        bracketed.join("\r\n "),
    )
}

fn boundary(message_id: &str) -> String {
    let digest = Sha256::digest(message_id.as_bytes());
    format!("=_{}", data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or(&digest)))
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn acknowledgement() -> Outgoing {
        Outgoing {
            message_id: "ack.hrd-26-00412.k7q2mz4r@council.example".into(),
            from_name: "Children’s complaints".into(),
            from_address: "complaints@council.example".into(),
            reply_to: Some("complaints+hrd-26-00412.k7q2mz4r@council.example".into()),
            to: "mum@family.example".into(),
            subject: "We have logged your complaint [HRD-26-00412]".into(),
            text: "Dear Ms Okafor,\n\nwe have your complaint. – The team\n".into(),
            html: Some("<p>Dear Ms Okafor,</p><p>we have your complaint. – The team</p>".into()),
            in_reply_to: vec!["first@family.example".into()],
            references: vec!["zero@family.example".into(), "first@family.example".into()],
            automatic: true,
            enclosures: Vec::new(),
            buttons: Vec::new(),
            look: Default::default(),
        }
    }

    pub(crate) fn when() -> DateTime<Utc> {
        "2026-11-21T21:07:00Z".parse().unwrap()
    }

    fn built(outgoing: &Outgoing) -> String {
        String::from_utf8(build(outgoing, when(), &ReturnPath::Empty).unwrap().formatted()).unwrap()
    }

    fn headers(outgoing: &Outgoing) -> String {
        built(outgoing).split("\r\n\r\n").next().unwrap().to_owned()
    }

    #[test]
    fn an_acknowledgement_has_these_headers_and_both_texts() {
        insta::assert_snapshot!(built(&acknowledgement()).replace("\r\n", "\n"));
    }

    fn file(name: &str, bytes: &'static [u8]) -> Enclosure {
        Enclosure {
            name: name.into(),
            media_type: "application/pdf".into(),
            size: bytes.len() as u64,
            sha256: String::new(),
            own: false,
            bytes: Some(bytes.into()),
        }
    }

    #[test]
    fn files_stand_after_the_letter_byte_for_byte() {
        let pdf: &[u8] = b"%PDF-1.7\nnot\r\na\rline\0\xff";
        let enclosures =
            vec![file("HRD-26-00412-answer-large-print.pdf", pdf), file("Zo\u{eb}\u{2019}s report.pdf", b"words")];
        let letter = Outgoing { enclosures, automatic: false, ..acknowledgement() };
        insta::assert_snapshot!(built(&letter).replace("\r\n", "\n"));
        let bytes = build(&letter, when(), &ReturnPath::Empty).unwrap().formatted();
        let read = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let files: Vec<_> = read.attachments().collect();
        assert_eq!(files.iter().map(|file| file.contents()).collect::<Vec<_>>(), [pdf, b"words"]);
        // The letter itself is as it is without files.
        assert!(read.body_text(0).unwrap().starts_with("Dear Ms Okafor,") && read.body_html(0).is_some());
        let text_alone = Outgoing { html: None, ..letter };
        assert_eq!(built(&text_alone).matches("Content-Type: ").count(), 4);
    }

    proptest! {
        #[test]
        fn no_name_of_a_file_adds_a_header_or_breaks_a_line(name in ".{0,180}") {
            let one = Enclosure { name: name.clone(), ..file("a.pdf", b"words") };
            let bytes = build(&Outgoing { enclosures: vec![one], ..acknowledgement() }, when(), &ReturnPath::Empty);
            let bytes = bytes.unwrap().formatted();
            prop_assert!(bytes.is_ascii());
            let all = String::from_utf8(bytes.clone()).unwrap();
            let (_, part) = all.rsplit_once("Content-Disposition: ").unwrap();
            let head = part.split("\r\n\r\n").next().unwrap();
            let known = ["attachment;", "attachment", " filename=", " filename*=", "Content-Type: ", "Content-Transfer-Encoding: "];
            for line in head.split("\r\n") {
                prop_assert!(known.iter().any(|one| line.starts_with(one)), "{}", line);
            }
            let read = mail_parser::MessageParser::default().parse(&bytes).unwrap();
            prop_assert_eq!(read.attachments().count(), 1);
        }
    }

    #[test]
    fn without_its_files_there_is_no_message() {
        let unread = Enclosure { bytes: None, ..file("a.pdf", b"words") };
        let cut = Enclosure { size: 6, ..file("a.pdf", b"words") };
        for one in [unread, cut] {
            let letter = Outgoing { enclosures: vec![one], ..acknowledgement() };
            assert_eq!(build(&letter, when(), &ReturnPath::Empty).unwrap_err(), MimeError::Enclosure);
        }
    }

    #[test]
    fn an_automatic_message_has_no_return_path_and_an_officers_message_has_one() {
        let sender = |outgoing: &Outgoing, path: &ReturnPath| {
            build(outgoing, when(), path).unwrap().envelope().from().map(ToString::to_string)
        };
        let automatic = acknowledgement();
        let letter = Outgoing { automatic: false, ..acknowledgement() };
        let fixed = ReturnPath::Address("bounces@council.example".into());
        assert_eq!(sender(&automatic, &ReturnPath::Empty), None);
        assert_eq!(sender(&letter, &ReturnPath::Empty).as_deref(), Some("complaints@council.example"));
        assert_eq!(sender(&automatic, &fixed).as_deref(), Some("bounces@council.example"));
        assert!(!headers(&letter).contains("Auto-Submitted"));
    }

    #[test]
    fn a_line_break_in_subject_or_name_adds_no_header() {
        let outgoing = Outgoing {
            subject: "Hello\r\nBcc: all@council.example".into(),
            from_name: "Team\nX-Evil: 1".into(),
            ..acknowledgement()
        };
        let headers = headers(&outgoing);
        assert!(headers.contains("Subject: Hello Bcc: all@council.example"), "{headers}");
        assert!(!headers.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{headers}");
    }

    #[test]
    fn what_is_no_email_address_is_refused_without_repeating_it() {
        for to in ["telegram:4711", "nobody", "", "a@b@c.example", "x@y.example\r\nBcc: z@y.example"] {
            let outgoing = Outgoing { to: to.into(), ..acknowledgement() };
            assert_eq!(build(&outgoing, when(), &ReturnPath::Empty).unwrap_err(), MimeError::Address("To"), "{to}");
        }
        let outgoing = Outgoing { message_id: "two words".into(), ..acknowledgement() };
        assert_eq!(build(&outgoing, when(), &ReturnPath::Empty).unwrap_err(), MimeError::MessageId);
    }

    #[test]
    fn long_threads_keep_their_first_and_newest_ids_one_a_line() {
        let references = (0..80).map(|n| format!("m{n}@family.example")).collect();
        let headers = headers(&Outgoing { references, ..acknowledgement() });
        let ids: Vec<&str> = headers.lines().filter_map(|line| line.split_once("<m")).map(|(_, id)| id).collect();
        assert_eq!(ids.len(), MOST_REFERENCES);
        assert_eq!(ids.first(), Some(&"0@family.example>"));
        assert_eq!(ids.get(1), Some(&"31@family.example>"));
        assert_eq!(ids.last(), Some(&"79@family.example>"));
    }

    #[test]
    fn the_same_message_gives_the_same_bytes() {
        assert_eq!(built(&acknowledgement()), built(&acknowledgement()));
    }

    proptest! {
        #[test]
        fn no_text_of_strangers_can_add_a_header_or_break_a_line(
            name in any::<String>(), subject in any::<String>(), reference in any::<String>(), text in any::<String>(),
        ) {
            let outgoing = Outgoing {
                from_name: name, subject, references: vec![reference], text, html: None, ..acknowledgement()
            };
            let bytes = build(&outgoing, when(), &ReturnPath::Empty).unwrap().formatted();
            prop_assert!(bytes.is_ascii());
            let all = String::from_utf8(bytes).unwrap();
            prop_assert!(!all.replace("\r\n", "").contains('\r'));
            let known = ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References",
                "Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding"];
            for line in all.split("\r\n\r\n").next().unwrap().split("\r\n") {
                prop_assert!(line.starts_with(' ') || known.iter().any(|one| line.starts_with(&format!("{one}: "))),
                    "{}", line);
                prop_assert!(line.len() <= 998);
            }
        }
    }
}
