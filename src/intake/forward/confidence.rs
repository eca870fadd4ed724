//! How sure it is who wrote a message that was passed on.
//!
//! *Sure*: the message is attached whole, or a marked header names one author with an address of a person, and nothing
//! contradicts it. *Likely*: the same, but nothing besides the header says that the message was passed on; it may as well
//! be the tail of a reply. *Doubtful*: everything else. A rule of ours: a family is written to at once only when sure.

use std::sync::LazyLock;

use regex::Regex;

use crate::intake::{
    reading::{Confidence, Person, Sureness},
    screen,
};

/// Where the author's name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the header of an attached message.
    Attached,
    /// In a header block that the subject or a line above calls forwarded.
    Marked,
    /// In a header block alone.
    Unmarked,
    /// In "On … somebody wrote:".
    Attribution,
}

/// What there is to judge by.
#[derive(Clone, Copy, Debug)]
pub struct Signs<'a> {
    /// Who is named.
    pub from: Option<&'a Person>,
    /// Where.
    pub found: Found,
    /// The header names several addresses, or somebody who wrote for another.
    pub several_senders: bool,
    /// Messages by different people were passed on at once.
    pub several_authors: bool,
    /// The oldest message below was written by somebody else outside the council.
    pub older_by_another: bool,
    /// Somebody outside the council passed it on before, without a word.
    pub passed_on_outside: bool,
    /// The author's words.
    pub text: &'a str,
}

/// How sure, and why.
#[must_use]
pub fn judge(signs: &Signs<'_>) -> Confidence {
    let mut doubts: Vec<&str> = Vec::new();
    match signs.from {
        None => doubts.push("nobody is named as the author"),
        Some(from) if from.address.is_empty() => doubts.push("the author is named without an address"),
        Some(from) => {
            if screen::nobody_reads(&from.address) || is_office(&from.address) {
                doubts.push("the address looks like an office's or a machine's, not a person's");
            }
            if signed_by_another(from, signs.text) {
                doubts.push("another name stands below the words than above them");
            }
        }
    }
    if signs.found == Found::Attribution {
        doubts.push("the author is named only in a line such as “On … wrote:”");
    }
    if signs.several_senders {
        doubts.push("the header names more than one sender");
    }
    if signs.several_authors {
        doubts.push("messages by different people were passed on at once");
    }
    if signs.older_by_another {
        doubts.push("the oldest message below was written by somebody else");
    }
    if signs.passed_on_outside {
        doubts.push("somebody outside the council had passed it on without a word of their own");
    }
    if !doubts.is_empty() {
        return confidence(Sureness::Doubtful, doubts);
    }
    match signs.found {
        Found::Attached => confidence(Sureness::Sure, vec!["the message is attached whole"]),
        Found::Marked => confidence(Sureness::Sure, vec!["the header above the message names one author"]),
        Found::Unmarked | Found::Attribution => {
            confidence(Sureness::Likely, vec!["only the header below the note says that it was passed on"])
        }
    }
}

fn confidence(sureness: Sureness, why: Vec<&str>) -> Confidence {
    Confidence { sureness, why: why.into_iter().map(str::to_owned).collect() }
}

/// An address that an office shares.
fn is_office(address: &str) -> bool {
    static OFFICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:info|office|admin|administrator|enquir(?:y|ies)|inquiries|contact(?:us)?|hello|help(?:desk)?|support|reception|team|services?|customer.?(?:services?|care)|feedback|complaints?|notifications?|notify|alerts?|mail(?:er|box)?|news(?:letter)?|secretary|head(?:teacher)?|school|senco?|billing|accounts?|hr|jobs|webmaster|sales|updates?|system|service.?desk|advocacy)(?:[._-].*)?$").ok()
    });
    let local = address.split('@').next().unwrap_or_default();
    OFFICE.as_ref().is_some_and(|pattern| pattern.is_match(local))
}

/// Whether a full name closes the words that shares nothing with the sender's: an advocate, a partner, a shared account.
fn signed_by_another(from: &Person, text: &str) -> bool {
    static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:(?:kind(?:est)?|best|warm(?:est)?|many|with|yours?)\s+)*(?:regards|wishes|thanks|thank you|sincerely|faithfully|truly|respectfully|cheers|cofion(?: gorau)?|diolch)\b[\s,.!]*$").ok()
    });
    let Some(name) = &from.name else { return false };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default();
    let Some(closing) = last.iter().rposition(|l| l.len() < 60 && CLOSING.as_ref().is_some_and(|p| p.is_match(l)))
    else {
        return false;
    };
    let Some(signed) = last.get(closing + 1) else { return false };
    let words = words(signed);
    let is_name = (2..=4).contains(&signed.split_whitespace().count())
        && signed.len() <= 40
        && words.len() >= 2
        && signed.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && signed.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’'));
    let local = from.address.split('@').next().unwrap_or_default().to_lowercase();
    let known = self::words(name);
    is_name && !words.iter().any(|word| known.contains(word) || local.contains(word.as_str()))
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 3).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> Person {
        Person { name: Some("Ann Bell".into()), address: "ann.bell82@mail.example".into() }
    }

    fn signs(from: Option<&Person>) -> Signs<'_> {
        Signs {
            from,
            found: Found::Marked,
            several_senders: false,
            several_authors: false,
            older_by_another: false,
            passed_on_outside: false,
            text: "Nobody came.\n\nKind regards\nAnn",
        }
    }

    #[test]
    fn one_address_in_a_marked_header_is_sure_and_each_doubt_is_named() {
        let ann = ann();
        assert_eq!(judge(&signs(Some(&ann))).sureness, Sureness::Sure);
        assert_eq!(judge(&Signs { found: Found::Attached, ..signs(Some(&ann)) }).sureness, Sureness::Sure);
        assert_eq!(judge(&Signs { found: Found::Unmarked, ..signs(Some(&ann)) }).sureness, Sureness::Likely);
        let nameless = Person { name: Some("Ann Bell".into()), address: String::new() };
        for doubtful in [
            signs(None),
            signs(Some(&nameless)),
            Signs { found: Found::Attribution, ..signs(Some(&ann)) },
            Signs { several_senders: true, ..signs(Some(&ann)) },
            Signs { several_authors: true, ..signs(Some(&ann)) },
            Signs { older_by_another: true, ..signs(Some(&ann)) },
            Signs { passed_on_outside: true, found: Found::Attached, ..signs(Some(&ann)) },
            Signs { text: "Nobody came.\n\nYours sincerely,\n\nPriya Nair", ..signs(Some(&ann)) },
        ] {
            let judged = judge(&doubtful);
            assert_eq!((judged.sureness, judged.why.len()), (Sureness::Doubtful, 1), "{doubtful:?}");
        }
    }

    #[test]
    fn offices_and_machines_are_doubted_and_people_are_not() {
        for address in
            ["office@school.example", "no-reply@x.example", "info@charity.example", "admin.st-marys@x.example"]
        {
            let person = Person { name: None, address: address.into() };
            assert_eq!(judge(&signs(Some(&person))).sureness, Sureness::Doubtful, "{address}");
        }
        for address in ["informed.mum@x.example", "teamann@x.example", "hellen@x.example", "ann@office.example"] {
            let person = Person { name: None, address: address.into() };
            assert_eq!(judge(&signs(Some(&person))).sureness, Sureness::Sure, "{address}");
        }
    }

    #[test]
    fn a_signature_disagrees_only_when_it_is_another_full_name() {
        let ann = ann();
        for text in [
            "x\n\nRegards\nAnn",
            "x\n\nThanks,\nA Bell",
            "x\n\nRegards\nMrs Bell",
            "x\n\nthanks\nMum of Tom",
            "x\n\nRegards",
            "x",
            "Regards to all\nPriya Nair",
            "x\n\nYours sincerely\nBELL Family",
        ] {
            assert!(!signed_by_another(&ann, text), "{text}");
        }
        assert!(signed_by_another(&ann, "x\n\nBest wishes,\nPriya Nair\nAdvocate\n07700 900000"));
    }
}
