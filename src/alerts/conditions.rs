//! What holds now that somebody must be told: from how mailboxes, tokens and sending are. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::Trouble;
use crate::oauth::TokenFault;

/// A dead source of tokens is told after this time at the latest: waiting mends nothing.
const DEAD_AFTER: TimeDelta = TimeDelta::minutes(2);
/// A mailbox that says neither well nor ill is silent after so many polls, and not before [`NOT_SILENT`].
const SILENT_POLLS: i32 = 3;
/// The shortest time after which a mailbox is silent.
const NOT_SILENT: TimeDelta = TimeDelta::minutes(2);

/// So long at most after a token was had again, everything has tried again that needs one.
const FOUND_OUT: TimeDelta = TimeDelta::minutes(10);

/// What is watched, and when it is told.
#[derive(Clone, Debug)]
pub struct Rules {
    /// A fault is told when it has lasted so long.
    pub after: TimeDelta,
    /// And again so long after.
    pub repeat: TimeDelta,
    /// Since when this program runs.
    pub started: DateTime<Utc>,
    /// Mailboxes, and the chat.
    pub mailboxes: Vec<WatchedBox>,
    /// `[oauth.NAME]` that mail is sent with.
    pub sending_tokens: Option<String>,
    /// Something is sent at all.
    pub sending: bool,
}

/// A mailbox that must be read.
#[derive(Clone, Debug)]
pub struct WatchedBox {
    /// Its configured name.
    pub name: String,
    /// How often it is polled.
    pub poll: TimeDelta,
    /// `[oauth.NAME]` it is signed in to with.
    pub tokens: Option<String>,
}

/// How a mailbox is.
#[derive(Clone, Debug)]
pub struct MailboxFact {
    /// Its configured name.
    pub name: String,
    /// When it was read last.
    pub last_success_at: Option<DateTime<Utc>>,
    /// What is wrong now.
    pub trouble: Option<Trouble>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// How a source of tokens is.
#[derive(Clone, Debug)]
pub struct TokenFact {
    /// `[oauth.NAME]`.
    pub name: String,
    /// When it last gave a token.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When the token in hand ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// What is wrong now.
    pub fault: Option<TokenFault>,
    /// The server's own code for it.
    pub code: Option<String>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// How a way out is.
#[derive(Clone, Debug)]
pub struct SendingFact {
    /// `email` or `chat`.
    pub channel: String,
    /// What is wrong now.
    pub trouble: Option<Trouble>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// How everything is.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Mailboxes, and the chat.
    pub mailboxes: Vec<MailboxFact>,
    /// Sources of tokens.
    pub tokens: Vec<TokenFact>,
    /// Ways out.
    pub sending: Vec<SendingFact>,
}

/// Something that somebody must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Tells it from others, the same as long as it lasts.
    pub about: String,
    /// What does not work, to go on with "works again".
    pub title: String,
    /// What that means, as a sentence without its full stop.
    pub harm: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub fault: String,
    /// What to do.
    pub remedy: String,
}

/// Everything that holds at `now`.
#[must_use]
pub fn conditions(rules: &Rules, facts: &Facts, now: DateTime<Utc>) -> Vec<Condition> {
    let mut all: Vec<Condition> = facts.tokens.iter().filter_map(|fact| tokens_condition(rules, fact, now)).collect();
    let told: BTreeSet<String> = all.iter().map(|condition| condition.about.clone()).collect();
    // What fails for want of a token is told as that; and once there is one again, it has a while to find it out.
    let is_explained = |tokens: &Option<String>| {
        let source = facts.tokens.iter().find(|fact| Some(&fact.name) == tokens.as_ref());
        source.is_some_and(|fact| {
            let mended = fact.fault.is_none() && fact.refreshed_at.is_some_and(|at| now - at < FOUND_OUT);
            mended || told.contains(&about_tokens(&fact.name))
        })
    };
    let known: BTreeMap<&str, &MailboxFact> = facts.mailboxes.iter().map(|fact| (fact.name.as_str(), fact)).collect();
    let mut unjudged: Vec<(&str, DateTime<Utc>)> = Vec::new();
    for watched in &rules.mailboxes {
        let Some((trouble, since)) = unread(rules, watched, known.get(watched.name.as_str()).copied(), now) else {
            continue;
        };
        match trouble {
            Trouble::Token if is_explained(&watched.tokens) => {}
            Trouble::Classifier => unjudged.push((&watched.name, since)),
            _ => all.push(mailbox_condition(watched, trouble, since, facts)),
        }
    }
    if let Some(since) = unjudged.iter().map(|(_, since)| *since).min() {
        let names: Vec<&str> = unjudged.iter().map(|(name, _)| *name).collect();
        all.push(Condition {
            about: "classifier".to_owned(),
            title: "the classifier".to_owned(),
            harm: format!("managers' mailboxes are not read: {}", listed(&names)),
            since,
            fault: Trouble::Classifier.words().to_owned(),
            remedy: Trouble::Classifier.remedy().to_owned(),
        });
    }
    let sending = facts.sending.iter().filter(|_| rules.sending).filter_map(|fact| {
        let (trouble, since) = (fact.trouble?, fact.since?);
        let shown = trouble != Trouble::Token || !is_explained(&rules.sending_tokens);
        (shown && now - since >= rules.after).then(|| sending_condition(rules, fact, trouble, since, facts))
    });
    all.extend(sending.collect::<Vec<_>>());
    all
}

fn about_tokens(name: &str) -> String {
    format!("tokens {name}")
}

fn tokens_condition(rules: &Rules, fact: &TokenFact, now: DateTime<Utc>) -> Option<Condition> {
    let (fault, since) = (fact.fault?, fact.since?);
    let uses = |tokens: &Option<String>| tokens.as_deref() == Some(&fact.name);
    let boxes: Vec<&str> =
        rules.mailboxes.iter().filter(|one| uses(&one.tokens)).map(|one| one.name.as_str()).collect();
    let sends = rules.sending && uses(&rules.sending_tokens);
    if boxes.is_empty() && !sends {
        return None;
    }
    let wait = if fault.needs_a_person() { rules.after.min(DEAD_AFTER) } else { rules.after };
    // A server that is away for a while does no harm as long as the last token is good.
    let harmless = !fault.needs_a_person() && fact.ends_at.is_some_and(|end| end > now);
    if now - since < wait || harmless {
        return None;
    }
    let mut harm = Vec::new();
    if !boxes.is_empty() {
        harm.push(format!("Heard can no longer sign in to the {}", mailboxes(&boxes)));
    }
    if sends {
        harm.push("no letter can be sent".to_owned());
    }
    Some(Condition {
        about: about_tokens(&fact.name),
        title: format!("sign-in with \"{}\"", fact.name),
        harm: harm.join(", and "),
        since,
        fault: token_words(fault, fact.code.as_deref()),
        remedy: fault.remedy().to_owned(),
    })
}

fn token_words(fault: TokenFault, code: Option<&str>) -> String {
    match code {
        Some(code) => format!("{} ({code})", fault.words()),
        None => fault.words().to_owned(),
    }
}

/// What keeps the mailbox from being read, and since when it is not, if that is to be told.
fn unread(
    rules: &Rules,
    watched: &WatchedBox,
    fact: Option<&MailboxFact>,
    now: DateTime<Utc>,
) -> Option<(Trouble, DateTime<Utc>)> {
    let last = fact.and_then(|fact| fact.last_success_at);
    match fact.and_then(|fact| fact.trouble) {
        Some(trouble) => {
            let since = last.or(fact.and_then(|fact| fact.since)).unwrap_or(rules.started);
            (now - since >= rules.after).then_some((trouble, since))
        }
        None => {
            // What was before this program started is no silence of its own.
            let quiet_since = last.map_or(rules.started, |last| last.max(rules.started));
            let bound = rules.after.max(watched.poll * SILENT_POLLS).max(NOT_SILENT);
            (now - quiet_since >= bound).then_some((Trouble::Silent, last.unwrap_or(rules.started)))
        }
    }
}

fn mailbox_condition(watched: &WatchedBox, trouble: Trouble, since: DateTime<Utc>, facts: &Facts) -> Condition {
    let (fault, remedy) = explained(trouble, watched.tokens.as_deref(), facts);
    Condition {
        about: format!("mailbox {}", watched.name),
        title: format!("mailbox \"{}\"", watched.name),
        harm: "it is not read, and what families write there waits".to_owned(),
        since,
        fault,
        remedy,
    }
}

fn sending_condition(
    rules: &Rules,
    fact: &SendingFact,
    trouble: Trouble,
    since: DateTime<Utc>,
    facts: &Facts,
) -> Condition {
    let email = fact.channel == "email";
    let (fault, remedy) = explained(trouble, rules.sending_tokens.as_deref().filter(|_| email), facts);
    Condition {
        about: format!("sending {}", fact.channel),
        title: if email { "sending mail" } else { "answering in chat" }.to_owned(),
        harm: "acknowledgements wait in the outbox".to_owned(),
        since,
        fault,
        remedy,
    }
}

/// What is wrong and what to do; for want of a token, why there is none.
fn explained(trouble: Trouble, tokens: Option<&str>, facts: &Facts) -> (String, String) {
    let source = facts.tokens.iter().find(|fact| Some(fact.name.as_str()) == tokens);
    match source.and_then(|fact| Some((fact.fault?, fact.code.as_deref()))) {
        Some((fault, code)) if trouble == Trouble::Token => (token_words(fault, code), fault.remedy().to_owned()),
        _ => (trouble.words().to_owned(), trouble.remedy().to_owned()),
    }
}

fn mailboxes(names: &[&str]) -> String {
    format!("{} {}", if names.len() == 1 { "mailbox" } else { "mailboxes" }, listed(names))
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
