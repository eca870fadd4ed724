//! The piece of a text that shows where the words of a search stand in it.

use super::{Term, Typed, Word, words};

/// Words of an excerpt.
const WORDS: usize = 30;
/// Of these, words before the first that was found.
const BEFORE: usize = 6;

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    /// As it stands in the text, with single spaces.
    pub text: String,
    /// It was searched for.
    pub found: bool,
}

/// Where most of the search stands close together in `text`; None where nothing of it does. Plain text: whoever shows it must
/// escape it.
#[must_use]
pub fn excerpt(text: &str, typed: &Typed) -> Option<Vec<Piece>> {
    let words: Vec<Word> = words(text).collect();
    let found = found(&words, typed);
    let first = best(&found)?;
    let start = first.saturating_sub(BEFORE).min(words.len().saturating_sub(WORDS));
    let shown = words.get(start..words.len().min(start + WORDS))?;
    let (begin, end) = (shown.first()?.at.start, shown.last()?.at.end);
    // What stands around the first and the last word belongs to them, up to the next space.
    let begin = if start == 0 { 0 } else { text.get(..begin)?.rfind(char::is_whitespace).map_or(0, |space| space + 1) };
    let end = text.get(end..)?.find(char::is_whitespace).map_or(text.len(), |space| end + space);

    let mut pieces = Vec::new();
    let mut at = begin.min(shown.first()?.at.start);
    let mut push = |text: &str, found: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: spaced(text), found });
        }
    };
    if start > 0 {
        push("… ", false);
    }
    let mut n = 0;
    while n < shown.len() {
        let length = found.iter().filter(|hit| hit.at == start + n).map(|hit| hit.words).max().unwrap_or(0);
        if length == 0 {
            n += 1;
            continue;
        }
        let last = (n + length - 1).min(shown.len() - 1);
        let (from, to) = (shown.get(n)?.at.start, shown.get(last)?.at.end);
        push(text.get(at..from)?, false);
        push(text.get(from..to)?, true);
        at = to;
        n = last + 1;
    }
    push(text.get(at..end.max(at))?, false);
    if start + shown.len() < words.len() {
        push(" …", false);
    }
    Some(pieces)
}

/// A part of the search where it stands.
struct Hit {
    /// Which word of the text.
    at: usize,
    /// How many words.
    words: usize,
    /// Which part.
    term: usize,
}

fn found(words: &[Word], typed: &Typed) -> Vec<Hit> {
    let mut hits = Vec::new();
    for at in 0..words.len() {
        for (term, wanted) in typed.terms().iter().enumerate() {
            if words.get(at..).is_some_and(|rest| begins(rest, wanted)) {
                hits.push(Hit { at, words: wanted.words.len(), term });
            }
        }
    }
    hits
}

fn begins(words: &[Word], term: &Term) -> bool {
    let Some((last, before)) = term.words.split_last() else { return false };
    let Some((here, next)) = words.get(..before.len()).zip(words.get(before.len())) else { return false };
    let ends = if term.whole { next.folded == *last } else { next.folded.starts_with(last.as_str()) };
    ends && here.iter().zip(before).all(|(word, wanted)| word.folded == *wanted)
}

/// The word with which the excerpt that shows most parts begins; the first of them.
fn best(hits: &[Hit]) -> Option<usize> {
    let parts = |first: &Hit| {
        let near = hits.iter().filter(|hit| (first.at..first.at + WORDS - BEFORE).contains(&hit.at));
        let mut seen: Vec<usize> = near.map(|hit| hit.term).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    };
    // Looking at the first few is enough, and a text of one word over and over costs no more.
    let some = hits.iter().take(200);
    some.map(|hit| (parts(hit), hit.at)).max_by_key(|(parts, at)| (*parts, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

/// One space for each run of white space.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, typed: &str) -> Option<String> {
        let pieces = excerpt(text, &Typed::read(typed).unwrap())?;
        Some(pieces.iter().map(|p| if p.found { format!("[{}]", p.text) } else { p.text.clone() }).collect())
    }

    #[test]
    fn what_was_found_is_marked_as_it_was_written() {
        let text = "The TAXI was late.\n\n  Siân’s taxis come late, and <b>nobody</b> rang.";
        assert_eq!(
            shown(text, "taxi sian").as_deref(),
            Some("The [TAXI] was late. [Siân]’s [taxis] come late, and <b>nobody</b> rang.")
        );
        assert_eq!(
            shown(text, "\"come late\" nob").as_deref(),
            Some("The TAXI was late. Siân’s taxis [come late], and <b>[nobody]</b> rang.")
        );
        assert_eq!(shown(text, "escort"), None);
        assert_eq!(shown("", "x"), None);
    }

    #[test]
    fn a_long_text_shows_where_most_of_it_stands() {
        let text = format!("taxi. {} The taxi and the escort came. {}", "word ".repeat(100), "more ".repeat(100));
        let said = shown(&text, "escort taxi").unwrap();
        assert!(said.starts_with("… word word word word word The [taxi] and the [escort] came. more"), "{said}");
        assert!(said.ends_with("more …"), "{said}");
    }

    proptest! {
        #[test]
        fn an_excerpt_is_words_of_the_text(text in any::<String>(), typed in "[a-zA-Zé\"' ]{1,8}") {
            let Some(typed) = Typed::read(&typed) else { return Ok(()) };
            let Some(pieces) = excerpt(&text, &typed) else { return Ok(()) };
            prop_assert!(pieces.iter().any(|piece| piece.found));
            let whole = spaced(&text);
            for piece in pieces.iter().filter(|piece| piece.found) {
                prop_assert!(whole.contains(&piece.text), "{:?}", piece.text);
            }
        }
    }
}
