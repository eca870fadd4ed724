//! The kinds of things that happen to a case and its letters.

use serde::{Deserialize, Serialize};

use crate::labelling::labels::{Act, Procedure, Theme};

/// What a case is about, as labelled by the machine or decided by an officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nature {
    /// Complaint, concern, …
    pub act: Act,
    /// Which procedure applies.
    pub procedure: Procedure,
    /// What it is mainly about.
    pub theme: Theme,
    /// A child may be at risk of harm now.
    pub safeguarding: bool,
}

/// How a message came to be in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The message that opened it.
    New,
    /// More about the same.
    SameIssue,
    /// The same words again, by another way.
    Duplicate,
    /// Points at the case, but comes from somebody who is no party to it: shown to officers, answered to nobody.
    UnverifiedSender,
    /// A machine's answer to the case.
    Automatic,
    /// A party asks where it is up to, and nothing else: answered at once, and nothing that anybody has to read.
    Status,
}

impl Relation {
    const ALL: [Self; 6] =
        [Self::New, Self::SameIssue, Self::Duplicate, Self::UnverifiedSender, Self::Automatic, Self::Status];

    /// The relation with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == word)
    }

    /// The word in the database and in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::SameIssue => "same-issue",
            Self::Duplicate => "duplicate",
            Self::UnverifiedSender => "unverified-sender",
            Self::Automatic => "automatic",
            Self::Status => "status",
        }
    }
}

/// What a mail system says became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It lies in the mailbox.
    Delivered,
    /// Not yet; it is tried again.
    Delayed,
    /// It did not arrive, and is not tried again.
    Failed,
}

/// How an officer ended the matter of a letter that did not arrive, or that nobody could send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// It has arrived after all.
    Arrived,
    /// Whoever it was for was told another way.
    Told,
    /// It is not sent, and nobody was told.
    Dropped,
}

impl Settlement {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Told => "told",
            Self::Dropped => "dropped",
        }
    }
}
