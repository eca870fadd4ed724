//! Whether a message asks where a complaint is up to, and says nothing else. Pure.
//!
//! Whatever says anything besides is a message like any other: one strange word is enough. So what counts is a list, closed at both
//! ends: the question, what people say politely around it, a reference, and the names of whoever writes and whoever is written to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use crate::{languages::Language, matching::likeness::folded};

/// A longer text than this says something (bytes).
const LONGEST: usize = 600;
/// No question below has more words.
const WORDS: usize = 10;

/// What the question is about.
// No "my case": a child's case is more than a complaint.
const ABOUT: [&str; 6] = ["it", "this", "my complaint", "our complaint", "the complaint", "this complaint"];

/// The questions in English; `_` stands for what it is about.
const ENGLISH: [&str; 54] = [
    "status",
    "the status",
    "status update",
    "update",
    "an update",
    "any update",
    "any updates",
    "any news",
    "is there any news",
    "is there any update",
    "progress",
    "progress update",
    "what is happening",
    "whats happening",
    "what is the status",
    "whats the status",
    "what happens now",
    "what happens next",
    "where are we up to",
    "where are you up to",
    "where is my complaint",
    "where is our complaint",
    "where is the complaint",
    "where is this complaint",
    "where is _ up to",
    "wheres _ up to",
    "where _ is up to",
    "where is _ at",
    "where has _ got to",
    "how far has _ got",
    "how is _ going",
    "hows _ going",
    "how is _ getting on",
    "what is happening with _",
    "whats happening with _",
    "what is happening to _",
    "what has happened to _",
    "what has happened with _",
    "what is going on with _",
    "whats going on with _",
    "what happens with _",
    "what is the status of _",
    "whats the status of _",
    "the status of _",
    "status of _",
    "what stage is _ at",
    "at what stage is _",
    "status for _",
    "update on _",
    "update about _",
    "news on _",
    "news about _",
    "news of _",
    "when will _ be answered",
];

const WELSH: [&str; 14] = [
    "statws",
    "statws fy nghwyn",
    "beth yw statws fy nghwyn",
    "diweddariad",
    "unrhyw newyddion",
    "oes unrhyw newyddion",
    "ble mae fy nghwyn",
    "ble mae fy nghwyn arni",
    "ble mae hi arni",
    "beth syn digwydd",
    "beth sydd yn digwydd",
    "beth syn digwydd gyda fy nghwyn",
    "beth sydd yn digwydd gyda fy nghwyn",
    "beth syn digwydd i fy nghwyn",
];

const POLISH: [&str; 10] = [
    "status mojej skargi",
    "stan mojej skargi",
    "jaki jest status mojej skargi",
    "na jakim etapie jest moja skarga",
    "na jakim etapie to jest",
    "co się dzieje z moją skargą",
    "co dzieje się z moją skargą",
    "co z moją skargą",
    "jakieś wieści",
    "czy są jakieś wieści",
];

/// What people say around it.
const POLITE: [&str; 92] = [
    "a",
    "an",
    "any",
    "is there",
    "is there any",
    "hi",
    "hello",
    "hey",
    "dear",
    "sir",
    "sirs",
    "madam",
    "sir or madam",
    "team",
    "complaints team",
    "all",
    "good morning",
    "good afternoon",
    "good evening",
    "to whom it may concern",
    "please",
    "pls",
    "plz",
    "thanks",
    "thank you",
    "thank you very much",
    "thanks very much",
    "many thanks",
    "thanks in advance",
    "thank you in advance",
    "cheers",
    "ta",
    "regards",
    "kind regards",
    "best regards",
    "warm regards",
    "best wishes",
    "yours",
    "sincerely",
    "faithfully",
    "can you tell me",
    "could you tell me",
    "can you let me know",
    "could you let me know",
    "would you let me know",
    "please let me know",
    "let me know",
    "tell me",
    "can you",
    "could you",
    "can i have",
    "could i have",
    "can i get",
    "may i have",
    "can i ask",
    "could i ask",
    "give me",
    "i would like",
    "id like",
    "i would like to know",
    "id like to know",
    "i want to know",
    "i would like to ask",
    "i am writing to ask",
    "im writing to ask",
    "i am asking",
    "just asking",
    "just checking",
    "just wondering",
    "i was wondering",
    "i wonder",
    "for",
    "about",
    "ref",
    "reference",
    "reference number",
    "ref no",
    "ref number",
    "case number",
    "case reference",
    "complaint number",
    "my reference",
    "my reference is",
    "your reference",
    "our reference",
    "re",
    "and",
    "so far",
    "yet",
    "now",
    "today",
    "at the moment",
];

const POLITE_WELSH: [&str; 13] = [
    "helo",
    "annwyl",
    "bore da",
    "prynhawn da",
    "plis",
    "os gwelwch yn dda",
    "diolch",
    "diolch yn fawr",
    "cofion",
    "cofion gorau",
    "cofion cynnes",
    "yn gywir",
    "cyfeirnod",
];

const POLITE_POLISH: [&str; 14] = [
    "witam",
    "cześć",
    "dzień dobry",
    "dobry wieczór",
    "szanowni państwo",
    "proszę",
    "proszę o",
    "proszę powiedzieć",
    "dziękuję",
    "z góry dziękuję",
    "dzięki",
    "pozdrawiam",
    "z poważaniem",
    "numer sprawy",
];

/// What a subject may be called beside the question.
const SUBJECTS: [&str; 6] = ["complaint", "my complaint", "our complaint", "question", "query", "enquiry"];

#[derive(Clone, Copy)]
struct Known {
    language: Language,
    asks: bool,
}

/// Everything that counts, by its plain words.
static KNOWN: LazyLock<BTreeMap<String, Known>> = LazyLock::new(|| {
    let mut known = BTreeMap::new();
    let mut add = |texts: &[&str], language: Language, asks: bool| {
        for text in texts {
            known.insert(words(text).join(" "), Known { language, asks });
        }
    };
    add(&POLITE_WELSH, Language::Welsh, false);
    add(&POLITE_POLISH, Language::Polish, false);
    add(&POLITE, Language::English, false);
    add(&WELSH, Language::Welsh, true);
    add(&POLISH, Language::Polish, true);
    for question in ENGLISH {
        match question.contains('_') {
            true => ABOUT.iter().for_each(|what| add(&[&question.replace('_', what)], Language::English, true)),
            false => add(&[question], Language::English, true),
        }
    }
    known
});

/// A text's words in small letters: no accents, no references, nothing that is no letter or figure.
fn words(text: &str) -> Vec<String> {
    static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bHRD-\d{2}-\d{5,9}-[A-Z]\b").ok());
    let text = match &*REFERENCE {
        Some(pattern) => pattern.replace_all(text, " ").into_owned(),
        None => text.to_owned(),
    };
    let plain: String = folded(&text)
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| match c {
            'ł' => 'l',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

/// What a text comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// It says something.
    Says,
    /// It says nothing: greetings, names, a reference.
    Nothing,
    /// It asks, in this language.
    Asks(Language),
}

fn comes(text: &str, names: &BTreeSet<String>, subject: bool) -> Comes {
    if text.len() > LONGEST {
        return Comes::Says;
    }
    let words = words(text);
    // For each place, what the words before it come to, if they are all known.
    let mut reached: Vec<Option<Comes>> = vec![None; words.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = Some(Comes::Nothing);
    }
    for from in 0..words.len() {
        let Some(before) = reached.get(from).copied().flatten() else { continue };
        for to in from + 1..=words.len().min(from + WORDS) {
            let Some(piece) = words.get(from..to) else { break };
            let piece = piece.join(" ");
            let found = KNOWN.get(&piece).copied();
            let idle = Known { language: Language::English, asks: false };
            let other = names.contains(&piece) || (subject && SUBJECTS.contains(&piece.as_str()));
            if let Some(known) = found.or(other.then_some(idle))
                && let Some(place) = reached.get_mut(to)
            {
                *place = Some(best(*place, and(before, known)));
            }
        }
    }
    reached.last().copied().flatten().unwrap_or(Comes::Says)
}

/// What the words before and a known piece come to.
fn and(before: Comes, known: Known) -> Comes {
    match (before, known.asks) {
        (Comes::Asks(Language::English), _) => Comes::Asks(known.language),
        (Comes::Asks(language), _) => Comes::Asks(language),
        (_, true) => Comes::Asks(known.language),
        (other, false) => other,
    }
}

fn best(one: Option<Comes>, other: Comes) -> Comes {
    match one {
        Some(Comes::Asks(language)) if language != Language::English || !matches!(other, Comes::Asks(_)) => {
            Comes::Asks(language)
        }
        _ => other,
    }
}

/// The language in which `text` asks where a complaint is up to, if it does that and nothing else. `names`: of whoever writes and
/// whoever is written to, which say nothing.
#[must_use]
pub fn asks<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Language> {
    match comes(text, &names_of(names), false) {
        Comes::Asks(language) => Some(language),
        Comes::Says | Comes::Nothing => None,
    }
}

/// The same of a mail: its subject and the words that its author typed. `answers`: it answers a letter, and its mail program wrote
/// the subject.
#[must_use]
pub fn mail_asks<'a>(
    subject: &str,
    visible: &str,
    answers: bool,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<Language> {
    let names = names_of(names);
    let subject = match is_answer(subject) && answers {
        true => Comes::Nothing,
        false => comes(subject, &names, true),
    };
    match (comes(visible, &names, false), subject) {
        (Comes::Says, _) | (_, Comes::Says) | (Comes::Nothing, Comes::Nothing) => None,
        (Comes::Asks(Language::English), Comes::Asks(language)) => Some(language),
        (Comes::Asks(language), _) | (Comes::Nothing, Comes::Asks(language)) => Some(language),
    }
}

fn names_of<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().flat_map(words).collect()
}

/// Whether a mail program put its mark of an answer before the subject.
fn is_answer(subject: &str) -> bool {
    let mark = subject.trim_start().split_once(':').map(|(mark, _)| mark.trim().to_lowercase());
    mark.is_some_and(|mark| ["re", "odp", "aw", "sv", "ynghylch", "ateb"].contains(&mark.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["Noor Haddad", "Rowan Bell", "Calderbeck Council"];

    #[test]
    fn what_asks_and_nothing_else_counts() {
        for (text, language) in [
            ("status", Language::English),
            ("STATUS", Language::English),
            ("Status?", Language::English),
            ("STATUS HRD-26-00001-X", Language::English),
            ("hrd-26-00001-x status please", Language::English),
            ("Where is it up to?", Language::English),
            ("Hi,\n\nwhat’s happening with my complaint?\n\nThanks\nNoor", Language::English),
            ("What is happening with my complaint", Language::English),
            (
                "Dear Rowan,\nPlease could you tell me where my complaint is up to?\nKind regards,\nNoor Haddad",
                Language::English,
            ),
            ("Any news?", Language::English),
            ("Can I have an update on my complaint please. Reference HRD-26-00001-X", Language::English),
            ("Status? Any news on my complaint?", Language::English),
            ("what stage is my complaint at", Language::English),
            ("When will my complaint be answered?", Language::English),
            ("what happens next", Language::English),
            ("Statws", Language::Welsh),
            ("Ble mae fy nghwyn arni? Diolch", Language::Welsh),
            ("Status os gwelwch yn dda", Language::Welsh),
            ("Co się dzieje z moją skargą?", Language::Polish),
            ("Dzien dobry, na jakim etapie jest moja skarga? Pozdrawiam, Noor", Language::Polish),
            ("Proszę o status mojej skargi", Language::Polish),
        ] {
            assert_eq!(asks(text, NAMES), Some(language), "{text}");
        }
    }

    #[test]
    fn whatever_says_anything_besides_is_a_message() {
        for text in [
            "",
            "Thanks",
            "HRD-26-00001-X",
            "Noor Haddad",
            "Status? He hit him again.",
            "What is happening with my complaint? Nobody has rung me.",
            "where is my son",
            "where is it",
            "what is happening with my case",
            "Where is my social worker?",
            "what is happening with my daughter",
            "Why is there no status?",
            "I want to change the status of my complaint",
            "status of my benefits",
            "no news",
            "I have not heard anything",
            "Any news about Sami?",
            "Please ring me on 07700 900123. Status?",
            "I want to complain about the update",
            "status\n\nSee the photo",
            "It is not going well. Where is it up to?",
            "when will my complaint be answered, this is the third time",
            "cancel my complaint",
            "I take it back",
            "status yes",
            "yes",
        ] {
            assert_eq!(asks(text, NAMES), None, "{text}");
        }
        assert_eq!(asks(&"status ".repeat(100), NAMES), None, "too long to be no more than that");
    }

    #[test]
    fn the_subject_counts_too() {
        let asks = |subject, visible, answers| mail_asks(subject, visible, answers, NAMES);
        assert_eq!(asks("Status", "", false), Some(Language::English));
        assert_eq!(asks("STATUS HRD-26-00001-X", "Noor", false), Some(Language::English));
        assert_eq!(asks("", "status", false), Some(Language::English));
        assert_eq!(asks("My complaint", "Any news?", false), Some(Language::English));
        assert_eq!(asks("Re: We have your complaint", "status", true), Some(Language::English));
        assert_eq!(asks("HRD-26-00001-X", "Co z moją skargą?", false), Some(Language::Polish));
        // A mail program's mark that answers nothing of ours, or a subject that says something.
        assert_eq!(asks("Re: He hit him again", "status", false), None);
        assert_eq!(asks("He hit him again", "status", true), None);
        assert_eq!(asks("Status", "Nobody has rung me.", false), None);
        assert_eq!(asks("My complaint", "", false), None);
        assert_eq!(asks("Re: Status", "", true), None, "nothing is asked that was not asked before");
    }

    proptest::proptest! {
        #[test]
        fn one_strange_word_makes_it_a_message(place in 0usize..4, text in "(status|where is it up to|any news please|hello co z moją skargą)") {
            let mut all: Vec<&str> = text.split(' ').collect();
            all.insert(place.min(all.len()), "bruise");
            proptest::prop_assert_eq!(asks(&all.join(" "), NAMES), None);
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,300}", subject in "\\PC{0,80}") {
            let _ = mail_asks(&subject, &text, true, NAMES);
        }
    }
}
