//! Messages inside a message: whom they are by, and whether they were passed on side by side or one inside the other.

use super::{Outer, writer::writer};
use crate::intake::{
    header_block::{Block, unquoted},
    reading::Person,
    shared_domains,
    strip::{self, Marker},
};

/// So many messages inside one are looked at; a thread has tens.
const MOST_MESSAGES: usize = 200;

fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !shared_domains::is_shared(domain))
}

/// Whether both are one person.
pub(super) fn same_person(from: Option<&Person>, outer: Option<&Person>) -> bool {
    match (from, outer) {
        (Some(from), Some(outer)) if !from.address.is_empty() => from.address.eq_ignore_ascii_case(&outer.address),
        (Some(from), Some(outer)) => from.name.is_some() && from.name == outer.name,
        _ => false,
    }
}

impl Outer<'_> {
    /// Whether `from` writes from the organisation of whoever passes on, or from the council's.
    #[must_use]
    pub fn is_colleague(&self, from: Option<&Person>) -> bool {
        let Some(theirs) = from.and_then(|from| domain(&from.address)) else { return false };
        let outer = self.person.and_then(|outer| domain(&outer.address));
        outer.into_iter().chain(self.council.iter().filter_map(|address| domain(address))).any(|ours| ours == theirs)
    }

    fn is_ours(&self, from: Option<&Person>) -> bool {
        self.is_colleague(from) || same_person(from, self.person)
    }
}

/// Whether `list`, a line of recipients, names `person`.
fn names(list: Option<&str>, person: Option<&Person>) -> bool {
    let (Some(list), Some(person)) = (list, person) else { return false };
    let list = list.to_lowercase();
    let by_name =
        person.name.as_deref().is_some_and(|name| name.chars().count() > 3 && list.contains(&name.to_lowercase()));
    by_name || (!person.address.is_empty() && list.contains(&person.address.to_lowercase()))
}

/// Whether two lines of recipients have one in common.
fn share_a_recipient(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let people = |list: &str| -> Vec<String> {
        list.to_lowercase()
            .split([';', ','])
            .take(50)
            .map(|one| {
                let address = one.split(['<', '>', ' ', '"', '\'']).find(|word| word.contains('@'));
                address.unwrap_or(one).trim().to_owned()
            })
            .filter(|one| !one.is_empty())
            .collect()
    };
    let b = people(b);
    people(a).iter().any(|one| b.contains(one))
}

/// A further message that was passed on beside the first: where its marker stands, and the marker.
pub(super) struct Beside {
    pub at: usize,
    pub marker: Marker,
}

/// The messages that stand beside, not inside, the one whose header is `first` and whose lines are `lines`.
///
/// Beside: it went to one the first went to, or to whoever passes on; neither author is among the other's recipients;
/// another person wrote it, or the same about something else. A thread is the opposite in each.
pub(super) fn beside(lines: &[&str], first: &Block, outer: &Outer<'_>) -> Vec<Beside> {
    let mut found: Vec<Beside> = Vec::new();
    let mut before = first.clone();
    let mut at = 0;
    let mut seen = 0;
    while at < lines.len() && seen < MOST_MESSAGES {
        let Some(marker) = strip::marker(lines, at) else {
            at += 1;
            continue;
        };
        let end = marker.end.max(at + 1);
        if let Some(next) = marker.block.clone() {
            seen += 1;
            if stands_beside(&before, &next, outer) {
                found.push(Beside { at, marker });
                before = next;
            } else if !is_inside(&before, &next, outer) {
                break;
            }
        }
        at = end;
    }
    found
}

fn stands_beside(first: &Block, next: &Block, outer: &Outer<'_>) -> bool {
    let (a, b) = (first.from.as_ref(), next.from.as_ref());
    if a.is_none() || b.is_none() || outer.is_ours(a) || outer.is_ours(b) {
        return false;
    }
    let to_the_same =
        share_a_recipient(first.to.as_deref(), next.to.as_deref()) || names(next.to.as_deref(), outer.person);
    let among = |block: &Block, person| names(block.to.as_deref(), person) || names(block.cc.as_deref(), person);
    if !to_the_same || among(next, a) || among(first, b) {
        return false;
    }
    let subjects = [first, next].map(|block| block.subject.as_deref().unwrap_or_default());
    let [ours, theirs] = subjects.map(|subject| super::bare_subject(subject).to_lowercase());
    // "FW: bus" or "Re: bus" above "bus" is one thread.
    let goes_on = super::prefix(subjects[0]) != super::Prefix::None && ours == theirs;
    let again = same_person(a, b) && ours == theirs;
    !goes_on && !again
}

/// Part of the thread under `first`: written by one of ours, by the same person, or to that person, or about the same.
fn is_inside(first: &Block, next: &Block, outer: &Outer<'_>) -> bool {
    let (a, b) = (first.from.as_ref(), next.from.as_ref());
    let subject = |block: &Block| super::bare_subject(block.subject.as_deref().unwrap_or_default()).to_lowercase();
    outer.is_ours(b)
        || same_person(a, b)
        || names(next.to.as_deref(), a)
        || b.is_none_or(|b| b.address.is_empty())
        || subject(first) == subject(next)
}

/// Whether the oldest message inside `lines` that somebody outside wrote was written by another than `author`.
pub(super) fn oldest_is_by_another(lines: &[&str], author: Option<&Person>, outer: &Outer<'_>) -> bool {
    let bare: Vec<&str> = lines.iter().map(|line| unquoted(line).1).collect();
    let mut oldest: Option<Person> = None;
    let (mut at, mut seen) = (0, 0);
    while at < bare.len() && seen < MOST_MESSAGES {
        let (from, end) = if let Some(marker) = strip::marker(&bare, at) {
            (marker.block.and_then(|block| block.from), marker.end)
        } else if let Some(found) = strip::attribution(&bare, at) {
            (writer(&bare, at, found.end).map(|(person, _)| person), found.end)
        } else {
            at += 1;
            continue;
        };
        seen += 1;
        at = end.max(at + 1);
        if from.as_ref().is_some_and(|from| !from.address.is_empty()) && !outer.is_ours(from.as_ref()) {
            oldest = from;
        }
    }
    oldest.is_some_and(|oldest| author.is_none_or(|author| !author.address.eq_ignore_ascii_case(&oldest.address)))
}
