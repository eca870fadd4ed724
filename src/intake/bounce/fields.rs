//! Blocks of header-like fields, as delivery reports have them: by the letter of RFC 3464, and as programs write them.

use std::sync::LazyLock;

use regex::Regex;

use super::words;
use crate::intake::headers::on_one_line;

/// The fields of one block, names in lower case, values unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field; `name` in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Most fields that are looked at.
const MOST_FIELDS: usize = 5_000;

/// The blocks of fields in `text`: split where a line is empty. Lines that are no fields are passed over.
pub fn blocks(text: &str) -> Vec<Fields> {
    let mut blocks = Vec::new();
    let mut now = Fields::default();
    for line in text.lines().take(MOST_FIELDS) {
        if line.trim().is_empty() {
            if !now.0.is_empty() {
                blocks.push(std::mem::take(&mut now));
            }
        } else if line.starts_with([' ', '\t'])
            && let Some((_, value)) = now.0.last_mut()
        {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = field(line) {
            now.0.push((name, value.to_owned()));
        }
    }
    if !now.0.is_empty() {
        blocks.push(now);
    }
    blocks
}

/// A line's name (in lower case) and value.
pub fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim_start().split_once(':')?;
    let name = name.trim_end();
    let good = !name.is_empty()
        && name.len() <= 60
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    good.then(|| (name.to_ascii_lowercase(), value.trim()))
}

/// The blocks that speak of a recipient. Programs forget the empty lines between: a field that comes a second time begins
/// the next recipient.
pub fn recipients(blocks: &[Fields]) -> Vec<Fields> {
    const OF_ONE: [&str; 4] = ["final-recipient", "original-recipient", "action", "status"];
    let mut found = Vec::new();
    for block in blocks {
        let mut now = Fields::default();
        for (name, value) in &block.0 {
            if OF_ONE.contains(&name.as_str()) && now.has(name) {
                found.push(std::mem::take(&mut now));
            }
            now.0.push((name.clone(), value.clone()));
        }
        found.push(now);
    }
    found.retain(|block| {
        ["final-recipient", "original-recipient", "x-actual-recipient"].iter().any(|name| block.has(name))
    });
    found
}

/// The address in `rfc822; a@b`, `utf-8; a@b` (RFC 6533) or `a@b`, lower case.
pub fn address(value: &str) -> Option<String> {
    let (_, typed) = value.split_once(';').unwrap_or(("", value));
    words::addresses(typed).into_iter().next()
}

/// The first word of a value, lower case.
pub fn word(value: &str) -> String {
    value.trim().chars().take_while(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What the server said, without the type before it (`smtp;`).
pub fn diagnostic(value: &str) -> String {
    static TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*[A-Za-z0-9-]{1,20}\s*;\s*").ok());
    let said = match TYPE.as_ref().and_then(|kind| kind.find(value)) {
        Some(kind) => value.get(kind.end()..).unwrap_or_default(),
        None => value,
    };
    on_one_line(said)
}

/// The status of a recipient: what the server itself said where it said something more exact than the reporting system,
/// which often writes 5.0.0 or 4.4.7 for whatever it was.
pub fn status(field: &str, diagnostic: &str) -> Option<String> {
    let reported = words::enhanced(field);
    let said = words::enhanced(diagnostic);
    match (reported, said) {
        (Some(reported), Some(said)) if words::vagueness(&said) <= words::vagueness(&reported) => Some(said),
        (Some(reported), _) => Some(reported),
        (None, said) => said,
    }
}
