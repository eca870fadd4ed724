//! What is wrong with a delivery, in kinds that tell an officer what to do. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::Action;

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Nobody has that address.
    NoSuchAddress,
    /// Nobody has that domain, or it takes no mail.
    NoSuchDomain,
    /// The person has another address now.
    Moved,
    /// No room in the mailbox.
    MailboxFull,
    /// The message is too large.
    TooLarge,
    /// The other side does not want it: spam, policy, reputation.
    NotWanted,
    /// The other side did not answer for days.
    NoAnswer,
    /// Nothing, or nothing known.
    #[default]
    Unknown,
}

impl Fault {
    /// Whether another attempt to the same address can be spared: it would fail the same way.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        matches!(self, Self::NoSuchAddress | Self::NoSuchDomain | Self::Moved)
    }

    /// The fault in words that follow "because".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoSuchAddress => "nobody has this address",
            Self::NoSuchDomain => "the part of the address after the @ does not exist or takes no mail",
            Self::Moved => "the person has another address now",
            Self::MailboxFull => "the mailbox is full",
            Self::TooLarge => "the letter is too large for the mailbox",
            Self::NotWanted => "the other mail system did not want it",
            Self::NoAnswer => "the other mail system could not be reached",
            Self::Unknown => "the mail system gave up",
        }
    }

    /// What is wrong, by what the server said and by its codes. Words come first: many servers say 5.1.1 or 5.7.1 for
    /// everything.
    #[must_use]
    pub fn of(action: Action, status: Option<&str>, reply: Option<u16>, said: &str) -> Self {
        if action < Action::Delayed {
            return Self::Unknown;
        }
        let by_words = WORDS.iter().find(|(_, pattern)| pattern.as_ref().is_some_and(|pattern| pattern.is_match(said)));
        if let Some((fault, _)) = by_words {
            return *fault;
        }
        match by_code(status.unwrap_or_default(), reply) {
            // "Recipient rejected" and nothing else.
            Self::Unknown if REJECTED.as_ref().is_some_and(|pattern| pattern.is_match(said)) => Self::NoSuchAddress,
            known => known,
        }
    }
}

static REJECTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:recipient|address|user|mailbox)(?: address)?[^.:;]{0,20} (?:was |is )?(?:rejected|refused)")
        .ok()
});

static WORDS: LazyLock<Vec<(Fault, Option<Regex>)>> = LazyLock::new(|| {
    [
        (Fault::MailboxFull, r"mail ?(?:box|folder|file)?[^.]{0,20} (?:is |was )?(?:too )?full|mailbox (?:size )?limit|(?:over|exceed(?:ed|s|ing)?)[^.]{0,25}(?:quota|storage|size limit of the mailbox)|quota[^.]{0,20}exceed|insufficient (?:system )?storage|inbox is (?:full|out of)|out of storage|not enough (?:storage )?space|user is over|disk full"),
        (Fault::Moved, r"has moved|(?:user|account|mailbox) (?:has |was )?moved|please (?:try|use) <?[^ ]+@|address (?:has )?changed|recipient has changed"),
        (Fault::TooLarge, r"(?:message|mail)[^.]{0,15} (?:is )?too (?:big|large|long)|size exceeds|exceed(?:s|ed)?[^.]{0,30}(?:message )?size|max(?:imum)? message size|message size exceeds"),
        // What Microsoft's servers say of an address that nobody has.
        (Fault::NoSuchAddress, r"recipient address rejected: access denied"),
        (Fault::NotWanted, r"spam|sender address|domain of sender|\bsender\b[^.]{0,30}(?:rejected|denied|refused|not (?:allowed|accepted|valid))|valid from:|blacklist|black list|block ?list|blocked|bulk mail|reputation|dmarc|\bspf\b|\bdkim\b|unauthenticated|\bauthentication\b|not authori[sz]ed|reverse dns|\bptr\b|rdns|policy|relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted))|unable to relay|virus|malware|access denied|rate limit|too many|content (?:rejected|filter)|message (?:was )?(?:rejected|refused|blocked)|not accepting mail from|greylist|service refused"),
        (Fault::NoSuchDomain, r"host (?:name )?(?:unknown|not found|or domain name not found)|unknown (?:host|domain)|(?:domain|host)(?: name)? (?:does not|doesn't|doesn’t) exist|domain (?:name )?(?:is )?(?:not found|invalid|must resolve)|no (?:mail exchanger|mx|such (?:host|domain))|unrouteable|unroutable|name or service not known|no smtp service|host [^ ]+ not found|nxdomain|couldn'?t find (?:any )?(?:host|a mail exchanger)|null ?mx|does not accept (?:any )?(?:e-?)?mail|all relevant mx records point to non-existent"),
        (Fault::NoSuchAddress, r"(?:user|recipient|account|address|mailbox|alias|destination|mailaddress)[^.:;<]{0,30} ?(?:is |was |were |are )?(?:unknown|not (?:found|known|exist|valid|listed|recogni[sz]ed|available)|unavailable|invalid|does ?n[o']t exist|does not exist|doesn[’']t exist|not exist|disabled|inactive|undeliverable|no longer (?:valid|exists|available))|(?:unknown|invalid|no such|no|bad|unrecogni[sz]ed|nonexistent|non-existent) (?:local |virtual |e-?mail )?(?:user|recipient|mailbox|account|address|person|alias|mailaddress)|does(?: not|n[’']t) (?:have|exist)|could ?n[o']t be found|wasn[’']t found|not (?:our|a valid) (?:customer|user|mailbox|recipient|address)|not listed in|this (?:account|address|mailbox)[^.]{0,20}(?:no longer|disabled|closed)|doesn't have an?[^.]{0,30} account|recipientnotfound"),
        (Fault::NoAnswer, r"timed? ?out|timeout|connection (?:refused|reset|was closed|closed|lost)|could not connect|unable to (?:contact|connect|reach)|not reachable|unreachable|no route|socket error|did not accept our requests|too long|retry time|expired|not been delivered|in the queue|temporar(?:y|ily)|try again"),
    ]
    .into_iter()
    .map(|(fault, pattern)| (fault, Regex::new(&format!("(?i){pattern}")).ok()))
    .collect()
});

/// By RFC 3463; the subject and the detail tell, whatever the class.
fn by_code(status: &str, reply: Option<u16>) -> Fault {
    let mut parts = status.split('.');
    let _class = parts.next();
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("1", "2" | "4") | ("4", "4") | ("3", "2") => Fault::NoSuchDomain,
        ("1", "6") => Fault::Moved,
        ("1", "0" | "1" | "3" | "10") | ("5", "1") => Fault::NoSuchAddress,
        ("2", "2") => Fault::MailboxFull,
        ("2", "3") | ("3", "4") => Fault::TooLarge,
        ("4", _) => Fault::NoAnswer,
        ("7", _) | ("1", "7" | "8" | "9") | ("6", _) => Fault::NotWanted,
        _ => match reply {
            Some(552) => Fault::MailboxFull,
            Some(421 | 450 | 451) => Fault::NoAnswer,
            _ => Fault::Unknown,
        },
    }
}
