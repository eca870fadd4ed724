//! "On … somebody wrote:" in the languages of mail programs.
//!
//! Two things are told apart: a line that stands right above marked quotation, which needs few signs, and one below which
//! nothing is marked, which must say so much that no letter would say it by chance: cutting there hides the rest.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use crate::intake::header_block::unquoted;

/// A line that says who wrote what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Index of the line after it.
    pub end: usize,
    /// Lines with `>` follow.
    pub quotes_follow: bool,
    /// It says enough (a date with a time, and an address or a verb of writing) to be believed without them.
    pub sure: bool,
}

/// Longer lines are paragraphs, never attributions (bytes).
const LONGEST_LINE: usize = 400;
/// A whole attribution, its lines joined, is no longer (bytes).
const LONGEST: usize = 420;
/// It may be folded over so many lines.
const MOST_LINES: usize = 5;

type Pattern = LazyLock<Option<Regex>>;

/// Verbs of writing.
static VERB: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:wrote|writes|said|says|replied|sent|schrieb|schreibt|geschrieben|(?:a |an )?[ée]crit|[ée]crivait|escribi[óo]|ha escrit|va escriure|ha scritto|scritto|scrive|schreef|geschreven|skrev|skrifa[ðd]i|kirjoitti|napisa[łl]a?(?:\(a\))?|pisze|napsala?(?:\(a\))?|nap[íi]sala?(?:\(a\))?|napisao|napisala|napisal|escreveu|написала?|написав|написао|написа|писал|пише|пишет|yazd[ıi]|yazm[ıi][şs]|[íi]rta|a scris|kirjutas|rakst[īi]ja|(?:pa)?ra[šs][ėe]|menulis|isinulat|έγραψε|ysgrifennodd|đã viết)(?:\b|$)|写道|寫道|写了|来信|のメール|のメッセージ|書きました|書いた|작성|님이 쓴|เขียน|כתב|كتب|نوشت|ने लिखा",
    )
    .ok()
});
static YEAR: Pattern = LazyLock::new(|| Regex::new(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d[年년]").ok());
static NUMBERS: Pattern = LazyLock::new(|| Regex::new(r"\b\d{1,4}[/.-]\s?\d{1,2}[/.-]\s?\d{2,4}\b").ok());
static TIME: Pattern = LazyLock::new(|| {
    Regex::new(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}[:：]\d{2}|\b\d{1,2}\s?[ap]\.?m\b|下午|上午|오전|오후").ok()
});
/// `Nov 26, 2013`: how programs of the United States write a day, and the British hardly ever. (May is a word.)
static STAMPED_DAY: Pattern =
    LazyLock::new(|| Regex::new(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}, (?:19|20)\d\d\b").ok());
/// An address between brackets; it may be folded after the bracket, and stand twice.
static BRACKETED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:<|\(|\[|&lt;)\s*[^\w<(\[]*(?:mailto:)?[^<>()\[\]\s]*@[^<>()\[\]\s]+[^<>()\[\]]{0,3}(?:<mailto:[^<>]*>)?\s*(?:>|\)|\]|&gt;)|<\s*mailto:[^<>]{0,80}<[^<>\s]+@[^<>\s]+>\s*>").ok()
});
/// How an attribution begins when it begins with a word or a date.
static OPENER: Pattern = LazyLock::new(|| {
    Regex::new(
        r"^[\s\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]*(?:[-–—]+\s*)?[*_]?(?:(?:On|At|In (?:a )?message|In article|Am|Le|El|En|Il|Op|Den|Em|No dia|W dniu|Dnia|Dne|Dňa|Dana|Na|På|Pe|În|In data|Ar|V|U|На|В|У|Στις|Vào|Pada|Noong|Missatge|Kuupäev|Þann|þann|Quoting|Zitat|Citando|Citat)\s|[在於于]\s?\d|在 |בתאריך|في |בתאריך|در |ในวันที่|\p{L}{2,14}, \d{1,2}[. ]|\p{L}{2,14},? \p{L}{2,12}\.? \d{1,2},? \d{4}|\d{1,4}[-/.年년]|\d{1,2}\.? \p{L}{3,}|\p{L}{2,5}[.,]* \d{1,2}\b|20\d\d)",
    )
    .ok()
});
/// How one begins that says the name first: `Ann Bell <ann@…> wrote:`.
static NAME_FIRST: Pattern =
    LazyLock::new(|| Regex::new(r#"^[\s*_"'“„«]*[^<>\n(]{0,80}(?:<|&lt;|\()\s*[^<>()@\s]+@"#).ok());
/// A name, then the verb and the moment.
static NAME_VERB_DATE: Pattern = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^<>:;,]{1,60}\s(?:wrote|schrieb|schreef|skrev|a écrit|escribió|ha scritto|escreveu|kirjoitti|napisał\S*|napsal\S*) (?:\p{L}{1,4} )?\p{L}*[., ]*\d").ok()
});
/// "Quoting Ann Bell <ann@…>:" as webmail of the Horde kind writes it.
static QUOTING: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:Quoting|Zitat von|Citando(?: a)?|Citazione di|Citation de|Citaat van|Citerar|Citat från|Citat av|Cytowanie|Cituji|Цитирую) .{0,80}@").ok()
});
/// Words that stand in sentences and not in names.
static SENTENCE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:I|me|my|mine|we|us|our|she|he|they|them|her|his|their|told|asked|that|what|when|because|then|again|which|but)\b").ok()
});
/// Those of them that stand in no name of an office either ("Contact us", "My council").
static SURE_SENTENCE: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:she|he|they|me|told|asked|because|that|I (?:wrote|said|sent|told|asked|emailed|e-mailed|replied|then|had|have|was))\b").ok()
});
/// What else stands in English attributions, besides names.
static FURNITURE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:on|at|in|a|dated|message|via|from|of|the|you|wrote|writes|said|says|replied|sent|am|pm|gmt|utc|bst|est|edt|pst|pdt|cet|cest|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|standard|daylight|time|eastern|pacific|van|von|de|der|den|da|di|du|la|le|del|bin|al|ten|ter|st|nd|rd|th)\b").ok()
});

fn has(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Whether `word` is a verb of writing.
#[must_use]
pub fn is_verb(word: &str) -> bool {
    has(&VERB, word)
}

fn is_day(text: &str) -> bool {
    has(&YEAR, text) || has(&NUMBERS, text)
}

/// Marks that programs put around right-to-left names and bold text.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '*' | '_' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// An address folded before its bracket leaves "> wrote:" for the next line.
fn closes_bracket(line: &str) -> bool {
    let line = bare(line);
    line.len() < 30 && line.starts_with('>') && line.ends_with([':', '：'])
}

/// `>>> Ann Bell <ann@…> 05/10/2026 10:00 >>>`, as GroupWise writes.
fn is_arrowed(line: &str) -> bool {
    let Some(text) = line.trim().strip_prefix(">>> ").and_then(|line| line.strip_suffix(">>>")) else { return false };
    text.len() < LONGEST_LINE && !text.contains("://") && is_day(text) && has(&TIME, text)
}

/// Lines that a mail program marked come next; `|` counts only where an attribution has said so.
fn quotes_follow(lines: &[&str], from: usize) -> bool {
    let next = lines.iter().skip(from).take(20).find(|line| !line.trim().is_empty()).map(|line| line.trim_start());
    next.is_some_and(|line| line.starts_with('>') || line.starts_with("| "))
}

/// A sentence is known by its words: a name has none of them, and few in lower case.
fn is_name(joined: &str, most_small: usize) -> bool {
    let joined = without_addresses(joined);
    if has(&SENTENCE, &joined) {
        return false;
    }
    let Some(furniture) = FURNITURE.as_ref() else { return false };
    let rest = furniture.replace_all(&joined, " ");
    let words = rest.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let (mut all, mut small) = (0, 0);
    for word in words {
        all += 1;
        small += usize::from(word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase));
    }
    all <= 12 && (small <= most_small || (all == 1 && small == 1))
}

fn without_addresses(text: &str) -> String {
    text.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}

fn is_english(joined: &str) -> bool {
    let joined = joined.trim_start_matches(|c: char| !c.is_alphabetic());
    ["On ", "At ", "In "].iter().any(|word| joined.starts_with(word))
}

/// The attribution that begins at line `at`; it may be folded over several lines.
#[must_use]
pub fn attribution(lines: &[&str], at: usize) -> Option<Attribution> {
    let line = lines.get(at)?;
    if is_arrowed(line) {
        return Some(Attribution { end: at + 1, quotes_follow: quotes_follow(lines, at + 1), sure: true });
    }
    let (depth, first) = unquoted(line);
    if depth > 0 {
        return None;
    }
    let first = first.trim();
    if first.is_empty() || first.len() > LONGEST_LINE {
        return None;
    }
    let opener = has(&OPENER, first);
    // A name whose address was folded to the next line.
    let address_below = || {
        let below = lines.get(at + 1).map_or("", |line| line.trim());
        (below.starts_with('<') && below.contains('@')) || (first.ends_with('<') && below.contains('@'))
    };
    let dated = || has(&TIME, first) && is_day(first) && !has(&SENTENCE, first);
    let starts = opener
        || (first.contains('@') && has(&NAME_FIRST, first))
        || (first.len() < 120 && (address_below() || dated()));
    let mut joined = String::new();
    let (mut next, mut folded) = (at, 0);
    while folded < MOST_LINES {
        let line = lines.get(next)?.trim();
        if line.is_empty() {
            // Some programs set the address apart.
            let apart = lines.iter().skip(next).take(4).map(|line| line.trim()).find(|line| !line.is_empty());
            if folded == 0 || !opener || apart != Some("<") {
                return None;
            }
            next += 1;
            continue;
        }
        let bracket = folded > 0 && joined.contains('<') && closes_bracket(line);
        if folded > 0 && (!starts || (unquoted(line).0 > 0 && !bracket)) {
            return None;
        }
        if joined.len() + line.len() > LONGEST {
            return None;
        }
        joined.push(' ');
        joined.push_str(line);
        let so_far = folded;
        (next, folded) = (next + 1, folded + 1);
        if lines.get(next).is_some_and(|next| joined.contains('<') && closes_bracket(next)) {
            continue;
        }
        if let Some(found) = judge(lines, at, next, &joined, so_far, opener, starts) {
            // The writer's last line may run into a whole attribution.
            let is_whole = |start: usize| {
                let later = super::joined(lines, start, next);
                (later.contains('@') || !first.contains('@'))
                    && has(&OPENER, &later)
                    && has(&TIME, &later)
                    && is_day(&later)
                    && judge(lines, start, next, &later, 0, true, true).is_some()
            };
            return if (at + 1..next).any(is_whole) { None } else { Some(found) };
        }
        if bare(line).ends_with([':', '：']) {
            return None;
        }
    }
    None
}

/// Whether the lines from `at` to `end`, joined, are an attribution.
fn judge(
    lines: &[&str],
    at: usize,
    end: usize,
    joined: &str,
    folded: usize,
    opener: bool,
    starts: bool,
) -> Option<Attribution> {
    let text = bare(joined);
    let dashed = text.starts_with("--") && text.ends_with("--");
    // "---- Replied message ----" is a marker.
    if dashed && text.to_lowercase().contains("message") {
        return None;
    }
    let colon = text.ends_with([':', '：']) || dashed;
    let quotes_follow = quotes_follow(lines, end);
    if !colon && !quotes_follow {
        return None;
    }
    let verb = has(&VERB, text) || has(&QUOTING, text);
    let time = has(&TIME, text);
    let day = is_day(text);
    let when = time || day;
    let address = text.contains('@');
    let says_who = verb || (when && address);
    if !says_who {
        return None;
    }
    let bracketed = address && has(&BRACKETED, text);
    let english = is_english(text);
    let found = |sure| Some(Attribution { end, quotes_follow, sure });
    if colon {
        // In any language: a moment, an address in brackets, a colon.
        if bracketed
            && time
            && day
            && (folded == 0 || starts)
            && !(english && has(&SURE_SENTENCE, &without_addresses(text)))
        {
            return found(true);
        }
        if verb && bracketed && !when && starts && text.len() < 120 && is_name(text, 2) {
            return found(true);
        }
        if dashed && verb && text.len() < 200 && (when || is_name(text.trim_matches('-'), 1)) {
            return found(true);
        }
        let name_first = !opener && verb && time && day && is_name(text, 1) && has(&NAME_VERB_DATE, text);
        if (opener || name_first) && when && (verb || address) && text.len() < 260 {
            let stamped = (time && day) || has(&STAMPED_DAY, text) || (text.starts_with("--") && day);
            let alone = at == 0 || lines.get(at - 1).is_none_or(|line| line.trim().is_empty());
            let plain = !english || is_name(text, 1);
            // Whoever cites a letter by hand puts the words between quotation marks.
            let cited = lines
                .iter()
                .skip(end)
                .take(4)
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| line.trim_start().starts_with(['"', '“', '‘', '\'', '«', '„']));
            if stamped && plain && (address || (alone && !cited)) {
                return found(true);
            }
        }
    }
    if !quotes_follow {
        return None;
    }
    let few_small = if time && day { 3 } else { 1 };
    let plain = if english || !opener { is_name(text, few_small) } else { true };
    if colon && plain && (opener || (starts && verb) || (verb && text.len() < 100)) {
        return found(false);
    }
    let closed = text.ends_with('>') && address && when && folded < 2;
    if closed || (opener && when && verb && plain && text.len() < 200) {
        return found(false);
    }
    None
}

/// Lines of a text; a line in which the writer's words run on into an attribution above marked quotation is two.
#[must_use]
pub fn lines_of(text: &str) -> Vec<&str> {
    static RUN_ON: Pattern = LazyLock::new(|| {
        Regex::new(r"(?:\s|-{2,}\s*)(?:On|Am|Le|El|Il|Op|Den|Em|W dniu) (?:\p{L}{2,12}[.,]? |\d)").ok()
    });
    let plain: Vec<&str> = text.lines().collect();
    let mut lines = Vec::with_capacity(plain.len());
    for (at, line) in plain.iter().enumerate() {
        let ends = bare(line).ends_with([':', '：']) && !line.trim_start().starts_with('>');
        let parted = RUN_ON.as_ref().filter(|_| ends && line.len() < 4 * LONGEST_LINE).and_then(|pattern| {
            if !quotes_follow(&plain, at + 1) {
                return None;
            }
            let starts: Vec<usize> = pattern.find_iter(line).map(|found| found.start()).collect();
            let near = |start: &usize| *start > 0 && line.len() - start <= LONGEST;
            starts.into_iter().rev().filter(near).take(3).find_map(|start| {
                let (words, tail) = line.split_at_checked(start)?;
                let bare_tail = tail.trim_start_matches(['-', ' ', '\t', '\u{a0}']);
                let joined = format!(" {bare_tail}");
                let found = judge(&plain, at, at + 1, &joined, 0, true, true)?;
                (found.sure && !words.trim().is_empty()).then_some((words, tail))
            })
        });
        match parted {
            Some((words, tail)) => lines.extend([words, tail]),
            None => lines.push(*line),
        }
    }
    lines
}

/// The lines of an attribution as one, without marks of quotation.
#[must_use]
pub fn joined<'a>(lines: &[&'a str], start: usize, end: usize) -> Cow<'a, str> {
    match lines.get(start..end) {
        Some([only]) => Cow::Borrowed(bare(unquoted(only).1)),
        Some(several) => Cow::Owned(
            several
                .iter()
                .map(|line| unquoted(line).1.trim())
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        ),
        None => Cow::Borrowed(""),
    }
}
