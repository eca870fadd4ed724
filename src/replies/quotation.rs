//! What a letter to staff may quote of a message. Pure.

/// Longest quotation (characters).
const LONGEST: usize = 300;

/// `sentence` as a letter to staff may quote it: on one line, cut at a word. Nothing if it holds what a mail program makes a
/// link of: an automatic letter must not carry a stranger's link to staff.
#[must_use]
pub fn quotation(sentence: &str) -> Option<String> {
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    // Marks that turn the direction of writing could make the rest of the letter read as something else.
    let line: String = line
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    if !line.chars().any(char::is_alphabetic) || line.split(' ').any(is_link) {
        return None;
    }
    if line.chars().count() <= LONGEST {
        return Some(line);
    }
    let cut: String = line.chars().take(LONGEST).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    Some(format!("{whole_words} …"))
}

/// An address, or a word with a dot before two or more letters. A full stop without a space after it looks the same:
/// then nothing is quoted.
fn is_link(word: &str) -> bool {
    let mut parts = word.split('.');
    let first = parts.next().is_some_and(|first| first.chars().last().is_some_and(char::is_alphanumeric));
    let letters = |part: &str| part.chars().take_while(|c| c.is_alphabetic()).count() >= 2;
    word.contains("://") || word.contains('@') || (first && parts.any(letters))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sentence_is_quoted_on_one_line_and_a_link_is_not() {
        let plain = "The taxi came at 9.30am (e.g. on Monday), and nobody\n\thas rung me – why?!";
        assert_eq!(
            quotation(plain).as_deref(),
            Some("The taxi came at 9.30am (e.g. on Monday), and nobody has rung me – why?!")
        );
        assert_eq!(quotation("It is \u{202e}late\u{202c}.").as_deref(), Some("It is late."));
        for link in
            ["See https://x.example/a now.", "Pay at win.example today", "(www.win.co.uk)", "ring jo@mail.example"]
        {
            assert_eq!(quotation(link), None, "{link}");
        }
        assert_eq!(quotation(" \n"), None);
        assert_eq!(quotation("—!"), None);
        let long = quotation(&"late again ".repeat(60)).unwrap();
        assert!(long.ends_with("again …") || long.ends_with("late …"), "{long}");
    }

    proptest! {
        #[test]
        fn a_quotation_is_short_one_line_and_without_links(sentence in "\\PC{0,400}[ \\n.]{0,3}\\PC{0,400}") {
            if let Some(quoted) = quotation(&sentence) {
                prop_assert!(quoted.chars().count() <= LONGEST + 2 && !quoted.contains('\n'));
                prop_assert!(!quoted.contains('@') && !quoted.contains("://"));
            }
        }
    }
}
