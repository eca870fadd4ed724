//! The buttons below what the bot says, each by the word that it sends.

use crate::languages::Language;

/// A button, by the word that it sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// Where it is up to; of one case, by its reference, or of what there is.
    Status(Option<String>),
    /// How to add something.
    Add,
    /// To talk to a person.
    Talk,
    /// To make it a formal complaint.
    Formal,
    /// To take it back.
    Withdraw,
    /// They are sure.
    WithdrawYes,
    /// They are not.
    WithdrawNo,
    /// Free help.
    Advocacy,
    /// Which languages there are.
    Languages,
    /// This language.
    Language(Language),
    /// Nothing more is to be sent here.
    Stop,
    /// They also write by email.
    Email,
    /// The other buttons.
    More,
    /// How it works.
    Help,
    /// They write for themselves.
    ForMyself,
    /// They write for a child of theirs.
    ForMyChild,
    /// They write for somebody else.
    ForAnother,
    /// They do not want to answer.
    Skip,
}

impl Button {
    /// The word that it sends: at most 64 bytes.
    #[must_use]
    pub fn word(&self) -> String {
        let word = match self {
            Self::Status(None) => "status",
            Self::Status(Some(reference)) => return format!("status {reference}"),
            Self::Add => "add",
            Self::Talk => "talk",
            Self::Formal => "formal",
            Self::Withdraw => "withdraw",
            Self::WithdrawYes => "withdraw yes",
            Self::WithdrawNo => "withdraw no",
            Self::Advocacy => "advocacy",
            Self::Languages => "languages",
            Self::Language(language) => return format!("language {}", language.code()),
            Self::Stop => "stop",
            Self::Email => "email",
            Self::More => "more",
            Self::Help => "help",
            Self::ForMyself => "for myself",
            Self::ForMyChild => "for my child",
            Self::ForAnother => "for another",
            Self::Skip => "skip",
        };
        word.to_owned()
    }

    /// The button that sends `word`; anybody can send any.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        if let Some(reference) = word.strip_prefix("status ") {
            return Some(Self::Status(Some(reference.chars().take(40).collect())));
        }
        if let Some(code) = word.strip_prefix("language ") {
            return code.parse().ok().map(Self::Language);
        }
        let plain = [
            Self::Status(None),
            Self::Add,
            Self::Talk,
            Self::Formal,
            Self::Withdraw,
            Self::WithdrawYes,
            Self::WithdrawNo,
            Self::Advocacy,
            Self::Languages,
            Self::Stop,
            Self::Email,
            Self::More,
            Self::Help,
            Self::ForMyself,
            Self::ForMyChild,
            Self::ForAnother,
            Self::Skip,
        ];
        plain.into_iter().find(|button| button.word() == word)
    }

    /// The button that a command stands for, if `text` is a command and no more. Start is greeted elsewhere.
    #[must_use]
    pub fn of_command(text: &str) -> Option<Self> {
        let word = text.trim().strip_prefix('/')?;
        let word = word.split_once('@').map_or(word, |(word, _)| word);
        match word.to_lowercase().as_str() {
            "help" => Some(Self::Help),
            "status" => Some(Self::Status(None)),
            "stop" => Some(Self::Stop),
            "language" => Some(Self::Languages),
            _ => None,
        }
    }
}
