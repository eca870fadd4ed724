//! What was typed into our own form, as one message: kept as received in the form of a mail, so that it and its files go the road
//! that every message goes. Pure.
//!
//! Nobody vouches for who sent it: an address in it is where an answer goes, and opens no case.

use data_encoding::BASE64;
use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    form::Form,
    parse::Unreadable,
    reading::{Attachment, Person, Reading},
};
use crate::{
    labelling::labels::{Act, Procedure, Suggestion},
    languages::Language,
    procedure::event::Nature,
};

/// The name under which messages from the form are kept, beside those of mailboxes.
pub const WEB_FORM: &str = "web-form";
/// The field of the kept message that holds everything but the words and the files.
const FIELD: &str = "Heard-Form";

/// What somebody says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something is wrong.
    Wrong,
    /// They are worried.
    Worried,
    /// They say thank you.
    Thanks,
    /// Something else, or they did not say.
    #[default]
    Else,
}

impl Kind {
    /// The kind called `word`; [`Kind::Else`] for anything unknown.
    #[must_use]
    pub fn named(word: &str) -> Self {
        [Self::Wrong, Self::Worried, Self::Thanks].into_iter().find(|kind| kind.as_str() == word).unwrap_or_default()
    }

    /// Its word in the form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Worried => "worried",
            Self::Thanks => "thanks",
            Self::Else => "else",
        }
    }

    /// For officers, after "They say:".
    fn shown(self) -> &'static str {
        match self {
            Self::Wrong => "something is wrong",
            Self::Worried => "they are worried",
            Self::Thanks => "thank you",
            Self::Else => "something else",
        }
    }

    /// What it seems to be: what they said, unless the machine is sure of the other. Dissatisfaction is never argued away.
    #[must_use]
    pub fn with(self, mut nature: Nature, suggestion: Option<&Suggestion>, sure_from: f64) -> Nature {
        let sure = suggestion.is_some_and(|suggestion| suggestion.dissatisfied >= sure_from);
        match self {
            Self::Thanks if !sure => (nature.act, nature.procedure) = (Act::Compliment, Procedure::None),
            Self::Wrong | Self::Worried if !nature.act.is_dissatisfaction() => {
                nature.act = if self == Self::Wrong { Act::Complaint } else { Act::Concern };
                if nature.procedure == Procedure::None {
                    nature.procedure = Procedure::Unclear;
                }
            }
            _ => {}
        }
        nature
    }
}

/// For whom somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whom {
    /// Themselves, or they did not say.
    #[default]
    Myself,
    /// A child.
    Child,
    /// Somebody else.
    Other,
}

impl Whom {
    /// The one called `word`; [`Whom::Myself`] for anything unknown.
    #[must_use]
    pub fn named(word: &str) -> Self {
        match word {
            "child" => Self::Child,
            "other" => Self::Other,
            _ => Self::Myself,
        }
    }
}

/// How somebody wants to hear from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// By mail, or they did not say.
    #[default]
    Email,
    /// By telephone.
    Phone,
    /// Not at all.
    None,
}

impl Answer {
    /// The one called `word`; [`Answer::Email`] for anything unknown.
    #[must_use]
    pub fn named(word: &str) -> Self {
        match word {
            "phone" => Self::Phone,
            "none" => Self::None,
            _ => Self::Email,
        }
    }
}

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Submission {
    /// What they say that it is.
    pub kind: Kind,
    /// In their own words.
    #[serde(skip)]
    pub words: String,
    /// Whom it is about.
    pub about: String,
    /// For whom they write.
    pub whom: Whom,
    /// What they are called.
    pub name: String,
    /// Where they can be written to.
    pub email: String,
    /// Where they can be called.
    pub phone: String,
    /// How they want to hear.
    pub answer: Answer,
    /// On the page for children and young people.
    pub young: bool,
    /// Name of the language in which they read the page, if another than English.
    pub language: String,
    /// What is known besides, for officers.
    pub note: String,
    /// Names, types and sizes of the files that came with it.
    pub files: Vec<Attachment>,
}

/// A file as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SentFile {
    /// The name that the sender's machine gave it.
    pub name: String,
    /// The type that the sender's machine gave it.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Submission {
    /// SHA-256 (hex) over all of it: the same message sent again has the same.
    #[must_use]
    pub fn hash(&self, files: &[SentFile]) -> String {
        let mut hash = Sha256::new();
        // What is known besides is not of the message itself.
        let bare = Self { note: String::new(), ..self.clone() };
        hash.update(serde_json::to_vec(&bare).unwrap_or_default());
        hash.update(self.words.as_bytes());
        for file in files {
            hash.update(Sha256::digest(&file.bytes));
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }

    /// The message to keep: the words as its text, the rest in a field of its header, the files as they were sent.
    #[must_use]
    pub fn to_mail(&self, files: &[SentFile]) -> Vec<u8> {
        let boundary = format!("heard-{}", self.hash(files));
        let fields = BASE64.encode(&serde_json::to_vec(self).unwrap_or_default());
        let mut mail = format!("{FIELD}:");
        for line in pieces(&fields) {
            mail.push_str("\r\n ");
            mail.push_str(line);
        }
        mail.push_str(&format!(
            "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            self.words.replace('\n', "\r\n")
        ));
        let mut mail = mail.into_bytes();
        for file in files {
            // Whatever stands in a name: encoded, it is no line of the header.
            let name = BASE64.encode(file.name.as_bytes());
            let media_type = media_type(&file.media_type);
            mail.extend_from_slice(
                format!(
                    "--{boundary}\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\
                     Content-Disposition: attachment; filename=\"=?utf-8?B?{name}?=\"\r\n\r\n"
                )
                .as_bytes(),
            );
            put_base64(&mut mail, &file.bytes);
        }
        mail.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        mail
    }

    /// What [`Submission::to_mail`] made, or its beginning.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] for anything else.
    pub fn from_mail(raw: &[u8]) -> Result<Self, Unreadable> {
        let message = MessageParser::default().parse(raw).ok_or(Unreadable::Empty)?;
        let field = message.header_raw(FIELD).ok_or(Unreadable::Empty)?;
        let field: String = field.chars().filter(|c| !c.is_whitespace()).collect();
        let fields = BASE64.decode(field.as_bytes()).map_err(|_| Unreadable::Empty)?;
        let mut submission: Self = serde_json::from_slice(&fields).map_err(|_| Unreadable::Empty)?;
        submission.words = message.body_text(0).map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        Ok(submission)
    }

    /// As a message that was read. `hash` tells which message it is.
    #[must_use]
    pub fn read(&self, hash: &str) -> Reading {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let author = (!self.name.is_empty() || !self.email.is_empty())
            .then(|| Person { name: filled(&self.name), address: self.email.to_lowercase() });
        let behalf = match self.whom {
            Whom::Myself => None,
            Whom::Child => Some(filled(&self.about).unwrap_or_else(|| "a child".into())),
            Whom::Other => Some(filled(&self.about).unwrap_or_else(|| "somebody else".into())),
        };
        // Somebody else may read their mail: whoever asks to be called is not written to by a machine.
        let no_answer = match self.answer {
            Answer::Email => None,
            Answer::Phone => Some("they asked to be called, not written to"),
            Answer::None => Some("they said that they want no answer"),
        };
        Reading {
            author,
            no_answer: no_answer.map(str::to_owned).into_iter().collect(),
            visible_text: self.for_officers(),
            by_form: true,
            form: Some(Form {
                trusted: true,
                answers: self.words.clone(),
                phone: filled(&self.phone),
                on_behalf_of: behalf,
                other_address: None,
                own: Some(self.kind),
                reads: Language::named(&self.language),
            }),
            attachments: self.files.clone(),
            content_hash: hash.to_owned(),
            ..Reading::default()
        }
    }

    /// The words, and below them what else was filled in.
    #[must_use]
    pub fn for_officers(&self) -> String {
        let mut text = format!("{}\n\n", self.words.trim_end());
        let mut line = |what: &str, said: &str| {
            if !said.is_empty() {
                text.push_str(&format!("{what}: {said}\n"));
            }
        };
        line("They say", self.kind.shown());
        line("Whom it is about", &self.about);
        line(
            "They write for",
            match self.whom {
                Whom::Myself => "",
                Whom::Child => "a child",
                Whom::Other => "somebody else",
            },
        );
        line("Phone", &self.phone);
        line(
            "How they want to hear",
            match self.answer {
                Answer::Email => "",
                Answer::Phone => "by phone",
                Answer::None => "they want no answer",
            },
        );
        line("Page", if self.young { "the one for children and young people" } else { "" });
        line("Language of the page", &self.language);
        line("Note", &self.note);
        text.trim_end().to_owned()
    }
}

/// Lines of a length that mail allows.
fn pieces(base64: &str) -> impl Iterator<Item = &str> {
    base64.as_bytes().chunks(76).map(|piece| std::str::from_utf8(piece).unwrap_or_default())
}

fn put_base64(mail: &mut Vec<u8>, bytes: &[u8]) {
    // 57 bytes are a line of 76; done by pieces, so that a large file is not in memory once more.
    for piece in bytes.chunks(57) {
        mail.extend_from_slice(BASE64.encode(piece).as_bytes());
        mail.extend_from_slice(b"\r\n");
    }
    mail.extend_from_slice(b"\r\n");
}

/// `said` if it is a plain media type; nothing that could be taken for a message or parts.
fn media_type(said: &str) -> String {
    let said = said.trim().to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty()
            && text.len() <= 100
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match said.split_once('/') {
        Some((one, other)) if token(one) && token(other) && !matches!(one, "multipart" | "message") => said,
        _ => "application/octet-stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labelling::{labels::Theme, policy};

    proptest! {
        #[test]
        fn what_was_typed_comes_back_as_it_was(words in "(\\PC{0,40}\n?){0,20}", name in "\\PC{0,60}", about in ".{0,60}") {
            let words = words.trim().to_owned();
            let typed = Submission { words, name, about, phone: "01632 960 000".into(), kind: Kind::Thanks, ..Submission::default() };
            let read = Submission::from_mail(&typed.to_mail(&[])).unwrap();
            prop_assert_eq!(read.words.trim(), typed.words.trim());
            prop_assert_eq!(Submission { words: String::new(), ..read }, Submission { words: String::new(), ..typed });
        }
    }

    #[test]
    fn files_keep_their_bytes_and_no_name_becomes_a_line_of_the_header() {
        let names =
            ["../../etc/passwd", "a\r\nBcc: x@evil.example\r\n.pdf", "photo\u{202e}gpj.exe", "", &"x".repeat(4000)];
        let files: Vec<SentFile> = names
            .iter()
            .map(|name| SentFile {
                name: (*name).to_owned(),
                media_type: "text/html\r\nX: y".into(),
                bytes: (0..=255u8).cycle().take(200_000).collect(),
            })
            .collect();
        let mail = Submission { words: "Words.".into(), ..Submission::default() }.to_mail(&files);
        let read = MessageParser::default().parse(&mail).unwrap();
        assert!(read.header_raw("Bcc").is_none() && read.header_raw("X").is_none());
        assert_eq!(read.attachment_count(), files.len());
        for part in read.attachments() {
            assert_eq!(part.contents(), files[0].bytes);
        }
    }

    #[test]
    fn the_same_message_has_the_same_hash_and_any_change_another() {
        let typed = Submission { words: "Words.".into(), ..Submission::default() };
        let noted = Submission { note: "held".into(), ..typed.clone() };
        assert_eq!(typed.hash(&[]), noted.hash(&[]));
        assert_ne!(typed.hash(&[]), Submission { words: "Words!".into(), ..typed.clone() }.hash(&[]));
        assert_ne!(typed.hash(&[]), Submission { email: "a@b.example".into(), ..typed.clone() }.hash(&[]));
        assert_ne!(typed.hash(&[]), typed.hash(&[SentFile::default()]));
    }

    #[test]
    fn what_they_say_counts_and_dissatisfaction_is_never_argued_away() {
        let calm = Nature { act: Act::Enquiry, procedure: Procedure::None, theme: Theme::Other, safeguarding: true };
        let act = |kind: Kind, nature: Nature| kind.with(nature, None, 0.9).act;
        assert_eq!(act(Kind::Wrong, calm), Act::Complaint);
        assert_eq!(act(Kind::Worried, calm), Act::Concern);
        assert_eq!(act(Kind::Thanks, calm), Act::Compliment);
        assert_eq!(
            act(Kind::Thanks, policy::unlabelled()),
            Act::Compliment,
            "nobody has judged it: what they say counts"
        );
        assert_eq!(act(Kind::Else, calm), Act::Enquiry);
        assert_eq!(act(Kind::Worried, policy::unlabelled()), Act::Complaint);
        assert!(Kind::Thanks.with(calm, None, 0.9).safeguarding, "danger stays danger");
    }
}
