//! What the first prefix of a subject says.

use std::sync::LazyLock;

use regex::Regex;

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

static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\[(?:ext|external|external sender|sec=[^\]]*)\]:?\s*|\*+\s*(?:spam|external)\s*\*+\s*|caution:\s*)*\[?(?:(?P<fw>fwd?|wg|tr|rv|i|enc|vb|vl|pd|doorst|[iİ]̇?lt|videresend|redir|vidarebef|fs|yml|anfon ymlaen|пересл|转发|轉寄|轉發|転送|전달)|(?P<re>re|aw|sv|antw?|odp|ynt|rif|r|res|atb|отв|回复|答复|回覆|返信|회신)|(?P<vs>vs))(?:\s*\[\d+\]|\(\d+\))?\.?\s*[:：]",
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
