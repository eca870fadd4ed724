//! A web form's notice: which answers name the person, and which are their words. Pure.
//!
//! Every council's form has its own labels, so they are known by their plain variants: on one line with the answer, on a
//! line above it, or as two cells of a table. A label about a child never names the complainant.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{header_block, own_form::Kind, reading::Person};
use crate::languages::Language;

/// What a form's notice holds beside its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Form {
    /// The sender is on the council's list of forms and nothing says that it is forged: the person may be answered.
    pub trusted: bool,
    /// The person's words: the long answers, without their details and what only the office needs.
    pub answers: String,
    /// Telephone number, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For whom they write, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// An address in the form that is not the one to answer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_address: Option<String>,
    /// It is our own form, and this is what they say that it is. Nobody vouches for who sent it: it joins no case by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Kind>,
    /// The language of our page that it was written on, if not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<Language>,
}

/// The answers of a form, by what they are.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Answers {
    pub name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub on_behalf_of: Option<String>,
    pub words: String,
    /// How many labels were recognised.
    pub labels: usize,
}

impl Answers {
    /// The person who filled it in, as far as the form says.
    pub fn person(&self) -> Option<Person> {
        if self.name.is_none() && self.address.is_none() {
            return None;
        }
        Some(Person { name: self.name.clone(), address: self.address.clone().unwrap_or_default() })
    }

    /// Whether the text is a form's at all: a person's label and another.
    pub fn is_form(&self) -> bool {
        self.labels >= 2 && (self.name.is_some() || self.address.is_some())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Name,
    FirstName,
    LastName,
    Address,
    Phone,
    NameAndAddress,
    /// For whom.
    Behalf,
    /// Whether for themselves: says nothing by itself.
    Who,
    /// Their words.
    Words,
    /// A child's details, reference numbers, which service: not the complainant's words.
    Other,
    /// Some other question. Among their words it stays there.
    Question,
}

/// Labels in plain variants. The first that fits counts, so what is about a child stands first.
static LABELS: LazyLock<Vec<(Label, Regex)>> = LazyLock::new(|| {
    let your = r"(?:please (?:enter|give|tell us) )?(?:your |my |the |customer'?s? |complainant'?s? |contact |applicant'?s? |parent(?: or carer|/carer)?'?s? |sender'?s? )?";
    [
        (Label::Other, r"(?:name|age|date of birth|dob|school|address) of (?:the |your )?(?:child|children|young person|pupil|student).*|(?:the |your )?(?:child|children|young person|pupil|student|son|daughter)(?:'?s|s'|\(ren\))?\b.*".to_owned()),
        (Label::Behalf, r"(?:i am |are you )?(?:complaining |writing |acting |submitted |submitting |made |filled in )?on behalf of(?: whom?| someone| somebody)?(?: else)?(?: \(.*\))?|who (?:is|are) (?:this|you) (?:complaint |complaining )?(?:for|on behalf of)|name of (?:the )?person (?:you are (?:complaining|writing|acting) (?:for|on behalf of)|affected)|(?:the )?person affected(?:'s name)?|who (?:are you complaining|is the complaint) for".to_owned()),
        (Label::Who, r"(?:are you (?:complaining|making (?:this|a) complaint|filling (?:this )?in|writing).{0,60}|is this (?:complaint )?(?:for|about) you(?:rself)?.{0,30}|i am|you are|who are you|(?:your |what is your )?relationship(?: to .{0,40})?|your role|about you|type of (?:person|customer))".to_owned()),
        (Label::NameAndAddress, format!("{your}(?:name and e-?mail(?: address)?|name and contact(?: details)?|contact details|details)")),
        (Label::FirstName, format!("{your}(?:first|given|fore) ?names?(?:\\(s\\))?")),
        (Label::LastName, format!("{your}(?:last|family|sur) ?name")),
        (Label::Name, format!("{your}(?:full )?names?|name of (?:the )?(?:person (?:making the complaint|complaining)|complainant|customer|sender|contact)|(?:submitted|completed|sent|reported) by|complainant|customer")),
        (Label::Address, format!("{your}(?:preferred |personal |home )?e-?mail(?: ?address)?(?: \\(.{{0,40}}\\))?|what is your e-?mail(?: address)?")),
        (Label::Phone, format!("{your}(?:daytime |day ?time |home |preferred )?(?:tele)?(?:phone|mobile|contact|tel)(?:/mobile)?(?: ?(?:number|no|phone|telephone))?\\.?(?: \\(.{{0,40}}\\))?|what is your (?:phone|telephone) number")),
        (Label::Words, r"(?:your |my |the )?(?:complaint|message|feedback|comments?|concerns?|enquiry|query|question|issue|problem|story|statement)(?: details?| text| or suggestion| or comment)?|(?:please )?(?:give |provide |enter |describe |tell us )?(?:(?:the |your |full |more |further )*details?(?: of (?:the |your )?(?:complaint|concern|problem|feedback|issue|incident))?|about (?:your|the) (?:complaint|concern|problem|issue|incident)|(?:your|the) (?:complaint|concern|problem))|description(?: of .{0,40})?|(?:please )?(?:tell us |describe |explain )?(?:in your own words,? ?)?(?:what (?:has |did )?happened?|what went wrong|what is (?:your complaint|it|this|the problem|the complaint)(?: about)?|what (?:do you want|would you like) to (?:tell|say|complain).{0,30}|why(?: are you (?:unhappy|complaining).{0,20})?)|(?:what|how) (?:would|can|could|should|do) .{1,60}|what outcome.{0,40}|(?:desired|preferred) outcome|(?:anything|is there anything) else.{0,40}|(?:what is )?your complaint(?: about)?|reason for (?:your )?complaint".to_owned()),
        (Label::Other, r"(?:submission|reference|ref|form|case|ticket)(?: (?:number|no|id|reference|name))?\.?|(?:date|time)(?: (?:of|received|submitted|sent|and) .{0,30})?|(?:which |what )?(?:service|team|department|area|category|subject|topic|type)(?: (?:is|are|does|of|name|involved|concerned|about)\b.{0,60})?|post ?code|(?:home |postal |your )*address|title|age|dob|date of birth|gender|ethnicity|attachments?|files?|uploads?|ip(?: address)?|browser|page".to_owned()),
        (Label::Question, r"(?:preferred|how would you like|best time|consent|have you|is this|is it|are you|do you|does|did|has|may we|can we|who|when|where|which|what|why)\b.{0,90}".to_owned()),
    ]
    .into_iter()
    .filter_map(|(label, pattern)| Some((label, Regex::new(&format!("(?i)^(?:{pattern})$")).ok()?)))
    .collect()
});

fn label(text: &str) -> Option<Label> {
    let text = text.trim().trim_matches(['*', '_', '•', '-', ' ', '"']);
    let text = text.trim_end_matches([':', '?', '*', ' ', '：']).trim();
    if text.is_empty() || text.len() > LONGEST_LABEL {
        return None;
    }
    let text = text.replace('’', "'");
    let text = text.strip_suffix("(required)").unwrap_or(&text).trim();
    LABELS.iter().find(|(_, pattern)| pattern.is_match(text)).map(|(label, _)| *label)
}

/// Longer lines are no labels (bytes).
const LONGEST_LABEL: usize = 120;
/// Longer notices are read in their beginning; the rest goes on as it stands (bytes).
const LONGEST: usize = 64 * 1024;

/// A label on this line, and the answer that stands behind it.
fn labelled(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_matches([' ', '\t', '|', '\u{a0}']);
    // "Label: answer", and a table's two cells.
    for sign in [": ", ":\t", ":", "\t", " | ", "|", "：", "? ", "  "] {
        if let Some((before, after)) = line.split_once(sign)
            && before.len() <= LONGEST_LABEL
            && let Some(found) = label(before)
        {
            // A sentence that begins with such a word is no label: "Why: because" is, "Why? Nobody told me" too.
            return Some((found, after.trim_matches([' ', '\t', '|', '*', '_'])));
        }
    }
    None
}

/// A line that is a label and nothing else.
fn label_alone(line: &str) -> Option<Label> {
    let line = line.trim();
    if line.len() > LONGEST_LABEL {
        return None;
    }
    let marked = line.ends_with([':', '?', '：']);
    let found = label(line)?;
    // Without a sign, only what is surely no word of a sentence.
    let sure = !matches!(found, Label::Question | Label::Other | Label::Who)
        && (found != Label::Words || line.split_whitespace().count() >= 2);
    (marked || sure).then_some(found)
}

/// What people type, or a form fills in, where they give no answer.
fn given(answer: &str) -> Option<String> {
    let answer = answer.trim().trim_matches(['"', ' ']).trim();
    let bare = answer.trim_matches(['(', ')', '[', ']', '<', '>', '.', '-', '–', '_', ' ']).to_lowercase();
    let none = matches!(
        bare.as_str(),
        "" | "n/a"
            | "na"
            | "none"
            | "no"
            | "none given"
            | "not given"
            | "not provided"
            | "not supplied"
            | "not stated"
            | "left blank"
            | "blank"
            | "empty"
            | "no answer"
            | "anonymous"
            | "anon"
            | "unknown"
            | "null"
            | "withheld"
            | "prefer not to say"
            | "i would rather not say"
            | "rather not say"
            | "no response"
    );
    (!none).then(|| answer.to_owned())
}

/// Reads the answers out of a notice's text.
pub(super) fn answers(text: &str) -> Answers {
    let mut answers = Answers::default();
    let (mut first, mut last) = (None, None);
    let mut at = None;
    let mut below = String::new();
    let mut anything_else = Vec::new();
    let mut parts: Vec<(Label, String)> = Vec::new();
    let beginning = super::body::cut(text, LONGEST);
    for line in beginning.lines() {
        let found = labelled(line).or_else(|| label_alone(line).map(|label| (label, "")));
        match found {
            Some((Label::Question, _)) if at == Some(Label::Words) => {
                answers.labels += 1;
                below.push('\n');
                below.push_str(line.trim_end());
            }
            Some((label, answer)) => {
                if let Some(open) = at.replace(label) {
                    parts.push((open, std::mem::take(&mut below)));
                }
                answers.labels += 1;
                answer.clone_into(&mut below);
            }
            None if at.is_some() => {
                below.push('\n');
                below.push_str(line.trim_end());
            }
            None => anything_else.push(line.trim_end()),
        }
    }
    below.push_str(text.get(beginning.len()..).unwrap_or_default());
    if let Some(open) = at {
        parts.push((open, below));
    }
    let mut words: Vec<String> = Vec::new();
    for (label, answer) in parts {
        // A person's detail is one line; what stands below it is no part of it.
        let line = answer.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let one = given(line);
        match label {
            Label::Name => set(&mut answers.name, one.filter(|name| !name.contains('@')).and_then(name)),
            Label::FirstName => set(&mut first, one),
            Label::LastName => set(&mut last, one),
            Label::Address => set(&mut answers.address, one.and_then(|line| address(&line))),
            Label::Phone => set(&mut answers.phone, one.filter(|line| line.chars().any(|c| c.is_ascii_digit()))),
            Label::NameAndAddress => {
                set(&mut answers.address, one.as_deref().and_then(address));
                let before = one.as_deref().map(|line| line.split([',', '<', ';']).next().unwrap_or_default().trim());
                set(&mut answers.name, before.filter(|text| !text.contains('@')).map(str::to_owned).and_then(name));
            }
            Label::Behalf => set(&mut answers.on_behalf_of, one.filter(|answer| !is_themselves(answer))),
            Label::Words => words.extend(given(&answer)),
            Label::Who | Label::Other | Label::Question => {}
        }
    }
    if answers.name.is_none() && (first.is_some() || last.is_some()) {
        answers.name = name([first, last].into_iter().flatten().collect::<Vec<_>>().join(" "));
    }
    answers.words = if words.is_empty() { anything_else.join("\n").trim().to_owned() } else { words.join("\n\n") };
    answers
}

fn set(place: &mut Option<String>, value: Option<String>) {
    if place.is_none() {
        *place = value;
    }
}

/// A name short enough to be one.
fn name(text: String) -> Option<String> {
    let text = super::headers::on_one_line(&text);
    (text.chars().count() <= 80 && text.chars().any(char::is_alphabetic)).then_some(text)
}

fn address(line: &str) -> Option<String> {
    let found = header_block::person(line).address;
    (!found.is_empty()).then_some(found)
}

fn is_themselves(answer: &str) -> bool {
    let answer = answer.trim().trim_matches(['.', '!']).to_lowercase();
    matches!(answer.as_str(), "yes" | "no" | "me" | "myself" | "self" | "my self" | "myself only" | "for myself")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_on_the_line_below_it_and_in_cells_are_read_alike() {
        let wanted = Person { name: Some("Ama Owusu".into()), address: "ama@mail.example".into() };
        for text in [
            "Submission 4711 received\n\nYour name: Ama Owusu\nEmail: ama@mail.example\nWhich service is it about? Fostering\nWhat happened?\nThe bus never came.\nWhat would put it right?\nA bus.",
            "Full name\nAma Owusu\nE-mail address\nama@mail.example\nTelephone\n07700 900123\nDetails of your complaint\nThe bus never came.\n\nWhat would put it right?\nA bus.",
            "| First name | Ama |\n| Last name | Owusu |\n| Email address | ama@mail.example |\n| Message | The bus never came. |\n| What would you like us to do? | A bus. |",
            "Name\tAma Owusu\nEmail\tama@mail.example\nComplaint\tThe bus never came.\nDesired outcome\tA bus.",
            "*Your name and email:* Ama Owusu, ama@mail.example\nTell us what happened: The bus never came.\nWhat would you like to happen: A bus.",
        ] {
            let found = answers(text);
            assert_eq!(found.person().as_ref(), Some(&wanted), "{text}");
            assert!(found.is_form(), "{text}");
            let words: String = found.words.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words, "The bus never came. A bus.", "{text}");
        }
    }

    #[test]
    fn a_childs_name_is_never_the_complainants() {
        let found =
            answers("Child's name: Kofi Owusu\nName of child: Kofi\nYour name: Ama Owusu\nEmail: ama@mail.example");
        assert_eq!(found.name.as_deref(), Some("Ama Owusu"));
        let found = answers("Child: Kofi, 7\nEmail: ama@mail.example\nWhat happened?\nNobody came.");
        assert_eq!((found.name, found.address.as_deref()), (None, Some("ama@mail.example")));
    }

    #[test]
    fn what_is_left_blank_names_nobody() {
        let found =
            answers("Your name: (left blank)\nEmail: none given\nPhone: -\nWhat happened?\nIt was humiliating.");
        assert_eq!((found.person(), found.phone.clone(), found.is_form()), (None, None, false));
        assert_eq!(found.words.trim(), "It was humiliating.");
    }

    #[test]
    fn whom_it_is_for_is_kept_and_they_themselves_are_nobody_else() {
        let found =
            answers("I am: An advocate\nName: Mo Bright\nOn behalf of: Lea S, 10\nEmail: mo@voice.example\nMessage: x");
        assert_eq!(found.on_behalf_of.as_deref(), Some("Lea S, 10"));
        let own = answers("Name: Mo\nWho are you complaining for? Myself\nEmail: mo@mail.example");
        assert_eq!(own.on_behalf_of, None);
    }

    #[test]
    fn a_letter_is_no_form() {
        for text in [
            "Dear Sir,\nmy name is Ama. What happened was that nobody came. My email is ama@mail.example.\nAma",
            "From: x\nI want to complain about the following: nobody came.",
            "Hello,\n\nWhy? Because you never ring back.\n\nRegards",
        ] {
            assert!(!answers(text).is_form(), "{text} {:?}", answers(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_fault(text in "(\\PC{0,30}[:?\n]?){0,12}") {
            let found = answers(&text);
            proptest::prop_assert!(found.words.len() <= text.len() + 8 * found.labels.max(1) * 2 + 16);
        }
    }
}
