//! What the bot says, in the language of the chat, and the buttons below it. Pure.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    council::{CouncilFacts, NamedOfficer},
    courier::ChatButton,
    letters::AcknowledgementFacts,
};
use crate::{
    intake::conversation::{Button, Say},
    labelling::labels::Procedure,
    languages::{Catalogues, Language},
};

#[cfg(test)]
mod tests;

/// A message, and the buttons below it, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// What is said.
    pub text: String,
    /// What can be pressed.
    pub buttons: Vec<Vec<ChatButton>>,
}

/// Says things in one language for one council.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The messages.
    pub catalogues: &'a Catalogues,
    /// The language.
    pub language: Language,
    /// The languages that are offered.
    pub offered: &'a [Language],
    /// The council.
    pub council: &'a CouncilFacts,
}

/// Where a case is, as far as the chat says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusFacts {
    /// Its reference.
    pub reference: String,
    /// In words, one paragraph each.
    pub words: Vec<String>,
}

/// What a message may be about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The case in hand.
    pub reference: Option<String>,
    /// What they typed as an email address.
    pub address: Option<String>,
    /// Where their cases are; several only where they must choose.
    pub status: Vec<StatusFacts>,
    /// Who deals with the case in hand, and on which number; None: whom the council names.
    pub handler: Option<(String, String)>,
}

impl Speaker<'_> {
    /// The message `key` with `values` in their places.
    #[must_use]
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.catalogues.say(self.language, key, values)
    }

    fn button(&self, button: Button) -> ChatButton {
        let label = match &button {
            Button::Language(language) => language.own_name().to_owned(),
            Button::Status(Some(reference)) => reference.clone(),
            other => self.say(&format!("chat-button-{}", other.word().replace(' ', "-")), &[]),
        };
        ChatButton { label, word: button.word() }
    }

    fn rows<const N: usize>(&self, rows: [&[Button]; N]) -> Vec<Vec<ChatButton>> {
        rows.into_iter().map(|row| row.iter().cloned().map(|button| self.button(button)).collect()).collect()
    }

    /// What can be done about a case.
    #[must_use]
    pub fn menu(&self) -> Vec<Vec<ChatButton>> {
        self.rows([&[Button::Status(None), Button::Add], &[Button::Talk, Button::Advocacy], &[Button::More]])
    }

    /// The rest of it.
    fn more(&self) -> Vec<Vec<ChatButton>> {
        let mut rows =
            self.rows([&[Button::Formal], &[Button::Withdraw], &[Button::Email], &[Button::Help, Button::Stop]]);
        if self.offered.len() > 1 {
            rows.push(vec![self.button(Button::Languages)]);
        }
        rows
    }

    /// What whoever has told us nothing yet can press.
    fn before(&self) -> Vec<Vec<ChatButton>> {
        let mut rows = self.rows([&[Button::Help, Button::Talk], &[Button::Advocacy]]);
        if self.offered.len() > 1 {
            rows.push(vec![self.button(Button::Languages)]);
        }
        rows
    }

    /// The line about danger with the numbers, which stands above everything else where it is needed.
    #[must_use]
    pub fn danger(&self) -> String {
        let phone = |place: usize| self.council.danger.contacts.get(place).map_or("", |contact| contact.phone.as_str());
        self.say("chat-danger", &[("day", phone(0)), ("night", phone(1))])
    }

    /// The greeting for whoever pressed Start.
    #[must_use]
    pub fn greeting(&self) -> Spoken {
        let council = self.council;
        let text = self.say(
            "chat-greeting",
            &[
                ("council", &council.name),
                ("phone", &council.complaints_phone),
                ("advocacy", &council.advocacy.name),
                ("advocacyphone", &council.advocacy.phone),
            ],
        );
        Spoken { text, buttons: self.before() }
    }

    /// The buttons below a greeting in the council's own words.
    #[must_use]
    pub fn greeting_buttons(&self) -> Vec<Vec<ChatButton>> {
        self.before()
    }

    /// The first answer to a family: the facts of the letter, in the language of the chat.
    #[must_use]
    pub fn acknowledgement(&self, facts: &AcknowledgementFacts) -> String {
        let council = self.council;
        let officer = facts.officer.as_ref().unwrap_or(&council.named_officer);
        let mut lines = vec![
            self.say(if facts.dissatisfied { "chat-ack-complaint" } else { "chat-ack-message" }, &[]),
            String::new(),
            self.say("chat-ack-reference", &[("reference", &facts.reference)]),
            self.say("chat-ack-received", &[("moment", &self.moment(facts.received_at))]),
            self.say("chat-ack-answer", &[("day", &self.day(facts.answer_by))]),
        ];
        let stage = match (facts.procedure, facts.confirmed) {
            _ if !facts.dissatisfied => None,
            (Procedure::Statutory, false) => Some("chat-ack-statutory"),
            (Procedure::Statutory, true) => Some("chat-ack-statutory-sure"),
            (Procedure::Corporate, false) => Some("chat-ack-corporate"),
            (Procedure::Corporate, true) => Some("chat-ack-corporate-sure"),
            _ => None,
        };
        match (stage, facts.decide_by) {
            (Some(key), _) => lines.push(self.say(key, &[])),
            (None, Some(day)) if facts.dissatisfied => {
                lines.push(self.say("chat-ack-undecided", &[("day", &self.day(day))]));
            }
            _ => {}
        }
        if facts.closure_notice.is_some() {
            lines.push(self.say("chat-ack-closed", &[]));
        }
        lines.extend([
            String::new(),
            self.say("danger-line", &[]),
            String::new(),
            self.say("chat-ack-ask", &[("officer", &officer.name), ("phone", &officer.phone)]),
            self.say("chat-ack-again", &[]),
        ]);
        lines.extend(facts.follow_url.as_deref().map(|url| self.say("chat-ack-page", &[("url", url)])));
        lines.extend([
            self.say(
                "chat-ack-help",
                &[("advocacy", &council.advocacy.name), ("advocacyphone", &council.advocacy.phone)],
            ),
            self.say("chat-ack-how", &[("url", &council.procedure_url)]),
            self.say(
                "chat-ack-ombudsman",
                &[("ombudsman", &council.ombudsman.name), ("ombudsmanphone", &council.ombudsman.phone)],
            ),
            self.say("chat-ack-safe", &[]),
        ]);
        lines.join("\n")
    }

    pub(super) fn day(&self, day: NaiveDate) -> String {
        self.catalogues.date(self.language, day)
    }

    pub(super) fn moment(&self, moment: DateTime<Utc>) -> String {
        self.catalogues.moment(self.language, moment)
    }

    /// The first question.
    #[must_use]
    pub fn question(&self) -> Spoken {
        Spoken {
            text: self.say("chat-question-who", &[]),
            buttons: self.rows([&[Button::ForMyself, Button::ForMyChild], &[Button::ForAnother, Button::Skip]]),
        }
    }

    /// That what they added is with the case.
    #[must_use]
    pub fn added(&self, reference: &str) -> Spoken {
        Spoken { text: self.say("chat-added", &[("reference", reference)]), buttons: self.menu() }
    }

    /// Where there is help, before everything else, and that what they wrote has arrived.
    #[must_use]
    pub fn worrying(&self) -> Spoken {
        let text = format!("{}\n\n{}", self.danger().trim(), self.say("chat-ack-message", &[]));
        Spoken { text, buttons: self.rows([&[Button::Talk, Button::Advocacy]]) }
    }

    /// That a file is too large to be fetched.
    #[must_use]
    pub fn file_too_large(&self, reference: &str) -> Spoken {
        let values = [("reference", reference), ("email", self.council.complaints_address.as_str())];
        Spoken { text: self.say("chat-file-too-large", &values), buttons: self.menu() }
    }

    /// How to write in private, for a group.
    #[must_use]
    pub fn group(&self) -> String {
        self.say("chat-group", &[])
    }

    /// The mail with a code: subject and text.
    #[must_use]
    pub fn code_mail(&self, code: &str) -> (String, String) {
        (
            self.say("chat-code-subject", &[("code", code)]),
            self.say("chat-code-mail", &[("code", code), ("council", &self.council.name)]),
        )
    }

    /// Says `say`.
    #[must_use]
    pub fn speak(&self, say: &Say, about: &About) -> Spoken {
        let officer: &NamedOfficer = &self.council.named_officer;
        let (name, phone) = match &about.handler {
            Some((name, phone)) => (name.as_str(), phone.as_str()),
            None => (officer.name.as_str(), officer.phone.as_str()),
        };
        let advocacy = &self.council.advocacy;
        let reference = about.reference.as_deref().unwrap_or_default();
        let plain = |key: &str, buttons| Spoken { text: self.say(key, &[]), buttons };
        let with = |key: &str, values: &[(&str, &str)], buttons| Spoken { text: self.say(key, values), buttons };
        let (menu, none) = (self.menu(), Vec::new());
        match say {
            Say::Help => plain("chat-help", if about.reference.is_some() { menu } else { self.before() }),
            Say::Status(_) => match about.status.as_slice() {
                [] => plain("chat-nothing-yet", self.before()),
                [one] => Spoken { text: one.words.join("\n\n"), buttons: menu },
                several => {
                    let each = several.iter().map(|one| vec![self.button(Button::Status(Some(one.reference.clone())))]);
                    plain("chat-status-which", each.collect())
                }
            },
            Say::Add => with("chat-add", &[("reference", reference)], none),
            Say::Talk if about.reference.is_some() => {
                with("chat-talk-known", &[("officer", name), ("phone", phone)], none)
            }
            Say::Talk => with("chat-talk", &[("officer", name), ("phone", phone)], none),
            Say::Formal => with("chat-formal", &[("officer", name), ("reference", reference)], menu),
            Say::WithdrawSure => with(
                "chat-withdraw-sure",
                &[("reference", reference)],
                self.rows([&[Button::WithdrawYes], &[Button::WithdrawNo]]),
            ),
            Say::Withdrawn => with(
                "chat-withdrawn",
                &[("officer", name), ("reference", reference), ("phone", phone)],
                self.rows([&[Button::Advocacy, Button::Talk]]),
            ),
            Say::NotWithdrawn => plain("chat-not-withdrawn", menu),
            Say::Advocacy => with(
                "chat-advocacy",
                &[("advocacy", &advocacy.name), ("advocacyphone", &advocacy.phone), ("advocacyurl", &advocacy.url)],
                none,
            ),
            Say::Languages => {
                let each = self.offered.iter().map(|language| vec![self.button(Button::Language(*language))]);
                plain("chat-languages", each.collect())
            }
            Say::LanguageSet => {
                plain("chat-language-set", if about.reference.is_some() { menu } else { self.before() })
            }
            Say::Stopped => plain("chat-stopped", none),
            Say::More => plain("chat-more", self.more()),
            Say::NothingYet => plain("chat-nothing-yet", self.before()),
            Say::AskName => plain("chat-question-name", self.rows([&[Button::Skip]])),
            Say::Noted => plain("chat-noted", menu),
            Say::Skipped => plain("chat-skipped", menu),
            Say::AskAddress => plain("chat-ask-address", none),
            Say::CodeSent => with("chat-code-sent", &[("address", about.address.as_deref().unwrap_or_default())], none),
            Say::Joined => plain("chat-joined", menu),
            Say::CodeWrong => plain("chat-code-wrong", none),
            Say::CodeOver => plain("chat-code-over", self.rows([&[Button::Email]])),
        }
    }
}

/// The line about danger first, and not a second time: what a council's own letter says of it in the middle goes.
#[must_use]
pub fn danger_first(danger: &str, line: &str, letter: &str) -> String {
    let mut rest = letter.replacen(line, "", 1);
    while rest.contains("\n\n\n") {
        rest = rest.replace("\n\n\n", "\n\n");
    }
    format!("{}\n\n{}", danger.trim(), rest.trim())
}
