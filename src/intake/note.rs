//! What a note says about people in passing: that it speaks for somebody else, and who that may be. Pure.
//!
//! Names and numbers found here are only ever offered to an officer; nothing is sent to them.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::reading::{Person, Reading};

/// What an officer is offered when the complainant is to be completed.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Hints {
    /// A name.
    pub name: Option<String>,
    /// An email address.
    pub address: Option<String>,
    /// A telephone number, as written.
    pub phone: Option<String>,
}

/// Longer notes are looked at in their beginning only (bytes).
const LONGEST: usize = 16 * 1024;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

fn says(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(super::body::cut(text, LONGEST)))
}

pattern!(
    PASSES_ON,
    r"(?ix)\b(?:pass(?:ing|ed)?|send(?:ing)?|sent|forward(?:ing|ed)?|fwd|hand(?:ing)?) \s (?:this|it|these|that|on|along|the\sbelow) \b
    | \b(?:asked|wants?|wanted|begged|told|would\slike) \s (?:me|us) \s to \b
    | \b(?:see|note|read) \s (?:the\s)? (?:below|attached|following|email\sbelow|message\sbelow) \b | \bplease \s see \b
    | \bon \s (?:\w+\s)? behalf \s of \b | \bconstituent\b | \b(?:our|my) \s client\b
    | \bfrom \s (?:\w+['’]s|a|an|one\sof\s(?:my|our|your)|the|our|my) \s (?:\w+\s){0,2}
        (?:mum|mother|mam|dad|father|parents?|carers?|nan|gran\w*|family|constituent|resident|client|patient|tenant|pupil|student|young\sperson|neighbour|friend|sister|brother|daughter|son|wife|husband|partner|lady|gentleman|man|woman)\b
    | \bthis \s (?:lady|gentleman|mum|mother|dad|father|parent|carer|family|man|woman|resident|constituent|young\s(?:person|man|woman)|lad|girl|boy) \b
    | \b(?:would \s like | wants | wishes) \s (?:this|it) \b | \b(?:happy|content) \s for \s me \s to \b
    | \b(?:one|this\sone|another(?:\sone)?) \s for \s (?:you|your) \b"
);

pattern!(
    FOR_OTHERS,
    r"(?ix)\bon \s (?:\w+\s)? behalf \s of \b | \b(?:our|my) \s client\b | \bconstituent\b
    | \bI? \s? (?:act|acting) \s for \b | \binstructed \s (?:by|to) \b | \b(?:been|was) \s contacted \s by \b | \bhas \s contacted \s (?:us|me|our) \b
    | \b(?:signed|written|enclosed|her|his|their|has\sgiven|have) \s (?:\w+\s){0,2} (?:consent|authority) \b | \bauthori[sz]ed \s (?:us|me) \b
    | \bwriting \s (?:this\s)? (?:for|on\sbehalf) \b | \basked \s (?:me|us) \s to \s (?:write|send|e-?mail|pass|forward|raise|contact|get\sin\stouch|take|help|submit|lodge) \b
    | \bI \s? (?:am|['’]m) \s (?:\w+\s){0,3} (?:advocate|idva|solicitor|caseworker|health\svisitor|support\sworker|senco|key\s?worker|youth\sworker|headteacher|social\sworker) \b
    | \bI \s (?:support|represent) \b | \badvocate \s for \b"
);

pattern!(
    ROLE_MAILBOX,
    r"(?i)^(?:admin|office|info|enquiries|reception|casework|contact|hello|help|advice|mail|team|secretary|head|support)(?:[.\-_+].*)?$"
);

/// Whether `note` says that a message is passed on for somebody else.
pub(super) fn passes_on(note: &str) -> bool {
    says(&PASSES_ON, note)
}

/// Whether the text speaks for somebody else.
pub(super) fn speaks_for_others(text: &str) -> bool {
    says(&FOR_OTHERS, text)
}

/// Whether somebody signs or writes from an address as people do who speak for others: councillors, schools, advocates.
pub(super) fn is_representative(author: &Person, note: &str) -> bool {
    let name = author.name.as_deref().unwrap_or_default();
    let local = author.address.split('@').next().unwrap_or_default();
    let signature: String =
        note.lines().rev().filter(|line| !line.trim().is_empty()).take(4).collect::<Vec<_>>().join("\n");
    says(&ROLE_IN_NAME, name) || says(&ROLE_MAILBOX, local) || says(&ROLE_IN_SIGNATURE, &signature)
}

pattern!(
    ROLE_IN_NAME,
    r"(?ix)\b(?:cllr|councillor|mp|msp|ms\sfor|case\s?work(?:er)?|senco|sendiass|idva|advoca\w*|solicitors?|llp|barrister|head\s?teacher|school|academy|college|nursery|surgery|nhs|office\sof|admin|reception)\b"
);

pattern!(
    ROLE_IN_SIGNATURE,
    r"(?ix)\b(?:cllr|councillor|mp|case\s?worker|senco|sendiass|idva|(?:independent\s)?advocate|solicitors?|llp|head\s?teacher|health\svisitor|pastoral\slead|safeguarding\slead|ward\smember|school\soffice|in\sthe\soffice|for\s(?:sir|dame|rt\shon)\b.*)\b"
);

pattern!(
    AS_A_PARENT,
    r"(?ix)\b(?:this\sis|i\sam|i['’]m|writing|write|speaking|e-?mailing|contacting\syou|message\sis) \s (?:to\syou\s)? (?:here\s|just\s|only\s|purely\s)? as \s
        (?:a|an|the|\w+['’]s) \s (?:\w+\s){0,2} (?:mum|mother|mam|dad|father|parent|carer|grandparent|grandmother|grandfather|guardian|adopter) \b
    | \b(?:parent|mum|dad) \s hat \b"
);

pattern!(
    NOT_FOR_WORK,
    r"(?ix)\b(?:personal|private) \s (?:capacity|matter|e-?mail|message) \b
    | \bnot \s as \s (?:a|an|your) \s (?:colleague|member\sof\sstaff|employee|officer|manager|social\sworker) \b"
);

/// Whether a member of staff writes about their own child, and not for the council.
pub(super) fn writes_as_a_parent(subject: &str, text: &str) -> bool {
    let beginning: String = text.split_whitespace().take(80).collect::<Vec<_>>().join(" ");
    let all = format!("{subject} {beginning}");
    says(&AS_A_PARENT, &all) || (says(&NOT_FOR_WORK, &all) && says(&OWN_CHILD, &format!("{subject} {text}")))
}

pattern!(
    OWN_CHILD,
    r"(?ix)\b(?:my|our) \s (?:\w+\s){0,2} (?:son|daughter|child|children|kids?|lad|girl|boy|twins|baby|grandson|granddaughter|foster\s(?:son|daughter|child)|little\s\w+|eldest|youngest)\b"
);

pattern!(ADDRESS, r"(?i)[a-z0-9][a-z0-9._%+'-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+");

pattern!(
    REACHED_AT,
    r"(?ix)\b(?:her|his|their|them|him|she|he|they|client|constituent|mum|mother|dad|father|parent|family|m(?:r|rs|s|iss|x)\b\.?)\b .{0,80}
      (?:\bcop(?:y|ied)\b|\breach(?:ed)?\b|\bcontact(?:ed|able)?\b|\be-?mail(?:ed)?\b|\baddress\b|\bwrite\b|\brepl(?:y|ies)\b) .{0,40} $"
);

/// Addresses in `text`, in order, each once, lower case.
fn addresses(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let Some(pattern) = ADDRESS.as_ref() else { return found };
    for hit in pattern.find_iter(super::body::cut(text, LONGEST)).take(50) {
        let address = hit.as_str().to_lowercase();
        if !found.iter().any(|(_, known)| *known == address) {
            found.push((hit.start(), address));
        }
    }
    found
}

/// The one person for whom a representative writes and whose address the text gives. `ours` tells the council's own
/// addresses, which are nobody's.
pub(super) fn represented(subject: &str, text: &str, author: &Person, ours: impl Fn(&str) -> bool) -> Option<Person> {
    if !speaks_for_others(text) && !speaks_for_others(subject) {
        return None;
    }
    let own_domain = author.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let names = capitalised(&format!("{subject} {text}"));
    let authors_own: Vec<String> = words_of(author.name.as_deref().unwrap_or_default());
    let mut tied = addresses(text).into_iter().filter(|(at, address)| {
        let Some((local, domain)) = address.split_once('@') else { return false };
        if domain == own_domain || ours(address) || super::screen::nobody_reads(address) || says(&ROLE_MAILBOX, local) {
            return false;
        }
        let named = words_of(local).into_iter().any(|word| names.contains(&word) && !authors_own.contains(&word));
        let before = text.get(..*at).unwrap_or_default();
        let sentence = before.rsplit_terminator(['.', '!', '?', '\n']).next().unwrap_or_default();
        named || says(&REACHED_AT, sentence)
    });
    let (_, address) = tied.next()?;
    // Two are too many to choose from.
    tied.next().is_none().then(|| Person { name: name_like(&names_in(subject, text), &address), address })
}

/// Words of at least four letters, lower case.
fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 4).map(str::to_lowercase).collect()
}

/// Words that begin with a capital, at least four letters, lower case.
fn capitalised(text: &str) -> std::collections::BTreeSet<String> {
    super::body::cut(text, LONGEST)
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() >= 4 && word.starts_with(char::is_uppercase))
        .map(str::to_lowercase)
        .collect()
}

/// The name that shares a word with the address.
fn name_like(names: &[String], address: &str) -> Option<String> {
    let local = words_of(address.split('@').next().unwrap_or_default());
    names
        .iter()
        .filter(|name| words_of(name).iter().any(|word| local.contains(word)))
        .max_by_key(|name| name.len())
        .cloned()
}

/// A name as it stands in running text: with a title, or two words with capitals; names of one word need a title.
const NAME: &str = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?[ \u{a0}](?:(?:\p{Lu}\.?|\p{Lu}[\p{L}'’-]+)[ ])?\p{Lu}[\p{L}'’-]+|\p{Lu}[\p{L}'’-]+(?:[ ](?:de|da|la|van|von|der|bin|al|el|ap|ferch|O['’]))?[ ]\p{Lu}(?:[\p{L}'’-]+|\b))";

static WHO: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // "Took a call 12.20 from Colleen Lavery", "a message from Mrs Shah"
        format!(r"(?i:\b(?:call|calls|message|msg|voicemail|voice\s?note|e-?mail|letter|visit|complaint|word|text)\b[^\n]{{0,30}}?\bfrom)\s+(?:a\s+)?(?P<name>{NAME})"),
        format!(r"(?i:\b(?:on behalf of|our client:?|my client:?|constituent:?|act for|acting for|instructed by|contacted by|advocate for|i support|i represent|writing (?:this )?for|spoke (?:to|with)|spoken (?:to|with)|speaking (?:to|with)|heard from|met with|met|rung by|rang by|log(?:ged)?(?: please)?[:,]?|complainant[:,]?|had a|had|re:?)\s+(?:my\s+(?:mum|mother|dad|father|gran\w*|sister|brother|daughter|son|wife|husband|partner|friend|neighbour)\s*,?\s*)?)\s*(?P<name>{NAME})"),
        format!(r"(?P<name>{NAME})\s*(?:\([^)\n]{{0,60}}\)\s*)?,?\s*(?i:(?:has |have |had |just )*(?:rang|rung|called|phoned|came|come|is (?:not happy|unhappy|upset|cross|angry)|wants|says|said|reports?|asked|complains?|complained|would like|doesn|reckons|mum of|mother of|dad of|father of|mum to|mother to|carer of|carer for))\b"),
        format!(r"(?i:[-–:,]\s*)(?P<name>{NAME})\s*(?:[-–,:]|$)"),
        format!(r"(?m)^\s*(?P<name>{NAME})\s*(?:[-–,:(]|$)"),
        r"(?P<name>(?:Mr|Mrs|Ms|Miss|Mx)\.?[ ]\p{Lu}[\p{L}'’-]+)".to_owned(),
    ]
    .iter()
    .filter_map(|text| Regex::new(text).ok())
    .collect()
});

/// Names of whom a text may be about, the likeliest first.
fn names_in(subject: &str, text: &str) -> Vec<String> {
    let beginning = super::body::cut(text, 4 * 1024);
    let mut names: Vec<String> = Vec::new();
    for pattern in WHO.iter() {
        for place in [beginning, subject] {
            for found in pattern.captures_iter(place).take(5) {
                let Some(name) = found.name("name") else { continue };
                let name = super::headers::on_one_line(name.as_str());
                if !is_no_name(&name) && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

fn is_no_name(name: &str) -> bool {
    static NOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:dear|hi|hello|thanks|thank|regards|kind|best|yours|sent|please|re|fw|fwd|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|council|team|school|social|worker|services?|office|phone|msg|message|section|children|act|education|health|care|plan|complaint|complaints|urgent|confidential|private|heads|duty|pls|asap|mum|dad|she|he|they|the|this|that|no|yes|not|year)\b").ok()
    });
    NOT.as_ref().is_some_and(|pattern| pattern.is_match(name))
}

static PHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\+44[ \u{a0}]?(?:\(0\)[ ]?)?|\b0)[1-37]\d(?:[ \u{a0}()./-]?\d){7,8}\b").ok());

/// What the message says about the complainant in passing, for an officer's form. `ours` tells the council's addresses.
#[must_use]
pub fn hints(reading: &Reading, ours: impl Fn(&str) -> bool) -> Hints {
    if let Some(form) = &reading.form {
        let person = reading.author.clone().unwrap_or_default();
        let address = Some(person.address).filter(|address| !address.is_empty()).or_else(|| form.other_address.clone());
        return Hints { name: person.name, address, phone: form.phone.clone() };
    }
    let author = reading.author.clone().unwrap_or_default();
    let staff = ours(&author.address);
    let passed_on = reading.forwarded.as_ref();
    let text = match passed_on {
        Some(inside) => format!("{}\n{}", reading.visible_text, inside.text),
        None => reading.visible_text.clone(),
    };
    let named = passed_on.and_then(|inside| inside.from.clone()).filter(|person| !ours(&person.address));
    let name = named.as_ref().and_then(|person| person.name.clone()).or_else(|| {
        let own = author.name.as_deref().unwrap_or_default().to_lowercase();
        let mut names = names_in(&reading.subject, &text).into_iter();
        names.find(|name| !own.contains(&name.to_lowercase()))
    });
    let own = (!staff && !author.address.is_empty()).then(|| author.address.clone());
    let address = named.map(|person| person.address).filter(|address| !address.is_empty()).or(own).or_else(|| {
        addresses(&text)
            .into_iter()
            .map(|(_, address)| address)
            .find(|address| !ours(address) && !super::screen::nobody_reads(address))
    });
    let phone = PHONE.as_ref().and_then(|pattern| pattern.find(super::body::cut(&text, LONGEST)));
    let name = if staff || speaks_for_others(&text) { name } else { author.name.clone().or(name) };
    Hints { name, address, phone: phone.map(|found| super::headers::on_one_line(found.as_str())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(subject: &str, text: &str) -> Hints {
        let reading = Reading {
            author: Some(Person { name: Some("Jo Head".into()), address: "jo@council.example".into() }),
            subject: subject.into(),
            visible_text: text.into(),
            ..Reading::default()
        };
        hints(&reading, |address| address.ends_with("council.example"))
    }

    #[test]
    fn a_phone_note_offers_the_name_and_the_number() {
        for (subject, text, name, phone) in [
            (
                "Phone call",
                "Hi team,\n\nTook a call at 12.20 from Marie Boswell (mum of two). Very upset.",
                Some("Marie Boswell"),
                None,
            ),
            (
                "log",
                "Log please: Mrs Adeyemi, 07700 900123, says the bus never came.",
                Some("Mrs Adeyemi"),
                Some("07700 900123"),
            ),
            (
                "Ms Okoro",
                "Had a Tina Okoro at my counter just now. +44 7700 900 456 is hers.",
                Some("Tina Okoro"),
                Some("+44 7700 900 456"),
            ),
            (
                "upset parent",
                "mum rang, very upset about the taxi. ring her on 01632 960 123",
                None,
                Some("01632 960 123"),
            ),
            ("heads up - Ms Duffield", "She has rung duty twice about the assessment.", Some("Ms Duffield"), None),
            ("ref 2026/00123", "Nothing here but a number, 12345678901, and a date, 01/02/2026.", None, None),
        ] {
            let found = note(subject, text);
            assert_eq!((found.name.as_deref(), found.phone.as_deref()), (name, phone), "{text}");
            assert_eq!(found.address, None, "{text}");
        }
        let found = note("call", "Spoke to Mr Bala Singh, bala@mail.example, cc jo@council.example");
        assert_eq!(found.address.as_deref(), Some("bala@mail.example"));
    }

    #[test]
    fn passing_on_is_told_from_ones_own_words() {
        for note in [
            "this lady stopped me at the shop and has now emailed. Could you see what can be done?",
            "mum's asked me to send this on",
            "Hi Lou, from Joe's mum. Jan",
            "Hello my daughter asked me to pass this on she has not got your address",
            "Please see below from a constituent and let us have a reply.",
            "Kay would like this made formal.",
        ] {
            assert!(passes_on(note), "{note}");
        }
        for note in ["Look at what she wrote to me! This is how you treat us.", "Did this get lost?", ""] {
            assert!(!passes_on(note), "{note}");
        }
    }

    #[test]
    fn who_is_represented_is_named_by_an_address_that_is_tied_to_them() {
        let author = Person { name: Some("Cal Wraith".into()), address: "cal@office.example".into() };
        let found = |text: &str| represented("Casework 12", text, &author, |a| a.ends_with("council.example"));
        let text = "Dame X has been contacted by Ms Karol Bielak. She has authorised us to act and can be copied at k.bielak@post.example. Write to Cal at cal2@office.example or head@council.example.";
        assert_eq!(
            found(text),
            Some(Person { name: Some("Ms Karol Bielak".into()), address: "k.bielak@post.example".into() })
        );
        assert_eq!(found("Our client's school can be asked at admin@school.example about lunch"), None);
        assert_eq!(
            found("I write on behalf of my mum. Her email is sunny77@post.example.").unwrap().address,
            "sunny77@post.example"
        );
        assert_eq!(found("My email is k.bielak@post.example and I am Ms Bielak"), None, "nobody is spoken for");
        let two = "On behalf of Mr Shah (a.shah@post.example) and Mrs Shah (b.shah@post.example)";
        assert_eq!(found(two), None);
    }

    #[test]
    fn staff_who_write_as_parents_say_so() {
        assert!(writes_as_a_parent(
            "personal",
            "Ruth, this is as a mum, I know I'm on my work address. Noah's plan is late."
        ));
        assert!(writes_as_a_parent("", "I am writing in a personal capacity about my son."));
        assert!(!writes_as_a_parent("", "Spoke to her as a parent of two she is cross. Please log."));
        assert!(!writes_as_a_parent("", "Please log this for my team"));
    }
}
