//! Letters by mail in another language than English: said from the catalogues, and put above the same letter in English. A
//! catalogue may be a draft, and the words that a council answers for are its English ones. Pure.

use super::{
    addressee::plausible_name,
    chat::Speaker,
    council::NamedOfficer,
    letters::{AcknowledgementFacts, Letter, Notice, NoticeFacts, SurveyFacts},
};
use crate::{labelling::labels::Procedure, languages::Language};

#[cfg(test)]
mod tests;

/// A piece of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The heading of the whole; plain text has its subject for that.
    Title(String),
    /// A heading in it.
    Heading(String),
    /// A paragraph, line by line.
    Lines(Vec<String>),
    /// The line about danger, and whom else to call.
    Danger(String, Vec<String>),
}

/// What stands above the English of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The letter's subject; None: as in English.
    pub subject: Option<String>,
    /// What it says.
    pub parts: Vec<Part>,
}

impl Written {
    /// As plain text, lines ended by `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        let shown = self.parts.iter().filter_map(|part| match part {
            Part::Title(_) => None,
            Part::Heading(words) => Some(format!("\n{}", words.to_uppercase())),
            Part::Lines(lines) => Some(lines.join("\n")),
            Part::Danger(line, contacts) => {
                Some(contacts.iter().fold(line.clone(), |text, contact| format!("{text}\n- {contact}")))
            }
        });
        shown.collect::<Vec<_>>().join("\n\n") + "\n"
    }
}

fn line(words: String) -> Part {
    Part::Lines(vec![words])
}

impl Speaker<'_> {
    /// What stands between the two halves of a letter.
    #[must_use]
    pub fn same_in_english(&self) -> String {
        self.say("letter-in-english", &[])
    }

    /// What stands above the English of `letter`: the whole of it, where the catalogues have it, or a few lines.
    #[must_use]
    pub fn above(&self, letter: &Letter) -> Option<Written> {
        self.letter(letter).or_else(|| self.lead(letter))
    }

    /// The whole letter, where the catalogues have it: all that goes to a family before anybody has looked. Sentences among the facts
    /// are in the language already.
    #[must_use]
    pub fn letter(&self, letter: &Letter) -> Option<Written> {
        match letter {
            Letter::Acknowledgement(facts) => Some(self.acknowledgement_by_mail(facts)),
            Letter::Thanks(facts) => Some(self.thanks(facts)),
            Letter::Survey(facts) => Some(self.survey(facts)),
            Letter::Notice(facts) if facts.notice == Notice::CheckIn => Some(self.check_in(facts)),
            _ => None,
        }
    }

    /// A few lines above a letter that an officer sends, which is in English: what it is about, the day that counts, and how to get
    /// it in another language. None above a letter of another kind, and above what an officer writes as in a conversation.
    #[must_use]
    pub fn lead(&self, letter: &Letter) -> Option<Written> {
        let (reference, counts) = match letter {
            Letter::Answer(facts) => {
                let stage = facts.stage.number();
                let mut counts = vec![self.say("letter-lead-answer", &[("stage", &stage.to_string())])];
                counts.extend(facts.ask_by.map(|day| {
                    let next = stage.saturating_add(1).to_string();
                    self.say("letter-lead-ask", &[("next", &next), ("date", &self.day(day))])
                }));
                (&facts.reference, counts)
            }
            Letter::Extension(facts) => {
                (&facts.reference, vec![self.say("letter-lead-longer", &[("date", &self.day(facts.new_date))])])
            }
            Letter::Notice(facts) if !matches!(facts.notice, Notice::Message | Notice::CheckIn) => {
                (&facts.reference, Vec::new())
            }
            _ => return None,
        };
        let values = [("reference", reference.as_str()), ("phone", self.council.complaints_phone.as_str())];
        let mut lines = vec![self.say("letter-lead", &values)];
        lines.extend(counts);
        Some(Written { subject: None, parts: vec![Part::Lines(lines)] })
    }

    /// That nobody has checked the words; nothing in English.
    fn draft(&self) -> Option<Part> {
        (self.language != Language::English).then(|| line(self.say("language-draft", &[])))
    }

    fn greeting_of(&self, addressee: Option<&str>) -> Part {
        line(match addressee.and_then(plausible_name) {
            Some(name) => self.say("letter-dear", &[("name", &name)]),
            None => self.say("letter-hello", &[]),
        })
    }

    fn heading(&self, key: &str) -> Part {
        Part::Heading(self.say(key, &[]))
    }

    fn danger_part(&self) -> Part {
        let contacts = self.council.danger.contacts.iter();
        Part::Danger(
            self.say("danger-line", &[]),
            contacts.map(|contact| format!("{}: {}", contact.who, contact.phone)).collect(),
        )
    }

    fn officer_part(&self, officer: &NamedOfficer) -> Part {
        Part::Lines(vec![
            self.say("letter-officer", &[("name", &officer.name), ("role", &officer.role)]),
            self.say("letter-email", &[("address", &officer.email)]),
            self.say("letter-phone", &[("phone", &officer.phone)]),
        ])
    }

    fn officer<'a>(&'a self, own: Option<&'a NamedOfficer>) -> &'a NamedOfficer {
        own.unwrap_or(&self.council.named_officer)
    }

    fn acknowledgement_by_mail(&self, facts: &AcknowledgementFacts) -> Written {
        let council = self.council;
        let officer = self.officer(facts.officer.as_ref());
        let kind = if facts.dissatisfied { "complaint" } else { "message" };
        let of_kind = |key: &str, values: &[(&str, &str)]| self.say(&format!("letter-ack-{key}-{kind}"), values);
        let say = |key: &str, values: &[(&str, &str)]| self.say(&format!("letter-ack-{key}"), values);
        let heading = |key: &str| self.heading(&format!("letter-ack-{key}"));
        let reference = ("reference", facts.reference.as_str());
        let moment = self.moment(facts.received_at);
        let mut when = vec![say("answer-by", &[("day", &self.day(facts.answer_by))]), facts.answer_rule.clone()];
        when.extend(facts.closure_notice.clone());
        when.push(say("longer", &[]));
        let mut next = self.next(facts);
        next.extend([say("how", &[]), council.procedure_url.clone()]);
        let mut more = vec![facts.follow_up.clone()];
        more.extend(facts.follow_url.iter().flat_map(|url| [of_kind("page", &[]), url.clone()]));
        let needs = match self.language {
            // What the council has said it offers.
            Language::English => council.adjustments.clone(),
            _ => say("needs-text", &[]),
        };
        let mut parts = vec![
            Part::Title(of_kind("heading", &[])),
            self.greeting_of(facts.addressee.as_deref()),
            line(of_kind("thanks", &[])),
            Part::Lines(vec![say("reference", &[reference]), say("keep", &[])]),
            self.danger_part(),
            heading("received"),
            line(of_kind("received", &[("how", &facts.received_how), ("moment", &moment)])),
            heading("when"),
            Part::Lines(when),
            heading("next"),
            Part::Lines(next),
            heading("who"),
            self.officer_part(officer),
            heading("more"),
            Part::Lines(more),
            heading("help"),
            Part::Lines(vec![
                say("help-somebody", &[]),
                say("help-children", &[]),
                council.advocacy.name.clone(),
                self.say("letter-phone", &[("phone", &council.advocacy.phone)]),
                self.say("letter-email", &[("address", &council.advocacy.email)]),
                council.advocacy.url.clone(),
            ]),
            heading("needs"),
            line(needs),
            heading("same"),
            line(say("same-text", &[("officer", &officer.name)])),
            heading("ombudsman"),
            Part::Lines(vec![
                say("ombudsman-text", &[("ombudsman", &council.ombudsman.name)]),
                self.say("letter-phone", &[("phone", &council.ombudsman.phone)]),
                council.ombudsman.url.clone(),
            ]),
            line(say("by-computer", &[])),
        ];
        parts.extend(self.draft());
        Written { subject: Some(of_kind("subject", &[reference])), parts }
    }

    /// What happens next, after an acknowledgement.
    fn next(&self, facts: &AcknowledgementFacts) -> Vec<String> {
        let say = |key: &str| self.say(&format!("letter-ack-next-{key}"), &[]);
        let decide_by = facts.decide_by.map(|day| self.day(day));
        let by = |key: &str, day: &str| self.say(&format!("letter-ack-next-{key}"), &[("day", day)]);
        let by_some_day = |key: &str| match &decide_by {
            Some(day) => by(key, day),
            None => say(&format!("{key}-some-day")),
        };
        if !facts.dissatisfied {
            let mut next = vec![say("team")];
            next.extend(decide_by.iter().filter(|_| !facts.confirmed).map(|day| by("check", day)));
            next.push(say("complain"));
            return next;
        }
        match (facts.procedure, facts.confirmed) {
            (Procedure::Statutory, true) => vec![say("statutory-sure")],
            (Procedure::Corporate, true) => vec![say("corporate-sure")],
            (Procedure::Statutory, false) => vec![say("statutory"), by_some_day("officer")],
            (Procedure::Corporate, false) => vec![say("corporate"), by_some_day("officer")],
            _ => vec![by_some_day("undecided"), say("no-loss")],
        }
    }

    fn thanks(&self, facts: &AcknowledgementFacts) -> Written {
        let reference = ("reference", facts.reference.as_str());
        let moment = self.moment(facts.received_at);
        let mut next = vec![self.say("letter-thanks-next", &[])];
        next.extend(facts.closure_notice.clone());
        let mut wrong = vec![self.say("letter-thanks-wrong", &[]), facts.follow_up.clone()];
        let page = |url: &String| [self.say("letter-ack-page-message", &[]), url.clone()];
        wrong.extend(facts.follow_url.iter().flat_map(page));
        let mut parts = vec![
            Part::Title(self.say("letter-thanks-heading", &[])),
            self.greeting_of(facts.addressee.as_deref()),
            line(self.say("letter-thanks-text", &[("how", &facts.received_how), ("moment", &moment)])),
            line(self.say("letter-ack-reference", &[reference])),
            self.heading("letter-ack-next"),
            Part::Lines(next),
            Part::Lines(wrong),
            self.danger_part(),
            self.heading("letter-ack-who"),
            self.officer_part(self.officer(facts.officer.as_ref())),
        ];
        parts.extend(self.draft());
        Written { subject: Some(self.say("letter-thanks-subject", &[reference])), parts }
    }

    /// The letter with the questions after the end. In a chat it stands alone.
    fn survey(&self, facts: &SurveyFacts) -> Written {
        let reference = ("reference", facts.reference.as_str());
        let mut parts = vec![
            Part::Title(self.say("letter-survey-heading", &[])),
            self.greeting_of(facts.addressee.as_deref()),
            line(self.say("letter-survey-text", &[reference])),
            line(facts.link.clone()),
            line(self.say("letter-survey-nobody", &[])),
            line(self.say("letter-survey-free", &[("day", &self.day(facts.until))])),
            line(facts.follow_up.clone()),
            Part::Danger(self.say("danger-line", &[]), Vec::new()),
        ];
        parts.extend(self.draft());
        Written { subject: Some(self.say("letter-survey-subject", &[reference])), parts }
    }

    fn check_in(&self, facts: &NoticeFacts) -> Written {
        let council = self.council;
        let reference = ("reference", facts.reference.as_str());
        let mut parts = vec![
            Part::Title(self.say("letter-check-in-heading", &[])),
            self.greeting_of(facts.addressee.as_deref()),
            self.treated_since(facts),
            line(self.say("letter-check-in-tell", &[])),
            line(facts.follow_up.clone()),
            line(self.say("letter-check-in-again", &[])),
            line(self.say(
                "letter-check-in-help",
                &[("advocacy", &council.advocacy.name), ("phone", &council.advocacy.phone)],
            )),
            Part::Lines(vec![
                self.say("letter-check-in-ombudsman", &[("ombudsman", &council.ombudsman.name)]),
                council.ombudsman.url.clone(),
                self.say("letter-phone", &[("phone", &council.ombudsman.phone)]),
            ]),
            self.heading("letter-ack-who"),
            self.officer_part(self.officer(facts.officer.as_ref())),
        ];
        parts.extend(self.draft());
        Written { subject: Some(self.say("letter-check-in-subject", &[reference])), parts }
    }

    fn treated_since(&self, facts: &NoticeFacts) -> Part {
        let on = facts.on.map(|day| self.day(day)).unwrap_or_default();
        line(self.say("letter-check-in-text", &[("reference", &facts.reference), ("day", &on)]))
    }

    /// The question how they were treated since, as the chat gets it: the same facts in fewer words.
    fn check_in_by_chat(&self, facts: &NoticeFacts) -> String {
        let council = self.council;
        let officer = self.officer(facts.officer.as_ref());
        let parts = vec![
            self.treated_since(facts),
            line(self.say("letter-check-in-tell", &[])),
            Part::Lines(vec![facts.follow_up.clone(), self.say("letter-check-in-again", &[])]),
            line(self.say("danger-line", &[])),
            Part::Lines(vec![
                self.say("chat-ack-ask", &[("officer", &officer.name), ("phone", &officer.phone)]),
                self.say(
                    "chat-ack-help",
                    &[("advocacy", &council.advocacy.name), ("advocacyphone", &council.advocacy.phone)],
                ),
                self.say(
                    "chat-ack-ombudsman",
                    &[("ombudsman", &council.ombudsman.name), ("ombudsmanphone", &council.ombudsman.phone)],
                ),
            ]),
        ];
        Written { subject: None, parts }.text()
    }

    /// What goes into a chat instead of the English letter; None for what goes by mail alone.
    #[must_use]
    pub fn by_chat(&self, letter: &Letter) -> Option<String> {
        match letter {
            Letter::ChatGreeting => Some(self.greeting().text),
            Letter::ChatAcknowledgement(facts) => Some(self.acknowledgement(facts)),
            Letter::ChatCheckIn(facts) => Some(self.check_in_by_chat(facts)),
            Letter::Survey(facts) => Some(self.survey(facts).text()),
            _ => None,
        }
    }

    /// One of [`Letter::samples`] with the sentences among its facts in the language, as whoever sends it puts them there.
    #[must_use]
    pub fn sample(&self, letter: &Letter) -> Letter {
        let mut letter = letter.clone();
        let plain = |key: &str| self.say(key, &[]);
        match &mut letter {
            Letter::Acknowledgement(facts) | Letter::Thanks(facts) => {
                let address = self.council.complaints_address.as_str();
                facts.received_how = self.say("letter-how-mail-to", &[("address", address)]);
                facts.follow_up = plain("letter-follow-case");
                self.sample_times(facts);
            }
            Letter::ChatAcknowledgement(facts) => {
                facts.follow_up = plain("letter-follow-chat");
                self.sample_times(facts);
            }
            Letter::Survey(facts) => facts.follow_up = plain("letter-follow-survey-mail"),
            Letter::Notice(facts) => facts.follow_up = plain("letter-follow-mail"),
            Letter::ChatCheckIn(facts) => facts.follow_up = plain("letter-follow-chat"),
            _ => {}
        }
        letter
    }

    fn sample_times(&self, facts: &mut AcknowledgementFacts) {
        facts.answer_rule = self.say("standing-rule-s1-10", &[("days", "10")]);
        let closed = facts.closure_notice.is_some();
        let days = self.days(&[facts.received_at.date_naive() + chrono::Days::new(6)]);
        facts.closure_notice = closed.then(|| self.say("letter-closed", &[("days", &days)]));
    }

    /// `days` in a row, as in "Thursday, Friday and Monday".
    #[must_use]
    pub fn days(&self, days: &[chrono::NaiveDate]) -> String {
        let said: Vec<String> = days.iter().map(|day| self.day(*day)).collect();
        match said.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, first)) => self.say("letter-and", &[("first", &first.join(", ")), ("last", last)]),
            None => String::new(),
        }
    }
}
