//! Messages passed on inside another: who wrote the original, and what the one who passes it on typed above.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    header_block::{self, Block, unquoted},
    reading::{Confidence, Forwarded, Person, Sureness},
    strip::{self, Marker},
};

/// What the first prefix of a subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// None.
    None,
    /// `Re:` and its like.
    Reply,
    /// `FW:` and its like.
    Forward,
    /// `VS:`: an answer in Finnish, a forward in Danish and Norwegian.
    Either,
}

/// A forward found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inline {
    /// What stands above it.
    pub note: String,
    /// The message passed on.
    pub forwarded: Forwarded,
    /// What that message quotes in turn, and notes of others in between.
    pub rest: String,
    /// The one who passes it on wrote it: their own words sent to a second address.
    pub own: bool,
}

static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\[(?:ext|external|external sender|sec=[^\]]*)\]:?\s*|\*+\s*(?:spam|external)\s*\*+\s*|caution:\s*)*\[?(?:(?P<fw>fwd?|wg|tr|rv|i|enc|vb|vl|pd|doorst|[iİ]̇?lt|videresend|redir|vidarebef|fs|yml|anfon ymlaen)|(?P<re>re|aw|sv|antw?|odp|ynt|rif|r|res|atb|回复|答复)|(?P<vs>vs))(?:\s*\[\d+\]|\(\d+\))?\.?\s*[:：]",
    )
    .ok()
});

/// What the prefixes of a subject say: the first reply or forward prefix after tags such as `[EXTERNAL]`.
#[must_use]
pub fn prefix(subject: &str) -> Prefix {
    match PREFIX.as_ref().and_then(|pattern| pattern.captures(subject)) {
        Some(found) if found.name("fw").is_some() => Prefix::Forward,
        Some(found) if found.name("re").is_some() => Prefix::Reply,
        Some(_) => Prefix::Either,
        None => Prefix::None,
    }
}

/// The subject without its reply and forward prefixes and the tags before them.
#[must_use]
pub fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    let mut bracket = false;
    while let Some(found) = PREFIX.as_ref().and_then(|pattern| pattern.find(rest)) {
        bracket |= found.as_str().trim_start().starts_with('[') && !found.as_str().contains(']');
        rest = rest.get(found.end()..).unwrap_or_default().trim_start();
    }
    if bracket { rest.trim_end_matches(']').to_owned() } else { rest.to_owned() }
}

/// The forward that `text` holds, if it holds one.
///
/// A marker that says "forwarded" is believed. A header block alone, which stands in replies and forwards alike, is one
/// when the subject says so, or when it does not say "Re:" and hardly anything is typed above. What `outer` wrote
/// themselves is marked as their own, so that nobody takes it for a stranger's or for a mere quotation.
#[must_use]
pub fn inline(text: &str, subject: &str, outer: Option<&Person>) -> Option<Inline> {
    let lines: Vec<&str> = text.lines().collect();
    let prefix = prefix(subject);
    let subject_says_so = matches!(prefix, Prefix::Forward | Prefix::Either);
    let mut quotation_above = false;
    for at in 0..lines.len() {
        if let Some(found) = strip::attribution(&lines, at)
            && (found.sure || found.quotes_follow)
        {
            if subject_says_so && !block_follows(&lines, at) {
                return attributed(&lines, at, found, subject, outer);
            }
            quotation_above = true;
        }
        let Some(marker) = strip::marker_at_depth(&lines, at) else { continue };
        let explicit = strip::is_forward_word(&marker.words) || opens_a_block(&marker);
        let Some(block) = &marker.block else {
            if explicit && subject_says_so && !quotation_above {
                return Some(taken(&lines, at, marker, outer));
            }
            // "-----Original Message-----" without a header says nothing about whom.
            if marker.depth == 0 && !explicit {
                quotation_above = true;
            }
            continue;
        };
        if quotation_above && !subject_says_so {
            return None;
        }
        let note_length = lines.iter().take(at).map(|line| line.split_whitespace().count()).sum::<usize>();
        let believed = explicit || subject_says_so || (prefix == Prefix::None && note_length <= SHORT_NOTE);
        if !believed {
            return None;
        }
        if same_person(block.from.as_ref(), outer) {
            return (explicit || subject_says_so).then(|| own_again(&lines, at, &marker, block));
        }
        return Some(taken(&lines, at, marker, outer));
    }
    None
}

/// The writer's own words, sent on.
fn own_again(lines: &[&str], at: usize, marker: &Marker, block: &Block) -> Inline {
    let split = strip::split(&dequoted(lines, marker.end, marker.depth.max(block.depth)).join("\n"));
    Inline {
        note: lines.get(..at).unwrap_or_default().join("\n").trim().to_owned(),
        forwarded: Forwarded { from: block.from.clone(), text: split.visible, ..Forwarded::default() },
        // The header says when they first wrote it.
        rest: format!("{}\n\n{}", lines.get(at..marker.end).unwrap_or_default().join("\n"), split.quoted)
            .trim()
            .to_owned(),
        own: true,
    }
}

/// A note of so many words still only passes on (signature included).
const SHORT_NOTE: usize = 60;

/// "Begin forwarded message:" in whatever language: a short line ending in a colon over a header block.
fn opens_a_block(marker: &Marker) -> bool {
    !marker.words.is_empty() && marker.words.trim_end().ends_with(':') && marker.block.is_some()
}

fn block_follows(lines: &[&str], at: usize) -> bool {
    (at + 1..lines.len()).any(|next| {
        strip::marker_at_depth(lines, next)
            .is_some_and(|m| m.block.is_some() && (strip::is_forward_word(&m.words) || m.depth == 0))
    })
}

fn same_person(from: Option<&Person>, outer: Option<&Person>) -> bool {
    match (from, outer) {
        (Some(from), Some(outer)) if !from.address.is_empty() => from.address.eq_ignore_ascii_case(&outer.address),
        (Some(from), Some(outer)) => from.name.is_some() && from.name == outer.name,
        _ => false,
    }
}

fn domain(person: &Person) -> Option<&str> {
    person.address.rsplit_once('@').map(|(_, domain)| domain)
}

/// Providers whose users have nothing to do with each other.
const SHARED_DOMAINS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "live.com",
    "live.co.uk",
    "yahoo.com",
    "yahoo.co.uk",
    "icloud.com",
    "me.com",
    "aol.com",
    "btinternet.com",
    "sky.com",
    "talktalk.net",
    "proton.me",
    "gmx.com",
];

/// Whether both write from one organisation.
fn colleagues(from: Option<&Person>, outer: Option<&Person>) -> bool {
    match (from.and_then(domain), outer.and_then(domain)) {
        (Some(a), Some(b)) => a == b && !SHARED_DOMAINS.contains(&a),
        _ => false,
    }
}

/// Whether two people write from one organisation, and not from a provider that anybody may use.
#[must_use]
pub fn of_one_organisation(one: &Person, other: &Person) -> bool {
    colleagues(Some(one), Some(other))
}

/// How many messages inside messages are gone through.
const DEEPEST: usize = 10;

/// Whether `block`, whose sender is a name without an address, only passed `next` on within the organisation of `outer`:
/// mail programs leave out the addresses of colleagues.
fn passed_on_inside(block: &Block, next: &Block, outer: Option<&Person>) -> bool {
    let Some(name) = block.from.as_ref().filter(|from| from.address.is_empty()).and_then(|from| from.name.as_deref())
    else {
        return false;
    };
    let outside =
        next.from.as_ref().is_some_and(|from| !from.address.is_empty()) && !colleagues(next.from.as_ref(), outer);
    let was_forward = block.subject.as_deref().is_some_and(|subject| prefix(subject) == Prefix::Forward);
    let was_sent_to_them = next.to.as_deref().is_some_and(|to| to.contains(name));
    outside && (was_forward || was_sent_to_them)
}

/// Takes the message under `marker`; if a colleague of `outer` wrote that, the newest below it that somebody else wrote.
fn taken(lines: &[&str], at: usize, marker: Marker, outer: Option<&Person>) -> Inline {
    let note = strip::split(&lines.iter().take(at).copied().collect::<Vec<_>>().join("\n")).visible;
    let mut rest = String::new();
    let mut block = marker.block.unwrap_or_default();
    let mut body = dequoted(lines, marker.end, marker.depth.max(block.depth));
    for _ in 0..DEEPEST {
        let inner: Vec<&str> = body.iter().map(String::as_str).collect();
        let Some((above, next, below)) = next_message(&inner) else { break };
        if !colleagues(block.from.as_ref(), outer) && !passed_on_inside(&block, &next, outer) {
            break;
        }
        rest.push_str(&above);
        rest.push('\n');
        (block, body) = (next, below);
    }
    let split = strip::split(&body.join("\n"));
    rest.push_str(&split.quoted);
    let confidence = confidence(&block);
    Inline {
        note,
        forwarded: Forwarded {
            confidence,
            from: block.from,
            to: block.to,
            date: block.date,
            subject: block.subject,
            text: split.visible,
            ..Forwarded::default()
        },
        rest: rest.trim().to_owned(),
        own: false,
    }
}

/// How sure the author in a header block is.
fn confidence(block: &Block) -> Confidence {
    let (sureness, why) = match &block.from {
        None => (Sureness::Doubtful, "nobody is named as the author"),
        Some(from) if from.address.is_empty() => (Sureness::Doubtful, "the author is named without an address"),
        Some(_) => (Sureness::Sure, "the header above the message names the author"),
    };
    Confidence { sureness, why: vec![why.to_owned()] }
}

/// The next message inside a message: what stands above it, its header, and its lines.
fn next_message(lines: &[&str]) -> Option<(String, Block, Vec<String>)> {
    for at in 0..lines.len() {
        if let Some(marker) = strip::marker_at_depth(lines, at)
            && let Some(block) = marker.block
        {
            let depth = marker.depth.max(block.depth);
            return Some((lines.get(..at)?.join("\n"), block, dequoted(lines, marker.end, depth)));
        }
        if let Some(found) = strip::attribution(lines, at)
            && let Some(from) = writer(lines, at, found.end)
        {
            let block = Block { from: Some(from.0), date: from.1, ..Block::default() };
            return Some((
                lines.get(..at)?.join("\n"),
                block,
                dequoted(lines, found.end, usize::from(found.quotes_follow)),
            ));
        }
    }
    None
}

/// Classic Outlook for the Mac and some others forward with "On …, Ann <ann@…> wrote:".
fn attributed(
    lines: &[&str],
    at: usize,
    found: strip::Attribution,
    subject: &str,
    outer: Option<&Person>,
) -> Option<Inline> {
    let (from, date) = writer(lines, at, found.end)?;
    if same_person(Some(&from), outer) {
        return None;
    }
    let subject = Some(bare_subject(subject)).filter(|subject| !subject.is_empty());
    let block = Block { from: Some(from), date, subject, ..Block::default() };
    let marker =
        Marker { words: String::new(), end: found.end, depth: usize::from(found.quotes_follow), block: Some(block) };
    Some(taken(lines, at, marker, outer))
}

/// Who wrote and when, from an attribution line with an address.
fn writer(lines: &[&str], start: usize, end: usize) -> Option<(Person, Option<String>)> {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // The name is what stands between the last comma, digit or colon and the address.
        Regex::new(r#"(?:^|[,:;]|\d\)?\s)\s*["'“]?([^,:;<>()"“”\d][^,:;<>()"“”]*?)["'”]?\s*[<(\[]\s*(?:mailto:)?([^<>()\s]+@[^<>()\s\]]+)[>)\]]"#).ok()
    });
    static OPENING: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\s*(?:On|Am|Le|El|Il|Op|Den|Em|W dniu|Dnia|Dne|På|Pe|Ar)\s+").ok());
    let joined = lines.get(start..end)?.iter().map(|line| unquoted(line).1.trim()).collect::<Vec<_>>().join(" ");
    let joined = joined.trim_start_matches('\u{feff}').to_owned();
    let found = NAME.as_ref()?.captures(&joined);
    let (person, before) = match found {
        Some(found) => {
            let name = found.get(1).map_or("", |m| m.as_str()).trim();
            let address = found.get(2).map_or("", |m| m.as_str());
            (header_block::person(&format!("{name} <{address}>")), found.get(1).map_or(0, |m| m.start()))
        }
        None => {
            let person = header_block::person(&joined);
            let before = joined.to_lowercase().find(&person.address)?;
            (Person { name: None, address: person.address }, before)
        }
    };
    if person.address.is_empty() {
        return None;
    }
    let date = joined.get(..before).unwrap_or_default();
    let date = OPENING.as_ref().map_or(date.into(), |pattern| pattern.replace(date, ""));
    let date = date.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '<' | '\'')).to_owned();
    Some((person, (!date.is_empty()).then_some(date)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn manager() -> Person {
        Person { name: Some("Mia Manager".into()), address: "mia@council.example".into() }
    }

    const BLOCK: &str = "From: Ann Bell <ann@mail.example>\nSent: 3 May 2026 09:12\nTo: Mia Manager\nSubject: transport\n\nNobody came.";

    #[test]
    fn prefixes_of_many_programs_are_told_apart() {
        for subject in ["FW: a", "Fwd: a", "fw:a", "WG: a", "[EXTERNAL] Fw: a", "TR : a", "[Fwd: a]"] {
            assert_eq!(prefix(subject), Prefix::Forward, "{subject}");
        }
        for subject in ["Re: a", "RE: FW: a", "Re[2]: a", "AW: a", "SV: a"] {
            assert_eq!(prefix(subject), Prefix::Reply, "{subject}");
        }
        for subject in ["Fwding", "Transport", "I am upset", "Reading", "FAO: manager"] {
            assert_eq!(prefix(subject), Prefix::None, "{subject}");
        }
        assert_eq!(bare_subject("[EXT] RE: Fwd: AW: [Fwd: No bus]"), "No bus");
        assert_eq!(bare_subject("Contact [urgent]"), "Contact [urgent]");
    }

    #[test]
    fn an_outlook_forward_gives_the_original_author_and_the_note() {
        let text = format!("Please log.\n\n{BLOCK}");
        let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
        assert_eq!(found.note, "Please log.");
        assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
        assert_eq!(found.forwarded.text, "Nobody came.");
        assert_eq!(found.forwarded.subject.as_deref(), Some("transport"));
    }

    #[test]
    fn the_same_block_below_a_reply_is_no_forward() {
        let text = format!("We will look into it.\n\n{BLOCK}");
        assert_eq!(inline(&text, "RE: transport", Some(&manager())), None);
        let long = format!("{}\n\n{BLOCK}", "a word ".repeat(60));
        assert_eq!(inline(&long, "transport", Some(&manager())), None);
    }

    #[test]
    fn what_the_writer_wrote_themselves_is_marked_as_their_own() {
        let ann = Person { name: None, address: "ann@mail.example".into() };
        let found = inline(&format!("Did this get lost?\n\n{BLOCK}"), "FW: transport", Some(&ann)).unwrap();
        assert!(found.own);
        assert_eq!((found.note.as_str(), found.forwarded.text.as_str()), ("Did this get lost?", "Nobody came."));
        assert_eq!(inline(BLOCK, "transport", Some(&ann)), None);
    }

    #[test]
    fn a_forward_without_any_header_has_no_author() {
        let text = "See this.\n\n----- Forwarded message -----\n> Nobody came.";
        let found = inline(text, "Fwd: transport", Some(&manager())).unwrap();
        assert_eq!((found.forwarded.from, found.forwarded.text.as_str()), (None, "Nobody came."));
    }

    #[test]
    fn a_colleagues_note_in_between_is_passed_over() {
        let text = format!(
            "Over to you.\n\nFrom: Bo Duty <bo@council.example>\nSent: 4 May 2026 10:00\nTo: Mia\nSubject: FW: transport\n\nSee below.\n\n{BLOCK}"
        );
        let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
        assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
        assert_eq!(found.rest, "See below.");
    }

    #[test]
    fn a_colleague_without_an_address_who_passed_it_on_is_passed_over_and_a_family_without_one_is_not() {
        let text = format!(
            "Over to you.\n\nFrom: Bo Duty\nSent: 4 May 2026 10:00\nTo: Mia Manager\nSubject: FW: transport\n\nfyi\n\n{BLOCK}"
        );
        let found = inline(&text, "FW: transport", Some(&manager())).unwrap();
        assert_eq!(found.forwarded.from.unwrap().address, "ann@mail.example");
        let text =
            "For you.\n\nFrom: Ann Bell\nSent: 4 May 2026 10:00\nTo: Mia Manager\nSubject: transport\n\nNobody came.";
        let found = inline(text, "FW: transport", Some(&manager())).unwrap();
        assert_eq!(found.forwarded.from.unwrap(), Person { name: Some("Ann Bell".into()), address: String::new() });
    }

    #[test]
    fn gmail_and_apple_markers_are_believed_without_a_subject() {
        let gmail = "fyi\n\n---------- Forwarded message ---------\nFrom: Ann Bell <ann@mail.example>\nDate: Wed, 27 Oct 2026 at 09:31\nSubject: transport\nTo: <mia@council.example>\n\n\nNobody came.";
        assert_eq!(inline(gmail, "transport", Some(&manager())).unwrap().forwarded.text, "Nobody came.");
        let apple = "Begin forwarded message:\n\n> From: Ann Bell <ann@mail.example>\n> Subject: transport\n> Date: 26 October 2026 at 14:25:08 BST\n> To: mia@council.example\n>\n> Nobody came.";
        let found = inline(apple, "", Some(&manager())).unwrap();
        assert_eq!(found.forwarded.text, "Nobody came.");
        assert_eq!(found.note, "");
    }

    #[test]
    fn a_forward_that_only_says_wrote_is_one_when_the_subject_says_so() {
        let text = "For you.\n\nOn 28/10/2026 12:46, \"Ann Bell\" <ann@mail.example> wrote:\n\n    Nobody came.";
        let found = inline(text, "FW: transport", Some(&manager())).unwrap();
        assert_eq!(
            found.forwarded.from.unwrap(),
            Person { name: Some("Ann Bell".into()), address: "ann@mail.example".into() }
        );
        assert_eq!(found.forwarded.date.as_deref(), Some("28/10/2026 12:46"));
        assert_eq!(inline(text, "Re: transport", Some(&manager())), None);
    }
}
