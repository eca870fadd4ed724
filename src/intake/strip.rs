//! What the writer typed now, apart from what their mail program put below it.
//!
//! To lose a word of the writer is worse than to leave a quotation in, so every rule asks for more than one sign, and
//! signatures stay. Nothing is thrown away: both halves are kept.

use std::sync::LazyLock;

use regex::Regex;

use super::header_block::{self, unquoted};

/// A text in its two halves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// What the writer typed, signature included.
    pub visible: String,
    /// What stands there from earlier messages.
    pub quoted: String,
}

/// Divides `text` (lines ending in `\n`). When nothing would be visible, all is: a writer who answered below an unmarked
/// quotation must be heard.
#[must_use]
pub fn split(text: &str) -> Split {
    let lines: Vec<&str> = text.lines().collect();
    let mut visible = String::new();
    let mut quoted = String::new();
    let cut = cut_at(&lines);
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|_| at < cut) {
        let above_quote = attribution(&lines, at).filter(|found| found.quotes_follow);
        if let Some(found) = above_quote {
            for line in lines.iter().take(found.end).skip(at) {
                push(&mut quoted, line);
            }
            at = found.end;
            continue;
        }
        push(if is_quote(&lines, at) { &mut quoted } else { &mut visible }, line);
        at += 1;
    }
    for line in lines.iter().skip(cut) {
        push(&mut quoted, line);
    }
    if visible.trim().is_empty() && !quoted.trim().is_empty() {
        return Split { visible: text.trim().to_owned(), quoted: String::new() };
    }
    Split { visible: tidy(&visible), quoted: tidy(&quoted) }
}

fn push(to: &mut String, line: &str) {
    to.push_str(line);
    to.push('\n');
}

/// Blank lines at both ends go, and more than two in a row become two.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    for line in text.lines() {
        let line = line.trim_end();
        blanks = if line.is_empty() { blanks + 1 } else { 0 };
        if blanks <= 2 {
            push(&mut out, line);
        }
    }
    out.trim().to_owned()
}

/// A line that a mail program quoted: `>` at its beginning. ">:(" alone is not one, unless a neighbour is.
fn is_quote(lines: &[&str], at: usize) -> bool {
    let after_sign = |at: usize| lines.get(at).and_then(|line| line.trim_start().strip_prefix('>'));
    let Some(rest) = after_sign(at) else { return false };
    rest.is_empty()
        || rest.starts_with([' ', '>', '\t', '\u{a0}'])
        || rest.chars().next().is_some_and(char::is_alphanumeric)
        || after_sign(at + 1).is_some()
        || at.checked_sub(1).is_some_and(|before| after_sign(before).is_some())
}

/// The first line from which all is quoted (the number of lines when nothing is).
#[must_use]
pub fn cut_at(lines: &[&str]) -> usize {
    for at in 0..lines.len() {
        if marker(lines, at).is_some() {
            return at;
        }
        if let Some(found) = attribution(lines, at)
            && !found.quotes_follow
            && found.sure
        {
            return at;
        }
    }
    lines.len()
}

/// A line, or a header block, that begins an earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// What the line between dashes says; empty for a block without one.
    pub words: String,
    /// Index of the line after marker and block.
    pub end: usize,
    /// How many `>` stand before it.
    pub depth: usize,
    /// The header block under it.
    pub block: Option<header_block::Block>,
}

/// What begins an earlier message at line `at`, unquoted: words between dashes, a rule of underscores over a header
/// block, or a header block alone.
#[must_use]
pub fn marker(lines: &[&str], at: usize) -> Option<Marker> {
    marker_at_depth(lines, at).filter(|marker| marker.depth == 0)
}

/// As [`marker`], also inside quotations.
#[must_use]
pub fn marker_at_depth(lines: &[&str], at: usize) -> Option<Marker> {
    static BETWEEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[\s*]*[-–—_=]{2,}\s*(\p{L}[^-–—=<>@]{2,60}?)\s*[-–—_=]{2,}[\s*]*(.*)$").ok());
    static RULE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*[-_─]{5,}\s*$").ok());
    let (depth, line) = unquoted(lines.get(at)?);
    if let Some(found) = BETWEEN.as_ref().and_then(|pattern| pattern.captures(line)) {
        let words = found.get(1).map_or("", |m| m.as_str()).to_owned();
        let rest = found.get(2).map_or("", |m| m.as_str());
        if let Some(block) = run_on_block(at, depth, rest).or_else(|| block_below(lines, at, true)) {
            return Some(Marker { words, end: block.end, depth, block: Some(block) });
        }
        if rest.is_empty() && names_a_message(&words) {
            return Some(Marker { words, end: at + 1, depth, block: None });
        }
    }
    if RULE.as_ref().is_some_and(|pattern| pattern.is_match(line))
        && let Some(block) = block_below(lines, at, false)
    {
        return Some(Marker { words: String::new(), end: block.end, depth, block: Some(block) });
    }
    // "Begin forwarded message:" and its like: a short line with a colon over a block.
    let opening = line.trim();
    if opening.ends_with(':')
        && opening.chars().count() < 60
        && header_block::labelled(opening).is_none()
        && let Some(block) = block_below(lines, at, names_a_message(opening))
    {
        return Some(Marker { words: opening.to_owned(), end: block.end, depth, block: Some(block) });
    }
    let block = header_block::at(lines, at, false)?;
    Some(Marker { words: String::new(), end: block.end, depth, block: Some(block) })
}

/// The header block within the next lines after `at`.
fn block_below(lines: &[&str], at: usize, marked: bool) -> Option<header_block::Block> {
    for start in at + 1..(at + 4).min(lines.len()) {
        if let Some(block) = header_block::at(lines, start, marked) {
            return Some(block);
        }
        if lines.get(start).is_some_and(|line| !unquoted(line).1.trim().is_empty()) {
            return None;
        }
    }
    None
}

/// A block that stands in the marker's own line.
fn run_on_block(at: usize, depth: usize, rest: &str) -> Option<header_block::Block> {
    if rest.is_empty() {
        return None;
    }
    let spread = header_block::spread(rest);
    let lines: Vec<&str> = spread.iter().map(String::as_str).collect();
    let mut block = header_block::at(&lines, 0, true)?;
    (block.start, block.end, block.depth) = (at, at + 1, depth);
    Some(block)
}

/// Words that mean "original message" or "forwarded message" in the languages of mail programs.
fn names_a_message(words: &str) -> bool {
    is_forward_word(words) || is_original_word(words)
}

/// "Forwarded message" in many languages.
#[must_use]
pub fn is_forward_word(words: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)forward|weitergeleitet|transf[ée]r|transmis|reenvi|inoltrat|doorgestuurd|przes[łl]an|przekaz[ay]|encaminhad|reencaminhad|vidarebefordra|videresend|v[äa]litetty|edelleenl[äa]het|edasi|p[řr]eposl|preposlan|proslije|tov[áa]bb[íi]tott|redirec[țt]ion|[İi]let(?:i|ilmi)|пере(?:слан|напр|сила)|перенапр|転送|转发|轉寄|전달|anfonwyd ymlaen",
        )
        .ok()
    });
    WORD.as_ref().is_some_and(|pattern| pattern.is_match(words))
}

/// "Original message" in many languages.
fn is_original_word(words: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^(?:original (?:message|e-?mail|appointment)|urspr[üu]ngliche (?:nachricht|mail)|message d'origine|original-nachricht|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|oprindelig (?:meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|alkuper[äa]inen viesti|p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|исходное сообщение|оригинальное сообщение|orijinal ileti|eredeti [üu]zenet|mesaj original|neges wreiddiol|reply message|original)$",
        )
        .ok()
    });
    WORD.as_ref().is_some_and(|pattern| pattern.is_match(words.trim()))
}

/// "On … somebody wrote:".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Index of the line after it.
    pub end: usize,
    /// Lines with `>` follow.
    pub quotes_follow: bool,
    /// It says enough (a date with a year or time, and an address or a verb of writing) to be believed without them.
    pub sure: bool,
}

/// An address folded before its bracket leaves "> wrote:" for the next line.
fn closes_bracket(line: &str) -> bool {
    let line = line.trim();
    line.len() < 30 && line.starts_with('>') && line.ends_with(':')
}

/// The attribution that begins at line `at`; it may be folded over four lines.
#[must_use]
pub fn attribution(lines: &[&str], at: usize) -> Option<Attribution> {
    static VERB: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:wrote|writes|schrieb|[ée]crit|escribi[óo]|scritto|schreef|geschreven|skrev|kirjoitti|napisa[łl]a?|napsala?|nap[íi]sala?|escreveu|написала?|пише|пишет|yazd[ıi]|[íi]rta|a scris|ysgrifennodd|ha escrit)\b|写道|寫道|のメール|작성",
        )
        .ok()
    });
    static WHEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|年").ok()
    });
    static OPENER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:-+\s*)?[*_]?(?:\p{L}{3,}, \d{1,2} \p{L}+ \d{4}|(?:On|At|Am|Le|El|Il|Op|Den|Em|W dniu|Dnia|Dne|Dňa|Na|På|Pe|Ar|Il giorno)\s|\d{1,4}[-/.年]|\d{1,2}\.? \p{L}{3,}|\p{L}{2,4}[.,]? \d{1,2}\b|20\d\d|[^<>\n]{1,60}<[^<>@\s]+@[^<>\s]+>)").ok()
    });
    let (depth, first) = unquoted(lines.get(at)?);
    if depth > 0 || first.trim().is_empty() {
        return None;
    }
    let starts = OPENER.as_ref()?.is_match(first);
    let mut joined = String::new();
    for folded in 0..4 {
        let line = lines.get(at + folded)?;
        let line = line.trim();
        let bracket = folded > 0 && joined.contains('<') && closes_bracket(line);
        if line.is_empty() || (folded > 0 && unquoted(line).0 > 0 && !bracket) || joined.len() > 300 {
            return None;
        }
        if folded > 0 && !starts {
            return None;
        }
        joined.push(' ');
        joined.push_str(line);
        let verb = VERB.as_ref()?.is_match(&joined);
        let when = WHEN.as_ref()?.is_match(&joined);
        let address = joined.contains('@');
        let end = at + folded + 1;
        let ends = joined.trim_end_matches(['*', '_', ' ', '\u{a0}']).ends_with([':', '：'])
            || (joined.trim_start().starts_with("--") && joined.ends_with("--"));
        if lines.get(end).is_some_and(|next| joined.contains('<') && closes_bracket(next)) {
            continue;
        }
        let quotes_follow = lines
            .iter()
            .skip(end)
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| line.trim_start().starts_with('>'));
        if ends && (verb || (when && address)) {
            // A sentence that merely ends in "wrote:" must stand right above a quotation.
            let named = verb && !when && address && joined.contains('<') && joined.len() < 120;
            let sure = starts && (named || (when && (address || verb))) && joined.len() < 260;
            // Words of the writer may stand before an attribution in the same line: then it is left visible.
            let alone = starts || (!when && joined.len() < 100);
            return (sure || (quotes_follow && alone)).then_some(Attribution { end, quotes_follow, sure });
        }
        if quotes_follow && when && joined.trim_end().ends_with('>') && address {
            return Some(Attribution { end, quotes_follow, sure: false });
        }
        if quotes_follow && starts && when && verb && joined.len() < 200 {
            return Some(Attribution { end, quotes_follow, sure: false });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_answer_stays_and_the_quotation_goes() {
        let split = split(
            "Nobody rang.\n\nOn Mon, 5 Oct 2026 at 10:00, Ann Bell <ann@x.example>\nwrote:\n\n> We will ring.\n> Ann",
        );
        assert_eq!(split.visible, "Nobody rang.");
        assert!(split.quoted.starts_with("On Mon"));
    }

    #[test]
    fn an_answer_below_or_between_quotations_stays() {
        let text = "On Mon, 5 Oct 2026 Ann wrote:\n> Did she ring?\nNo she did not.\n> Did they come?\nNo.";
        assert_eq!(split(text).visible, "No she did not.\nNo.");
    }

    #[test]
    fn an_outlook_block_cuts_and_a_signature_stays() {
        let text = "Still nothing.\n\nRegards\nMary\n07700 900000\n\nFrom: Duty <duty@council.example>\nSent: 5 October 2026 10:00\nTo: Mary\nSubject: RE: visit\n\nWe will come.";
        let split = split(text);
        assert_eq!(split.visible, "Still nothing.\n\nRegards\nMary\n07700 900000");
        assert!(split.quoted.ends_with("We will come."));
    }

    #[test]
    fn words_of_the_writer_that_look_like_quotations_stay() {
        for text in [
            "On Friday your manager wrote: \"we do not care\". That is what I complain about.",
            "On 3 March 2026 she told me what my sister wrote:\nthat I am a bad mother. This is wrong.",
            "From: the start nobody helped\nDate: set twice, never kept",
            ">:( I am angry",
            "Timeline\n-----\n3 May: rang\n-----\n4 May: rang",
        ] {
            let split = split(text);
            for word in text.split_whitespace() {
                assert!(split.visible.contains(word), "{word} lost from {text}");
            }
        }
    }

    #[test]
    fn when_all_is_quoted_all_is_visible() {
        assert_eq!(split("> only this").visible, "> only this");
    }

    proptest! {
        #[test]
        fn no_word_is_ever_lost(text in "(?:[a-z]{1,8}|> |>> |On |wrote:|From: a@b.example\nDate: x\nTo: y\nSubject: z|-----Original Message-----|\n| ){0,60}") {
            let split = split(&text);
            for word in text.split_whitespace() {
                prop_assert!(split.visible.contains(word) || split.quoted.contains(word), "{}", word);
            }
        }
    }
}
