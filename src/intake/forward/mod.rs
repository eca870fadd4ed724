//! Messages passed on inside another: who wrote the original, and what the one who passes it on typed above.

use std::cell::OnceCell;

use super::{
    header_block::{Block, unquoted},
    reading::{Forwarded, Person},
    strip::{self, Marker},
};
use chain::same_person;
use confidence::{Found, Signs};
use writer::writer;

mod chain;
pub mod confidence;
mod prefix;
#[cfg(test)]
mod tests;
mod writer;

pub use prefix::{Prefix, bare_subject, prefix};

/// A forward found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inline {
    /// What stands above it.
    pub note: String,
    /// The message passed on.
    pub forwarded: Forwarded,
    /// Messages passed on beside it.
    pub also: Vec<Forwarded>,
    /// What that message quotes in turn, and notes of others in between.
    pub rest: String,
    /// The one who passes it on wrote it: their own words sent to a second address.
    pub own: bool,
}

/// Who passes on, and where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outer<'a> {
    /// The author of the message that is read.
    pub person: Option<&'a Person>,
    /// Addresses of the council: whoever shares their domain is a colleague.
    pub council: &'a [String],
}

/// As [`inline_for`], without knowing the council.
#[must_use]
pub fn inline(text: &str, subject: &str, outer: Option<&Person>) -> Option<Inline> {
    inline_for(text, subject, Outer { person: outer, council: &[] })
}

/// The forward that `text` holds, if it holds one.
///
/// A marker that says "forwarded" is believed. A header block alone, which stands in replies and forwards alike, is one
/// when the subject says so, or when it does not say "Re:" and hardly anything is typed above. What `outer` wrote
/// themselves is marked as their own, so that nobody takes it for a stranger's or for a mere quotation.
#[must_use]
pub fn inline_for(text: &str, subject: &str, outer: Outer<'_>) -> Option<Inline> {
    let lines = strip::lines_of(text);
    let prefix = prefix(subject);
    let subject_says_so = matches!(prefix, Prefix::Forward | Prefix::Either);
    let last_block = OnceCell::new();
    let block_follows = |at: usize| last_block.get_or_init(|| last_block_of(&lines)).is_some_and(|last| last > at);
    let mut quotation_above = false;
    let mut words_above = 0;
    for (at, line) in lines.iter().enumerate() {
        if let Some(found) = strip::attribution(&lines, at)
            && (found.sure || found.quotes_follow)
        {
            if subject_says_so && !block_follows(at) {
                return attributed(&lines, at, found, subject, &outer);
            }
            quotation_above = true;
        }
        if let Some(marker) = strip::marker_at_depth(&lines, at) {
            let explicit = strip::is_forward_word(&marker.words) || opens_a_block(&marker);
            let Some(block) = &marker.block else {
                if explicit && !quotation_above {
                    return Some(taken(&lines, at, marker, &outer, Found::Marked));
                }
                // "-----Original Message-----" without a header says nothing about whom.
                quotation_above |= marker.depth == 0 && !explicit;
                words_above += line.split_whitespace().count();
                continue;
            };
            if quotation_above && !subject_says_so {
                return None;
            }
            let marked = explicit || subject_says_so;
            if !marked && (prefix != Prefix::None || words_above > SHORT_NOTE) {
                return None;
            }
            if same_person(block.from.as_ref(), outer.person) {
                return marked.then(|| own_again(&lines, at, &marker, block));
            }
            return Some(taken(&lines, at, marker, &outer, if marked { Found::Marked } else { Found::Unmarked }));
        }
        words_above += line.split_whitespace().count();
    }
    None
}

/// The last line at which a header block begins that a forward can be taken from.
fn last_block_of(lines: &[&str]) -> Option<usize> {
    (0..lines.len()).rev().find(|&at| {
        strip::marker_at_depth(lines, at)
            .is_some_and(|m| m.block.is_some() && (strip::is_forward_word(&m.words) || m.depth == 0))
    })
}

/// The writer's own words, sent on.
fn own_again(lines: &[&str], at: usize, marker: &Marker, block: &Block) -> Inline {
    let above = strip::split(&lines.get(..at).unwrap_or_default().join("\n"));
    let split = strip::split(&dequoted(lines, marker.end, marker.depth.max(block.depth)).join("\n"));
    // The header says when they first wrote it.
    let header = lines.get(at..marker.end).unwrap_or_default().join("\n");
    Inline {
        note: above.visible,
        forwarded: Forwarded { from: block.from.clone(), text: split.visible, ..Forwarded::default() },
        also: Vec::new(),
        rest: paragraphs([above.quoted, header, split.quoted]),
        own: true,
    }
}

/// A note of so many words still only passes on (signature included).
const SHORT_NOTE: usize = 60;

/// "Begin forwarded message:" in whatever language: a short line ending in a colon over a header block.
fn opens_a_block(marker: &Marker) -> bool {
    marker.words.trim_end().ends_with([':', '：']) && marker.block.is_some()
}

/// How many messages inside messages are gone through.
const DEEPEST: usize = 10;

/// Whether `block`, whose sender is a name without an address, only passed `next` on within the organisation of `outer`:
/// mail programs leave out the addresses of colleagues.
fn passed_on_inside(block: &Block, next: &Block, outer: &Outer<'_>) -> bool {
    let Some(name) = block.from.as_ref().filter(|from| from.address.is_empty()).and_then(|from| from.name.as_deref())
    else {
        return false;
    };
    let outside =
        next.from.as_ref().is_some_and(|from| !from.address.is_empty()) && !outer.is_colleague(next.from.as_ref());
    let was_forward = block.subject.as_deref().is_some_and(|subject| prefix(subject) == Prefix::Forward);
    let was_sent_to_them = next.to.as_deref().is_some_and(|to| to.contains(name));
    outside && (was_forward || was_sent_to_them)
}

/// Takes the message under `marker`; if a colleague of `outer` wrote that, the newest below it that somebody else wrote;
/// and the messages beside it.
fn taken(lines: &[&str], at: usize, marker: Marker, outer: &Outer<'_>, found: Found) -> Inline {
    let above = strip::split(&lines.get(..at).unwrap_or_default().join("\n"));
    let mut header = lines.get(at..marker.end).unwrap_or_default().join("\n");
    let mut rest = vec![above.quoted];
    let mut passed_on_by = Vec::new();
    let mut block = marker.block.unwrap_or_default();
    let mut body = dequoted(lines, marker.end, marker.depth.max(block.depth));
    let mut found = found;
    for _ in 0..DEEPEST {
        let inner: Vec<&str> = body.iter().map(String::as_str).collect();
        let Some(next) = next_message(&inner) else { break };
        if !outer.is_colleague(block.from.as_ref()) && !passed_on_inside(&block, &next.block, outer) {
            break;
        }
        if next.by_attribution {
            found = Found::Attribution;
        }
        rest.push(next.above);
        header = format!("{header}\n\n{}", next.header);
        passed_on_by.extend(block.from);
        (block, body) = (next.block, next.below);
    }
    let inner: Vec<&str> = body.iter().map(String::as_str).collect();
    let beside = chain::beside(&inner, &block, outer);
    let ends: Vec<usize> = beside.iter().map(|other| other.at).chain([inner.len()]).collect();
    let part =
        |from: usize, to: Option<&usize>| inner.get(from..to.copied().unwrap_or(inner.len())).unwrap_or_default();
    let mut messages = vec![Message { block, header, lines: part(0, ends.first()) }];
    for (n, other) in beside.into_iter().enumerate() {
        let header = part(other.at, Some(&other.marker.end)).join("\n");
        let lines = part(other.marker.end, ends.get(n + 1));
        messages.push(Message { block: other.marker.block.unwrap_or_default(), header, lines });
    }
    let first = messages.first().and_then(|message| message.block.from.clone());
    let several_authors = messages.iter().any(|message| !same_person(message.block.from.as_ref(), first.as_ref()));
    let mut all = messages.into_iter().map(|message| {
        let (forwarded, quoted) = message.read(found, several_authors, outer);
        rest.push(quoted);
        forwarded
    });
    let forwarded = Forwarded { passed_on_by, ..all.next().unwrap_or_default() };
    let also = all.collect();
    Inline { note: above.visible, forwarded, also, rest: paragraphs(rest), own: false }
}

/// One message passed on, not yet divided into words and quotations.
struct Message<'a> {
    block: Block,
    header: String,
    lines: &'a [&'a str],
}

impl Message<'_> {
    /// The message, and what it quotes.
    fn read(self, found: Found, several_authors: bool, outer: &Outer<'_>) -> (Forwarded, String) {
        let whole = trimmed(&self.lines.join("\n")).to_owned();
        let split = strip::split(&whole);
        let from = self.block.from;
        let confidence = confidence::judge(&Signs {
            from: from.as_ref(),
            found,
            several_senders: self.block.several_senders,
            several_authors,
            older_by_another: chain::oldest_is_by_another(self.lines, from.as_ref(), outer),
            passed_on_outside: false,
            text: &split.visible,
        });
        let forwarded = Forwarded {
            confidence,
            from,
            to: self.block.to,
            cc: self.block.cc,
            date: self.block.date,
            subject: self.block.subject,
            header: self.header,
            whole: (whole != split.visible).then_some(whole),
            text: split.visible,
            ..Forwarded::default()
        };
        (forwarded, split.quoted)
    }
}

/// Without blank lines and invisible marks at both ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> =
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// The next message inside a message.
struct Next {
    /// What stands above it.
    above: String,
    /// Its header as it stands.
    header: String,
    block: Block,
    /// Its lines.
    below: Vec<String>,
    /// Its header is only "On … wrote:".
    by_attribution: bool,
}

fn next_message(lines: &[&str]) -> Option<Next> {
    for at in 0..lines.len() {
        let (block, end, depth, by_attribution) = if let Some(marker) = strip::marker_at_depth(lines, at)
            && let Some(block) = marker.block
        {
            let depth = marker.depth.max(block.depth);
            (block, marker.end, depth, false)
        } else if let Some(found) = strip::attribution(lines, at)
            && let Some((from, date)) = writer(lines, at, found.end)
        {
            let block = Block { from: Some(from), date, ..Block::default() };
            (block, found.end, usize::from(found.quotes_follow), true)
        } else {
            continue;
        };
        return Some(Next {
            above: lines.get(..at)?.join("\n"),
            header: lines.get(at..end)?.join("\n"),
            block,
            below: dequoted(lines, end, depth),
            by_attribution,
        });
    }
    None
}

/// Classic Outlook for the Mac and some others forward with "On …, Ann <ann@…> wrote:".
fn attributed(
    lines: &[&str],
    at: usize,
    found: strip::Attribution,
    subject: &str,
    outer: &Outer<'_>,
) -> Option<Inline> {
    let (from, date) = writer(lines, at, found.end)?;
    if same_person(Some(&from), outer.person) {
        return None;
    }
    let subject = Some(bare_subject(subject)).filter(|subject| !subject.is_empty());
    let block = Block { from: Some(from), date, subject, ..Block::default() };
    let marker =
        Marker { words: String::new(), end: found.end, depth: usize::from(found.quotes_follow), block: Some(block) };
    Some(taken(lines, at, marker, outer, Found::Attribution))
}

/// The lines from `start`, without `depth` signs of quotation.
fn dequoted(lines: &[&str], start: usize, depth: usize) -> Vec<String> {
    let lines = lines.get(start..).unwrap_or_default();
    // Some programs quote the words but not the header above them.
    let mut words = lines.iter().filter(|line| !line.trim().is_empty()).peekable();
    let all_quoted = words.peek().is_some() && words.all(|line| unquoted(line).0 > depth);
    let depth = depth + usize::from(all_quoted);
    lines
        .iter()
        .map(|line| {
            let mut rest = *line;
            for _ in 0..depth {
                let inner = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{feff}']);
                rest = match inner.strip_prefix('>') {
                    Some(inner) => inner.strip_prefix(' ').unwrap_or(inner),
                    None => break,
                };
            }
            rest.to_owned()
        })
        .collect()
}
