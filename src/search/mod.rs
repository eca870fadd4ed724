//! What officers search for: words as they are compared, what was typed, and the excerpt that shows where it stands. Pure.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

mod excerpt;
mod typed;

pub use excerpt::{Piece, excerpt};
pub use typed::{Scope, Term, Typed};

/// Letters of a word that are compared; nothing that people write is longer.
const LONGEST_WORD: usize = 60;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// As it is compared: small letters without accents, and digits.
    pub folded: String,
}

/// The words of a text: runs of letters and digits of any script. What lies between them is not compared.
pub fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, _) = *rest.peek()?;
            let mut end = start;
            while let Some((at, c)) = rest.next_if(|(_, c)| c.is_alphanumeric() || is_combining_mark(*c)) {
                end = at + c.len_utf8();
            }
            if end == start {
                rest.next();
                continue;
            }
            let folded = fold(text.get(start..end).unwrap_or_default());
            if !folded.is_empty() {
                return Some(Word { at: start..end, folded });
            }
        }
    })
}

/// The words of a text as they are compared, with one space between them.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in words(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.folded);
    }
    out
}

fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.chars().take(LONGEST_WORD).map(|c| c.to_ascii_lowercase()).collect();
    }
    let apart = word.chars().flat_map(char::to_lowercase).nfkd().flat_map(char::to_lowercase);
    let kept = apart.filter(|c| c.is_alphanumeric() || (is_combining_mark(*c) && !is_accent(*c)));
    kept.flat_map(|c| plain(c).chars().chain(plain(c).is_empty().then_some(c)).collect::<Vec<_>>())
        .take(LONGEST_WORD)
        .collect()
}

/// Marks over and under letters of Europe; those of other scripts are letters of their own.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// What is typed for letters that cannot be taken apart; empty for all others.
fn plain(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_and_what_lies_between() {
        assert_eq!(folded("HRD-26-00042-K"), "hrd 26 00042 k");
        assert_eq!(folded("O’Rourke, Siân & Łukasz ZIELIŃSKI"), "o rourke sian lukasz zielinski");
        assert_eq!(folded("ann.okafor@mail.example"), "ann okafor mail example");
        assert_eq!(folded("Straße ½ ﬁle İstanbul"), "strasse 12 file istanbul");
        assert_eq!(folded(" … — “” \u{301} "), "");
        assert_eq!(folded("शिकायत شكوى 投诉"), "शिकायत شكوى 投诉");
        assert_eq!(folded(&"x".repeat(500)).len(), LONGEST_WORD);
    }

    proptest! {
        #[test]
        fn whatever_is_written_folds_to_itself_and_words_lie_where_they_say(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once.clone());
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.at.start >= end && text.get(word.at.clone()).is_some());
                prop_assert!(word.folded.chars().count() <= LONGEST_WORD && !word.folded.contains(['\'', '"', ' ', '\0', '\\']));
                end = word.at.end;
            }
        }
    }
}
