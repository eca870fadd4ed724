//! The few header lines that a mail program writes above a message it quotes or passes on, in many languages.

use std::sync::LazyLock;

use regex::Regex;

use super::{headers::on_one_line, reading::Person};

mod labels;
#[cfg(test)]
mod tests;

/// Which header a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Who wrote it.
    From,
    /// When.
    Date,
    /// To whom.
    To,
    /// Copied to whom.
    Cc,
    /// About what.
    Subject,
    /// Anything else that stands in such a block.
    Other,
}

/// Header lines found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Index of its first line.
    pub start: usize,
    /// Index of the line after its last.
    pub end: usize,
    /// How many `>` stand before its lines.
    pub depth: usize,
    /// Who wrote the message below; the address is empty if only a name is given.
    pub from: Option<Person>,
    /// The sender's line names more than one address, or says that somebody wrote for another.
    pub several_senders: bool,
    /// The rest, as written.
    pub to: Option<String>,
    /// The sender's line ends in a bracket.
    pub(super) open_bracket: bool,
    /// As written.
    pub cc: Option<String>,
    /// As written.
    pub date: Option<String>,
    /// As written.
    pub subject: Option<String>,
}

/// How many `>` a line begins with, and what follows them.
#[must_use]
pub fn unquoted(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line.trim_start_matches('\u{feff}');
    loop {
        let inner = rest.trim_start_matches([' ', '\t', '\u{a0}']);
        match inner.strip_prefix('>') {
            Some(inner) => {
                depth += 1;
                rest = inner;
            }
            None => break,
        }
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

/// A label is no longer (characters).
const LONGEST_LABEL: usize = 25;
/// Longer lines are no header lines, however many people they name (bytes).
const LONGEST_LINE: usize = 16_000;

/// A line as label and value, whatever the label: `*From:* a`, `Von: a`, `| From | a |`.
fn parted(line: &str) -> Option<(&str, &str)> {
    if line.len() > LONGEST_LINE {
        return None;
    }
    let decoration = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | '\u{feff}' | '\u{200e}' | '\u{200f}');
    let row = line.trim_start().starts_with('|');
    let rest = line.trim_start_matches(decoration);
    let (end, sign) = rest
        .char_indices()
        .take(LONGEST_LABEL + 4)
        .find(|&(_, c)| matches!(c, ':' | '：') || (row && c == '|'))
        .filter(|(end, _)| *end > 0)?;
    let (label, value) = rest.split_at_checked(end)?;
    let label = label.trim_end_matches(decoration);
    let value = value.strip_prefix(sign)?;
    let fits = !label.is_empty() && label.chars().count() <= LONGEST_LABEL && !label.contains('*');
    fits.then(|| {
        (label, value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|')).trim_start_matches('_'))
    })
}

/// A line as `label: value`, if its label is one that mail programs write.
#[must_use]
pub fn labelled(line: &str) -> Option<(Field, &str)> {
    let (label, value) = parted(line)?;
    Some((labels::field_of(label)?, value))
}

/// What has the shape of a header block at line `start`, whatever the labels say: three lines or more of `label: value`,
/// one after the other, with an address in the first that names one and a moment in another. Only to be believed under a
/// rule such as mail programs draw.
#[must_use]
pub fn shaped(lines: &[&str], start: usize) -> Option<Block> {
    let (depth, _) = unquoted(lines.get(start)?);
    let mut block = Block { start, end: start, depth, ..Block::default() };
    for (at, line) in lines.iter().enumerate().skip(start).take(8) {
        let (line_depth, line) = unquoted(line);
        let Some((_, value)) = parted(line).filter(|_| line_depth == depth) else { break };
        let value = on_one_line(value);
        if block.from.is_none() && value.contains('@') {
            block.from = Some(person(&value));
        } else if block.date.is_none() && is_moment(&value) {
            block.date = Some(value);
        } else if block.to.is_none() && value.contains('@') {
            block.to = Some(value);
        } else if block.date.is_some() && !value.contains('@') {
            block.subject = Some(value);
        }
        block.end = at + 1;
    }
    (block.end - block.start >= 3 && block.from.is_some() && block.date.is_some()).then_some(block)
}

/// The block that begins at line `start`, if one does.
///
/// `marked` says that a forward or reply marker stands above: then a sender is enough. Without, there must be a sender and
/// the moment of sending, or two more kinds of field (three if the sender is a name alone), so that a letter headed
/// "From:" stays a letter.
#[must_use]
pub fn at(lines: &[&str], start: usize, marked: bool) -> Option<Block> {
    let (depth, first) = unquoted(lines.get(start)?);
    labelled(first)?;
    let mut block = Block { start, end: start, depth, ..Block::default() };
    let mut last = None;
    let (mut blanks, mut fields, mut spaced) = (0, 0, false);
    for (offset, raw) in lines.iter().skip(start).take(40).enumerate() {
        let (line_depth, raw) = unquoted(raw);
        let line = raw.trim();
        if line.is_empty() {
            blanks += 1;
            spaced |= fields == 1;
            // Some programs put an empty line between all fields; two end the header in any case.
            if blanks > 1 || last.is_none() || (fields >= 3 && !spaced) {
                break;
            }
            continue;
        }
        if line_depth != depth {
            break;
        }
        match labelled(line) {
            Some((field, value)) => {
                let value = on_one_line(value);
                let again = match field {
                    Field::From => block.from.is_some(),
                    Field::Subject => block.subject.is_some(),
                    Field::Date => block.date.is_some(),
                    Field::To => block.to.is_some(),
                    Field::Cc | Field::Other => false,
                };
                if again || (blanks > 0 && value.is_empty()) {
                    break;
                }
                match field {
                    Field::From => {
                        block.from = Some(person(&value));
                        block.open_bracket = value.ends_with(['<', '(', '[']) || value.ends_with("mailto:");
                        block.several_senders = addresses(&value) > 1 || is_on_behalf(&value);
                    }
                    Field::Date => block.date = Some(value),
                    Field::To => block.to = Some(value),
                    Field::Subject => block.subject = Some(value),
                    Field::Cc => block.cc = Some(value),
                    Field::Other => {}
                }
                fields += 1;
                last = Some(field);
            }
            None if blanks == 0 => {
                let next = lines.get(start + offset + 1).map(|next| unquoted(next).1);
                let before_a_field = next.is_some_and(|next| labelled(next).is_some());
                if !block.goes_on(last, raw, before_a_field) {
                    break;
                }
            }
            None => break,
        }
        blanks = 0;
        block.end = start + offset + 1;
    }
    let others = usize::from(block.date.is_some())
        + usize::from(block.to.is_some() || block.cc.is_some())
        + usize::from(block.subject.is_some());
    let Some(from) = block.from.as_ref().filter(|p| !p.address.is_empty() || p.name.is_some()) else {
        // Without a sender: only what no letter has, the date of RFC 5322 and an address it went to.
        let stamped =
            block.date.as_deref().is_some_and(is_stamp) && block.to.as_deref().is_some_and(|to| to.contains('@'));
        return stamped.then_some(Block { from: None, ..block });
    };
    let enough = match (marked, from.address.is_empty()) {
        (true, _) => true,
        _ if block.date.as_deref().is_some_and(is_moment) => true,
        (_, false) => others >= 2,
        (_, true) => others >= 3,
    };
    enough.then_some(block)
}

impl Block {
    /// Takes in a line without a label that goes on from the field before; false when it is none.
    fn goes_on(&mut self, last: Option<Field>, raw: &str, before_a_field: bool) -> bool {
        let line = raw.trim();
        let indented = raw.starts_with([' ', '\t']);
        let open = |list: &Option<String>| list.as_deref().is_some_and(|list| list.ends_with([';', ',']));
        let more_people = |list: &Option<String>| {
            line.contains('@') || line.ends_with([';', ',']) || open(list) || (indented && before_a_field)
        };
        let add = |text: &mut Option<String>| {
            let text = text.get_or_insert_default();
            text.push(' ');
            text.push_str(line);
        };
        match last {
            Some(Field::To) if more_people(&self.to) => add(&mut self.to),
            Some(Field::Cc) if more_people(&self.cc) => add(&mut self.cc),
            Some(Field::From) if is_address_line(line, self.open_bracket) => {
                let name = self.from.as_ref().and_then(|p| p.name.clone()).unwrap_or_default();
                let name = name.trim_end_matches("mailto:").trim_end_matches('[').trim();
                self.from = Some(person(&format!("{name} {line}")));
            }
            Some(Field::From) if before_a_field && is_on_behalf(line) => self.several_senders = true,
            Some(Field::Date) if before_a_field && line.len() < 40 && line.contains(|c: char| c.is_ascii_digit()) => {
                add(&mut self.date);
            }
            // A subject folded over two lines is followed by another field.
            Some(Field::Subject) if before_a_field && (self.from.is_none() || indented) => add(&mut self.subject),
            _ => return false,
        }
        true
    }
}

/// A sender's address that was folded off its name, before or after the bracket.
fn is_address_line(line: &str, open_bracket: bool) -> bool {
    line.len() < 120
        && line.contains('@')
        && (open_bracket || line.starts_with(['<', '(', '[']))
        && line.ends_with(['>', ')', ']'])
}

/// The person a secretary or a list wrote for.
#[must_use]
pub fn is_on_behalf(line: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:on behalf of|im auftrag von|de la part de|en nombre de|namens|per conto di|em nome de|w imieniu)\b").ok()
    });
    WORDS.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// The date of a header field (RFC 5322, section 3.3).
fn is_stamp(text: &str) -> bool {
    static STAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:[A-Z][a-z]{2},? )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UTC)")
            .ok()
    });
    STAMP.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// A year and a time of day: what mail programs write after "Sent:", and people hardly ever after "Date:".
fn is_moment(text: &str) -> bool {
    static MOMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\b(?:19|20)\d\d\b.*\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[:.]\d{2}\b.*\b(?:19|20)\d\d\b").ok()
    });
    MOMENT.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// The fields that some programs write all in one line (`From: a To: b Sent: …`) each on a line of its own.
#[must_use]
pub fn spread(run: &str) -> Vec<String> {
    let Some(label) = labels::IN_A_RUN.as_ref() else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    let mut from = 0;
    for found in label.find_iter(run) {
        let before = run.get(..found.start()).unwrap_or_default().chars().next_back();
        // "Date: …AM GMT+1Subject:" has no blank before the label, "Re: To: x" is one; a label inside a word of letters in
        // lower case ("data" in "metadata:") is none.
        let glued_to_word = before.is_some_and(char::is_lowercase)
            && run.get(found.range()).is_some_and(|l| l.chars().next().is_some_and(char::is_lowercase));
        if glued_to_word {
            continue;
        }
        if found.start() > from {
            lines.push(run.get(from..found.start()).unwrap_or_default().trim().to_owned());
        }
        from = found.start();
    }
    lines.push(run.get(from..).unwrap_or_default().trim().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// A name and an address out of what a header line says: `Name <a@b>`, `a@b`, `Name [mailto:a@b]`, `a@b<mailto:a@b>`, or a
/// name alone.
#[must_use]
pub fn person(text: &str) -> Person {
    static BRACKETED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"<\s*(?:mailto:)?([^<>\s@]+@[^<>\s@]+)").ok());
    let text = on_one_line(text);
    // What stands between brackets is the address, also when the name is written like another one.
    let bracketed = BRACKETED.as_ref().and_then(|pattern| {
        let found = pattern.captures(&text)?;
        let address = ADDRESS.as_ref()?.find(found.get(1)?.as_str())?;
        Some((found.get(0)?.start(), address.as_str().to_owned()))
    });
    let found = bracketed.or_else(|| {
        let found = ADDRESS.as_ref()?.find(&text)?;
        Some((found.start(), found.as_str().to_owned()))
    });
    let (name, address) = match found {
        // An apostrophe before an address is a quotation mark far more often than a part of it.
        Some((start, address)) => (
            text.get(..start).unwrap_or_default().trim_end_matches("mailto:"),
            address.trim_start_matches(['\'', '*', '_', '`', '|']).to_lowercase(),
        ),
        None => (text.as_str(), String::new()),
    };
    let name = name
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '<' | '>'
                        | '"'
                        | '\''
                        | '['
                        | ']'
                        | '('
                        | ')'
                        | ','
                        | ';'
                        | '*'
                        | '‘'
                        | '’'
                        | '“'
                        | '”'
                        | '„'
                        | '«'
                        | '»'
                )
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .trim();
    let name = name.split("<mailto").next().unwrap_or_default().trim();
    // "a@b <a@b>": the address once more is no name.
    let name = if name.eq_ignore_ascii_case(&address) { "" } else { name };
    Person { name: (!name.is_empty()).then(|| name.to_owned()), address }
}

static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?"#).ok()
});

/// How many different addresses stand in a text.
fn addresses(text: &str) -> usize {
    let Some(pattern) = ADDRESS.as_ref() else { return 0 };
    let mut found: Vec<String> = pattern
        .find_iter(text)
        .take(20)
        .map(|found| {
            found.as_str().trim_start_matches(['\'', '*', '_', '`', '|']).trim_start_matches("mailto:").to_lowercase()
        })
        .collect();
    found.sort();
    found.dedup();
    found.len()
}
