//! Names by which one family is told from another, as far as a message itself says whose they are. Pure.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    likeness::{folded, is_common, words_of},
    regex,
};
use crate::labelling::text::{as_read, bounded};

/// Shortest word that counts as a name; initials are looked at apart.
const LEAST_LETTERS: usize = 3;
/// Words of a last line that is still a signature.
const SIGNATURE_WORDS: usize = 5;
/// Names of one sort that are kept of a message.
const MOST_NAMES: usize = 24;

/// The names in one message, all [folded].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Words of its author's name: as sent, as signed, and out of the address.
    pub author: BTreeSet<String>,
    /// Those of them that are the family's: the last of several, the first where a comma follows.
    pub surnames: BTreeSet<String>,
    /// First letters of the author's names, where only these are given (`Ngozi O`).
    pub initials: BTreeSet<char>,
    /// Words that are said to name a child.
    pub children: BTreeSet<String>,
    /// Those of them that the author calls their own, or that bear the author's name.
    pub own: BTreeSet<String>,
    /// Other words that look like names, those of the people it was sent to left out.
    pub others: BTreeSet<String>,
}

/// What names are taken from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spoken<'m> {
    /// The author's name as sent.
    pub author_name: Option<&'m str>,
    /// The author's address, or chat.
    pub author_address: Option<&'m str>,
    /// Subject.
    pub subject: &'m str,
    /// The author's own words.
    pub text: &'m str,
    /// Names and addresses of those it was sent to.
    pub recipients: &'m [String],
}

impl Names {
    /// Those of one message.
    #[must_use]
    pub fn of(message: Spoken<'_>) -> Self {
        let text = format!("{}\n{}", as_read(message.subject), as_read(bounded(message.text)));
        let mut names = Self::default();
        names.take_author(message);
        let to: BTreeSet<String> = message.recipients.iter().flat_map(|one| name_words(one)).collect();
        names.take_signature(message.text, &to);
        names.take_children(&text, &to);
        names.take_others(&text, &to);
        names
    }

    /// Adds the names of another message of the same case.
    pub fn join(&mut self, other: Self) {
        self.author.extend(other.author);
        self.surnames.extend(other.surnames);
        self.initials.extend(other.initials);
        self.children.extend(other.children);
        self.own.extend(other.own);
        self.others.extend(other.others);
    }

    /// Words under which a case is found again: its people's names, and what it calls children.
    pub fn telling(&self) -> impl Iterator<Item = &str> {
        self.author.union(&self.children).map(String::as_str)
    }

    /// Whether the word stands anywhere among the names.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.author.contains(word) || self.children.contains(word) || self.others.contains(word)
    }

    fn take_author(&mut self, message: Spoken<'_>) {
        let name = message.author_name.unwrap_or("");
        // "Harbottle, Adil (Night Operations)": what stands in brackets is no name.
        let name = name.split(['(', '[', '<']).next().unwrap_or("");
        if !name.contains('@') {
            self.author.extend(name_words(name));
            let last = match name.split_once(',') {
                Some((first, rest)) if name_words(rest).next().is_some() => first,
                _ => name
                    .split_whitespace()
                    .filter(|word| name_words(word).next().is_some())
                    .skip(1)
                    .last()
                    .unwrap_or(""),
            };
            self.surnames.extend(name_words(last));
            self.initials.extend(initials(name));
        }
        if let Some(address) = message.author_address {
            let local = address.strip_prefix("telegram:").unwrap_or(address);
            let local = local.trim_start_matches('@').split('@').next().unwrap_or("");
            let parted: String = local.chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
            self.author.extend(name_words(&parted));
        }
    }

    /// A last line of a few words that all begin with a capital is a signature.
    fn take_signature(&mut self, text: &str, to: &BTreeSet<String>) {
        let Some(last) = text.lines().rev().map(str::trim).find(|line| !line.is_empty()) else { return };
        let words: Vec<&str> = words_of(last).collect();
        let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
        if words.len() <= SIGNATURE_WORDS && words.iter().all(capital) {
            self.author.extend(name_words(last).filter(|word| !to.contains(word)));
            self.initials.extend(initials(last));
        }
    }

    fn take_children(&mut self, text: &str, to: &BTreeSet<String>) {
        let named = |patterns: &[&Regex]| {
            let all = patterns.iter().flat_map(|pattern| pattern.captures_iter(text));
            all.flat_map(|captures| name_words(captures.get(1).map_or("", |named| named.as_str())).collect::<Vec<_>>())
                .collect()
        };
        let mut own: BTreeSet<String> = named(&[&KIN, &KIN_SMALL, &OF, &FORM]);
        // "Saskia Lindqvist-Moore", where the author is called Moore.
        for captures in FULL_NAME.captures_iter(text) {
            let part = |at| captures.get(at).map_or("", |part: regex::Match<'_>| part.as_str());
            if name_words(part(2)).any(|word| self.author.contains(&word)) {
                own.extend(name_words(part(1)));
            }
        }
        let mut children: BTreeSet<String> = named(&[&KIN_OF_OTHERS, &AGED, &POSSESSIVE]);
        let somebody_else = |word: &String| !self.author.contains(word) && !to.contains(word);
        own.retain(somebody_else);
        children.retain(somebody_else);
        children.extend(own.iter().cloned());
        self.children = children.into_iter().take(MOST_NAMES).collect();
        self.own = own.into_iter().take(MOST_NAMES).collect();
    }

    fn take_others(&mut self, text: &str, to: &BTreeSet<String>) {
        let mut before = '\n';
        let mut found = BTreeSet::new();
        for word in text.split_inclusive(|c: char| c.is_whitespace()) {
            let begins = matches!(before, '\n' | '.' | '!' | '?' | ':');
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let mut letters = bare.chars();
            let name = letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase);
            if name && !begins {
                found.extend(name_words(bare));
            }
            let trimmed = word.trim_end();
            before = if word.ends_with('\n') { '\n' } else { trimmed.chars().next_back().unwrap_or(before) };
        }
        let taken = |word: &String| self.author.contains(word) || self.children.contains(word) || to.contains(word);
        found.retain(|word| !taken(word));
        self.others = found.into_iter().take(MOST_NAMES).collect();
    }
}

/// The folded words of `text` that are long enough for a name and mean nothing else.
fn name_words(text: &str) -> impl Iterator<Item = String> {
    words_of(text)
        .map(|word| folded(word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)))
        .filter(|word| {
            word.chars().count() >= LEAST_LETTERS && !word.chars().any(|c| c.is_numeric()) && !names_nobody(word)
        })
}

fn initials(name: &str) -> impl Iterator<Item = char> {
    words_of(name).map(folded).filter(|word| word.chars().count() == 1).filter_map(|word| word.chars().next())
}

/// Words that begin with a capital in our sort of mail, or stand in addresses, and name nobody; sorted.
const NO_NAMES: &str = "academy access act address admin adoption advocacy advocate and android annexe annual appeal apr \
     assessment attendance aug aunt auntie aunty bank benefit benefits best board borough boxing bridge \
     brother bus business cabinet care carer carers caseworker center centre chair chairs child children \
     christmas city civic clinic cllr close college community complaint complaints consultant contact council \
     councillor county court cousin covid credit dad daddy data date daughter dec department deputy director \
     doctor early east easter education email english excel executive facebook faithfully families family \
     father feb first flat form forms forwarded foster fostering fri fridays friend gcse gcses general god \
     google gran grandad grandfather grandma grandmother grandpa granny green guardian guardianship hall head \
     headteacher health help her high him his hospital house housing hub husband inclusion infants infirmary \
     info information ipad iphone jan judicial jul jun junior kind lane law lead leaving legal lego level \
     library local lower madam mail mam manager mar maths member miss mon mondays mother mrs mum mummy name \
     nan nana nanny neighbour new noreply north notice nov number nurse nursery oct offer office officer \
     ofsted okay old ombudsman order outlook panel parent parents park partner phone placement plan police \
     policy primary prof protection protocol provision put reception records regards relative request rev \
     review reviews road room row sat saturdays school schools second secondary secretary section senco sent \
     sep sept service services she sincerely sir sister social solicitor solicitors son south special spouse \
     stage staying stepdad stepfather stepmother stepmum street subject sun sundays support taxi teacher team \
     teams telephone thanks the they third thu thur thurs thursdays town transport tribunal trust tue tues \
     tuesdays uncle universal university upper view wed wednesdays weds weekday weekend west whatsapp wife \
     wishes word worker year years yes you youtube zoom";
static NAMES_NOBODY: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());

/// What an address says of its owner's name: `jo.bell@mail.example` is `jo bell`.
pub(super) fn as_name(address: &str) -> String {
    address.split('@').next().unwrap_or_default().replace(['.', '_'], " ")
}

/// Whether `word` (folded) is known to name nobody.
pub(super) fn names_nobody(word: &str) -> bool {
    is_common(word) || NAMES_NOBODY.contains(word)
}

/// One name or several: `Ibrahim`, `Ibrahim and Zaynab`, `Kwabena, Yaw & Efua`.
const LIST: &str = r"(\p{Lu}[\p{L}’'-]+(?:(?:\s*,\s*|\s+and\s+|\s+&\s+|\s+)\p{Lu}[\p{L}’'-]+){0,4})";
const KINDRED: &str = "son|sons|daughter|daughters|child|children|boy|boys|girl|girls|grandson|grandsons|granddaughter|\
                       grandchild|grandchildren|baby|babies|nephew|niece|brother|sister|kids|twins|lad|eldest|youngest";

static KIN: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?m)(?:\b(?i:my|our)\s+(?:[\p{{L}}-]+\s+)?|^)(?i:{KINDRED}),?\s+{LIST}")));
static KIN_OF_OTHERS: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"\b(?i:her|his|their|the)\s+(?:[\p{{L}}-]+\s+)?(?i:{KINDRED}),?\s+{LIST}")));
/// In chat written without capitals only what cannot be a verb: "my grandson kai who is 5", "my son kai's taxi".
static KIN_SMALL: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"\b(?i:my|our)\s+(?:{KINDRED})\s+(\p{{Ll}}{{3,}})(?:,|'s|’s|\s+who\b|\s+is\s+\d|\s+and\s+i\b|\s*\()"
    ))
});
static OF: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"\b(?i:mum|mam|mom|mother|dad|father|parents?|nan|gran|grandmother|grandfather|grandparents?|carers?|guardians?|aunt|auntie|uncle|stepdad|stepmum|advocate)\s+(?:of|to|for)\s+{LIST}"
    ))
});
static AGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(\p{Lu}[\p{L}’'-]+(?:\s+\p{Lu}[\p{L}’'-]+)?)(?:\s*\(\s*|,\s+(?:aged\s+)?|\s+(?:is|aged)\s+)(?:1?\d)\b(?:\)|\s|,|\.|$|\s*years)",
    )
});
static POSSESSIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(\p{Lu}[\p{L}-]+)['’]s\s+(?i:mum|mother|dad|father|nan|gran|parents?|carers?|school|plan|ehcp|ehc|ehcna|review|annual|transport|taxi|bus|escort|social|placement|pep|teacher|senco|assessment|direct|respite|short|needs|care|education|brother|sister|case|iro|pa|tuition|support|contact)\b",
    )
});
static FORM: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?im)^[ \t]*child(?:ren)?(?:['’]s name|['’]s full name| name)?[ \t]*:[ \t]*([\p{L}’' -]+)")
});
static FULL_NAME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"((?:\p{Lu}[\p{L}’']+\s+(?:and|&)\s+)?\p{Lu}[\p{L}’']+)\s+(\p{Lu}[\p{L}’'-]+)"));

#[cfg(test)]
mod tests {
    use super::*;

    fn names(author: &str, address: &str, subject: &str, text: &str) -> Names {
        let recipients = ["Colin Mapperley".to_owned(), "colin.mapperley@sedge.example".to_owned()];
        Names::of(Spoken {
            author_name: Some(author),
            author_address: Some(address),
            subject,
            text,
            recipients: &recipients,
        })
    }

    #[test]
    fn the_words_that_name_nobody_are_sorted() {
        let words: Vec<&str> = NO_NAMES.split_whitespace().collect();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        let found = names(
            "Jo Renwick",
            "jo@mail.example",
            "",
            "We wrote on Aug 10, Sept 12 and again. The Early Help Team is in the Civic Centre.",
        );
        assert_eq!((found.children, found.others), (set(&[]), set(&[])));
    }

    #[test]
    fn a_neighbours_child_is_not_ones_own() {
        let text = "My son Levi goes with Matteo (9), Naomi's boy. Levi Renwick is 10.";
        let found = names("Jo Renwick", "jo@mail.example", "", text);
        assert_eq!(found.own, set(&["levi"]));
        assert!(found.children.contains("matteo"));
    }

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn an_author_is_known_by_name_signature_and_address() {
        let found = names(
            "Harbottle, Adil (Night Operations)",
            "a.harbottle@freight.example",
            "Five days",
            "No bus.\n\nAdil H",
        );
        assert_eq!((found.author, found.surnames), (set(&["harbottle", "adil"]), set(&["harbottle"])));
        assert_eq!(found.initials, ['h'].into());
        let found = names("Ngozi O", "telegram:604418820", "", "the bus hasnt come");
        assert_eq!((found.author, found.initials), (set(&["ngozi"]), ['o'].into()));
    }

    #[test]
    fn children_are_known_by_what_is_said_of_them() {
        for (text, children) in [
            ("I am the mother of Ibrahim (14) and Zaynab (11).", &["ibrahim", "zaynab"][..]),
            ("My son Chidi is 9 and goes to Hollin Bank.", &["chidi"]),
            ("my grandson kai who is 5 is at mine", &["kai"]),
            ("I am Isla Renwick's dad", &["isla"]),
            ("Child: Hania Renwick, 7", &["hania"]),
            ("When is Tobi's annual review?", &["tobi"]),
            ("Grandson Adam Brandt, the visits", &["adam", "brandt"]),
            ("contact for me and my baby Adam is cancel", &["adam"]),
            ("My son needs a taxi. My daughter started school.", &[]),
            ("Mr Mapperley's plan is wrong", &[]),
        ] {
            assert_eq!(names("Jo Renwick", "jo@mail.example", "", text).children, set(children), "{text}");
        }
    }

    #[test]
    fn whoever_it_was_sent_to_is_nobody_of_the_family() {
        let found = names(
            "Jo Renwick",
            "jo@mail.example",
            "No bus",
            "Dear Mr Mapperley, we met Leanne on Friday at Larkfield. Colin was there.",
        );
        assert_eq!(found.others, set(&["leanne", "larkfield"]));
    }
}
