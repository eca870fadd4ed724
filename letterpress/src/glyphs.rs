//! Which characters can be printed, and what stands in place of those that cannot.

/// In place of a character that no font here has. A letter must not stop for one, and must not pretend that it was not there.
pub(crate) const BOX: char = '□';

/// A text that can be printed, and how much of it was lost.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tidied {
    pub(crate) text: String,
    pub(crate) lost: usize,
}

/// `text` with what has no glyph replaced. Line breaks stay; other white space and control characters become spaces, and
/// what is never seen is left out.
pub(crate) fn tidy(text: &str, has: impl Fn(char) -> bool) -> Tidied {
    let mut tidied = Tidied { text: String::with_capacity(text.len()), lost: 0 };
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => tidied.text.push('\n'),
            // A non-breaking space holds numbers together.
            '\u{a0}' => tidied.text.push(c),
            c if c.is_whitespace() || c.is_control() => tidied.text.push(' '),
            c if unseen(c) => {}
            c if has(c) && !reserved(c) => tidied.text.push(c),
            _ => {
                tidied.text.push(BOX);
                tidied.lost += 1;
            }
        }
    }
    tidied
}

/// Directions to a renderer, not characters: what turns the line round could show another text than it is, and joiners of emoji
/// are of no use without emoji.
fn unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// What PDF/A-2a takes for no text (ISO 19005-2, 6.2.11.7): private use, and the sign of a character that was lost before.
fn reserved(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffc}'..='\u{ffff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_a_box_and_what_is_never_seen_is_gone() {
        let latin = |c: char| c < '\u{250}';
        assert_eq!(
            tidy("Zoë\u{feff} 😀\u{fe0f}\tx\r\ny\u{202e}z\u{a0}1 \u{e000}", latin),
            Tidied { text: "Zoë □ x\nyz\u{a0}1 □".into(), lost: 2 }
        );
    }
}
