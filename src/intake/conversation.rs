//! What the bot makes of what somebody does in a chat: what is taken for a part of their case, what is said at once, what officers
//! read of it, and which question waits. Pure: a chat as it was and an input become a chat as it is and what follows.
//!
//! Whatever people write belongs to their case, also when a question waits; only an email address and a code that were asked for,
//! commands, and the question where it is up to, are nothing that an officer has to read.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{labelling::danger::danger_words, languages::Language};

mod button;
#[cfg(test)]
mod tests;

pub use button::Button;

/// A question that is asked once at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// For whom they write.
    Who,
    /// What to call them.
    Name,
}

/// What waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// For whom they write.
    Who,
    /// What to call them.
    Name,
    /// The email address that they also write from.
    Address,
    /// The code that went to it.
    Code,
    /// Whether they are sure that they want to take it back.
    Withdraw,
}

impl Asking {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Who, Self::Name, Self::Address, Self::Code, Self::Withdraw];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Name => "name",
            Self::Address => "address",
            Self::Code => "code",
            Self::Withdraw => "withdraw",
        }
    }
}

/// After so long a question is forgotten: what is written then is no answer to it.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);
/// A name is no longer than this (characters).
const LONGEST_NAME: usize = 60;

/// What is known of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// The language that was chosen, or that their app is in.
    pub language: Option<Language>,
    /// What waits for an answer, and since when.
    pub asking: Option<(Asking, DateTime<Utc>)>,
    /// What was asked before.
    pub asked: BTreeSet<Question>,
    /// They want nothing more sent here.
    pub stopped_at: Option<DateTime<Utc>>,
}

impl Chat {
    fn asks(&self, now: DateTime<Utc>) -> Option<Asking> {
        self.asking.filter(|(_, since)| now - *since < FORGOTTEN_AFTER).map(|(asking, _)| asking)
    }
}

/// What is known beside the chat.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Now.
    pub now: DateTime<Utc>,
    /// How many cases this chat is a party of.
    pub cases: usize,
    /// The languages that are offered.
    pub offered: &'a [Language],
    /// The council lets the bot ask.
    pub questions: bool,
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// They write, or send something with these words or none.
    Words(&'a str),
    /// They press a button.
    Pressed(Button),
}

/// What becomes of what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// It is a part of a case, or the beginning of one.
    Message,
    /// It is the email address that was asked for.
    Address(String),
    /// It is the code that was asked for.
    Code(String),
    /// Nothing was written.
    Nothing,
}

/// What the bot says at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// How it works.
    Help,
    /// Where it is up to: of one case, or of what there is.
    Status(Option<String>),
    /// How to add something.
    Add,
    /// Whom to ring, and that they are told.
    Talk,
    /// That it is asked for, and what follows.
    Formal,
    /// Whether they are sure.
    WithdrawSure,
    /// That they are told.
    Withdrawn,
    /// That all stays as it was.
    NotWithdrawn,
    /// Free help.
    Advocacy,
    /// Which languages there are.
    Languages,
    /// That this language is used now.
    LanguageSet,
    /// That nothing more comes, and what does all the same.
    Stopped,
    /// The other buttons.
    More,
    /// There is nothing from them yet.
    NothingYet,
    /// What to call them.
    AskName,
    /// Thanks, and that no more is asked.
    Noted,
    /// That they need not answer.
    Skipped,
    /// Which address.
    AskAddress,
    /// That a code is on its way, if it can be.
    CodeSent,
    /// That both are one person's now.
    Joined,
    /// That it was not the code.
    CodeWrong,
    /// That the code no longer holds.
    CodeOver,
}

/// What officers read of it in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// They want to talk to a person.
    Talk,
    /// They want it to be a formal complaint.
    Formal,
    /// They want to take it back.
    Withdraw,
    /// Nothing more is to be sent to this chat.
    Stop,
    /// They write for themselves.
    ForMyself,
    /// They write for a child of theirs.
    ForMyChild,
    /// They write for somebody else.
    ForAnother,
}

impl Note {
    /// The word in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Talk => "talk",
            Self::Formal => "formal",
            Self::Withdraw => "withdraw",
            Self::Stop => "stop",
            Self::ForMyself => "for-myself",
            Self::ForMyChild => "for-my-child",
            Self::ForAnother => "for-another",
        }
    }

    /// The message in the case, in words for officers.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Talk => "Pressed the button “Talk to a person”: they want somebody to speak with them.",
            Self::Formal => {
                "Pressed the button “Make it a formal complaint”: they want this to be dealt with as a complaint."
            }
            Self::Withdraw => "Pressed the button “Take it back”, and said that they are sure: they want to withdraw.",
            Self::Stop => {
                "Pressed the button “Stop messages here”: they want nothing more sent to this chat than the law demands."
            }
            Self::ForMyself => "Answered the bot’s question: they write about their own care.",
            Self::ForMyChild => "Answered the bot’s question: they write for their child.",
            Self::ForAnother => "Answered the bot’s question: they write for somebody else.",
        }
    }
}

/// What follows from an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The chat as it is then.
    pub chat: Chat,
    /// What becomes of what was written.
    pub take: Take,
    /// What is said at once.
    pub say: Option<Say>,
    /// What officers read.
    pub note: Option<Note>,
    /// The answer to a question, and why it is in the case.
    pub answers: Option<Asking>,
}

impl Turn {
    fn says(chat: Chat, say: Say) -> Self {
        Self { chat, take: Take::Nothing, say: Some(say), note: None, answers: None }
    }

    fn message(chat: Chat, say: Option<Say>, answers: Option<Asking>) -> Self {
        Self { chat, take: Take::Message, say, note: None, answers }
    }
}

/// What follows when somebody does this in `chat`.
#[must_use]
pub fn take(mut chat: Chat, input: Input<'_>, known: &Known<'_>) -> Turn {
    let asking = chat.asks(known.now);
    if asking.is_none() {
        chat.asking = None;
    }
    match input {
        Input::Words(text) => words(chat, asking, text, known),
        Input::Pressed(button) => pressed(chat, asking, button, known),
    }
}

fn words(mut chat: Chat, asking: Option<Asking>, text: &str, known: &Known<'_>) -> Turn {
    // Whoever writes wants to be heard, and answered.
    chat.stopped_at = None;
    let worrying = danger_words(text).is_some();
    match asking {
        Some(Asking::Address) => {
            chat.asking = None;
            match address(text) {
                Some(address) => {
                    chat.asking = Some((Asking::Code, known.now));
                    Turn { take: Take::Address(address), ..Turn::says(chat, Say::CodeSent) }
                }
                None => Turn::message(chat, None, None),
            }
        }
        // What else they write in between is a part of their case; the code can still come.
        Some(Asking::Code) => match code(text) {
            Some(code) => Turn { chat, take: Take::Code(code), say: None, note: None, answers: None },
            None => Turn::message(chat, None, None),
        },
        Some(Asking::Name) => {
            chat.asking = None;
            let is_name = text.chars().count() <= LONGEST_NAME && !text.trim().is_empty() && !worrying;
            match is_name && !text.contains('\n') {
                true => Turn::message(chat, Some(Say::Noted), Some(Asking::Name)),
                false => Turn::message(chat, None, None),
            }
        }
        Some(Asking::Withdraw) => match yes_or_no(text) {
            Some(sure) => {
                let button = if sure { Button::WithdrawYes } else { Button::WithdrawNo };
                // Their words stay too.
                Turn { take: Take::Message, ..pressed(chat, asking, button, known) }
            }
            None => {
                chat.asking = None;
                Turn::message(chat, None, None)
            }
        },
        // The buttons of the question stay where they are.
        Some(Asking::Who) | None => Turn::message(chat, None, None),
    }
}

fn pressed(mut chat: Chat, asking: Option<Asking>, button: Button, known: &Known<'_>) -> Turn {
    let nothing_yet = known.cases == 0;
    let noted = |chat: Chat, say: Say, note: Note| Turn { note: Some(note), ..Turn::says(chat, say) };
    match button {
        Button::Help => Turn::says(chat, Say::Help),
        Button::More => Turn::says(chat, Say::More),
        Button::Advocacy => Turn::says(chat, Say::Advocacy),
        Button::Languages => Turn::says(chat, Say::Languages),
        Button::Language(language) if known.offered.contains(&language) => {
            chat.language = Some(language);
            Turn::says(chat, Say::LanguageSet)
        }
        Button::Language(_) => Turn::says(chat, Say::Languages),
        Button::Add if nothing_yet => Turn::says(chat, Say::NothingYet),
        Button::Add => Turn::says(chat, Say::Add),
        Button::Status(_) if nothing_yet => Turn::says(chat, Say::NothingYet),
        Button::Status(which) => Turn::says(chat, Say::Status(which)),
        // Who has told us nothing yet can be rung all the same; there is no case to write it into.
        Button::Talk if nothing_yet => Turn::says(chat, Say::Talk),
        Button::Talk => noted(chat, Say::Talk, Note::Talk),
        Button::Formal | Button::Withdraw | Button::WithdrawYes if nothing_yet => Turn::says(chat, Say::NothingYet),
        Button::Formal => noted(chat, Say::Formal, Note::Formal),
        Button::WithdrawYes if asking == Some(Asking::Withdraw) => {
            chat.asking = None;
            noted(chat, Say::Withdrawn, Note::Withdraw)
        }
        // A button from last week says nothing about today.
        Button::Withdraw | Button::WithdrawYes => {
            chat.asking = Some((Asking::Withdraw, known.now));
            Turn::says(chat, Say::WithdrawSure)
        }
        Button::WithdrawNo => {
            if asking == Some(Asking::Withdraw) {
                chat.asking = None;
            }
            Turn::says(chat, Say::NotWithdrawn)
        }
        Button::Stop => {
            chat.asking = None;
            chat.stopped_at = Some(known.now);
            match nothing_yet {
                true => Turn::says(chat, Say::Stopped),
                false => noted(chat, Say::Stopped, Note::Stop),
            }
        }
        Button::Email => {
            chat.asking = Some((Asking::Address, known.now));
            Turn::says(chat, Say::AskAddress)
        }
        Button::ForMyself => who(chat, asking, Note::ForMyself, known),
        Button::ForMyChild => who(chat, asking, Note::ForMyChild, known),
        Button::ForAnother => who(chat, asking, Note::ForAnother, known),
        Button::Skip => {
            if matches!(asking, Some(Asking::Who | Asking::Name)) {
                chat.asking = None;
            }
            // Whoever does not want to be asked is not asked the next thing.
            chat.asked.extend([Question::Who, Question::Name]);
            Turn::says(chat, Say::Skipped)
        }
    }
}

/// They said for whom they write; the next question follows, if it was not asked before.
fn who(mut chat: Chat, asking: Option<Asking>, note: Note, known: &Known<'_>) -> Turn {
    chat.asked.insert(Question::Who);
    if asking == Some(Asking::Who) {
        chat.asking = None;
    }
    let say = if known.questions && chat.asking.is_none() && chat.asked.insert(Question::Name) {
        chat.asking = Some((Asking::Name, known.now));
        Say::AskName
    } else {
        Say::Noted
    };
    // Without a case there is nothing to write it into.
    Turn { note: (known.cases > 0).then_some(note), ..Turn::says(chat, say) }
}

/// The first question, if it is still to be asked.
#[must_use]
pub fn first_question(mut chat: Chat, known: &Known<'_>) -> Option<Chat> {
    if !known.questions || chat.asking.is_some() || !chat.asked.insert(Question::Who) {
        return None;
    }
    chat.asking = Some((Asking::Who, known.now));
    Some(chat)
}

/// How a code was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is the one.
    Right,
    /// It is not; another try is left.
    Wrong,
    /// It is not, or it is too late, or there have been too many tries.
    Over,
}

/// What follows when a code was looked at.
#[must_use]
pub fn checked(mut chat: Chat, found: Checked) -> (Chat, Say) {
    match found {
        Checked::Right => {
            chat.asking = None;
            (chat, Say::Joined)
        }
        Checked::Wrong => (chat, Say::CodeWrong),
        Checked::Over => {
            chat.asking = None;
            (chat, Say::CodeOver)
        }
    }
}

/// The email address that `text` is, if it is one and nothing else.
fn address(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("mailto:");
    let fits = text.len() <= 254 && text.contains('@') && !text.chars().any(char::is_whitespace);
    text.parse::<lettre::Address>().ok().filter(|_| fits).map(|address| address.to_string().to_lowercase())
}

/// The six digits that `text` is, however they are spaced.
fn code(text: &str) -> Option<String> {
    let close: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (close.len() == 6 && close.chars().all(|c| c.is_ascii_digit())).then_some(close)
}

/// A plain yes or no, in the languages that we speak.
fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().trim_end_matches(['.', '!']).to_lowercase().as_str() {
        "yes" | "y" | "yes please" | "ie" | "ydw" | "tak" => Some(true),
        "no" | "n" | "no thanks" | "na" | "nac ydw" | "nie" => Some(false),
        _ => None,
    }
}
