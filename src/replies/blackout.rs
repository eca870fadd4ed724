//! Names that are blacked out in the texts of a case before they go to somebody else. Pure.
//!
//! A name is found as whole words, in capitals or small letters, with accents or without, also across a line break and with a dash or a
//! full stop between its words. Of an address of mail that holds one, nothing is left.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use letterpress::{Block, Letter, Run};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What stands in place of a name.
pub const REMOVED: &str = "[name removed]";

/// The most characters between two words of a name: a line break, and the signs of quoted mail.
const MOST_BETWEEN: usize = 8;
/// Shortest name that is looked for within an address written in one, such as `amaraobi@…`.
const SHORTEST_WITHIN: usize = 4;

/// The names to be blacked out.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By the first word, folded: whose name it is, and its words.
    by_first: HashMap<String, Vec<(usize, Vec<String>)>>,
    /// Names without what stands between their words, for addresses.
    within: Vec<(usize, String)>,
    people: usize,
}

/// A word of a text.
struct Word {
    at: Range<usize>,
    folded: String,
}

impl Names {
    /// Adds somebody, by every form of their name.
    pub fn add<'a>(&mut self, forms: impl IntoIterator<Item = &'a str>) {
        let mut any = false;
        for form in forms {
            let words: Vec<String> = words(form).into_iter().map(|word| word.folded).collect();
            let Some(first) = words.first() else { continue };
            any = true;
            let whole = words.concat();
            // One word alone is in too many others: Mark in marketing.
            let telling = words.len() > 1 && whole.chars().count() >= SHORTEST_WITHIN;
            if telling && !self.within.iter().any(|(_, known)| *known == whole) {
                self.within.push((self.people, whole));
            }
            self.by_first.entry(first.clone()).or_default().push((self.people, words));
        }
        self.people += usize::from(any);
    }

    /// Nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people == 0
    }

    /// Whether one of them occurs in `text`.
    #[must_use]
    pub fn occur_in(&self, text: &str) -> bool {
        !self.places(text, &mut BTreeSet::new()).is_empty()
    }

    /// `text` without the names. Whose were in it is added to `found`.
    #[must_use]
    pub fn black_out(&self, text: &str, found: &mut BTreeSet<usize>) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut from = 0;
        for place in self.places(text, found) {
            clean.push_str(text.get(from..place.start).unwrap_or_default());
            clean.push_str(REMOVED);
            from = place.end;
        }
        clean.push_str(text.get(from..).unwrap_or_default());
        clean
    }

    /// A letter, or another text to be typeset, without the names.
    pub fn black_out_letter(&self, letter: &mut Letter, found: &mut BTreeSet<usize>) {
        if self.is_empty() {
            return;
        }
        letter.title = self.black_out(&letter.title, found);
        self.black_out_blocks(&mut letter.blocks, found);
    }

    fn black_out_blocks(&self, blocks: &mut [Block], found: &mut BTreeSet<usize>) {
        for block in blocks {
            match block {
                Block::Heading { runs, .. } | Block::Paragraph(runs) => self.black_out_runs(runs, found),
                Block::List { items, .. } => items.iter_mut().for_each(|item| self.black_out_blocks(item, found)),
            }
        }
    }

    /// A name may begin in bold and end beside it.
    fn black_out_runs(&self, runs: &mut [Run], found: &mut BTreeSet<usize>) {
        let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
        let places = self.places(&whole, found);
        let mut start = 0;
        for run in runs {
            let end = start + run.text.len();
            let mut clean = String::with_capacity(run.text.len());
            let mut from = start;
            for place in places.iter().filter(|place| place.start < end && place.end > start) {
                clean.push_str(whole.get(from..place.start.max(from)).unwrap_or_default());
                if place.start >= start {
                    clean.push_str(REMOVED);
                }
                from = place.end.min(end);
            }
            clean.push_str(whole.get(from..end).unwrap_or_default());
            // Where a link leads is printed beside its words.
            let leads_to_name = run.link.as_deref().is_some_and(|link| !self.places(link, found).is_empty());
            if clean != run.text || leads_to_name {
                run.link = None;
            }
            run.text = clean;
            start = end;
        }
    }

    /// Where names and addresses with names stand, in order and apart.
    fn places(&self, text: &str, found: &mut BTreeSet<usize>) -> Vec<Range<usize>> {
        if self.is_empty() {
            return Vec::new();
        }
        let words = words(text);
        let mut places: Vec<Range<usize>> = Vec::new();
        for (number, first) in words.iter().enumerate() {
            for (person, name) in self.by_first.get(&first.folded).into_iter().flatten() {
                let Some(said) = words.get(number..number + name.len()) else { continue };
                let same = said.iter().zip(name).all(|(word, wanted)| word.folded == *wanted);
                let near = said.windows(2).all(|pair| match pair {
                    [one, next] => are_near(text, one, next),
                    _ => true,
                });
                if let (true, Some(last)) = (same && near, said.last()) {
                    found.insert(*person);
                    places.push(first.at.start..last.at.end);
                }
            }
        }
        for address in addresses(text) {
            let touched = places.iter().any(|place| place.start < address.end && place.end > address.start);
            let local = text.get(address.clone()).and_then(|whole| whole.split('@').next()).unwrap_or_default();
            let local: String = self::words(local).into_iter().map(|word| word.folded).collect();
            let mut within = self.within.iter().filter(|(_, name)| local.contains(name.as_str())).peekable();
            if touched || within.peek().is_some() {
                found.extend(within.map(|(person, _)| *person));
                places.push(address);
            }
        }
        places.sort_by_key(|place| (place.start, place.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
        for place in places {
            match apart.last_mut().filter(|last| place.start < last.end) {
                Some(last) => last.end = last.end.max(place.end),
                None => apart.push(place),
            }
        }
        apart
    }
}

/// Whether nothing but a little white space and punctuation stands between two words; what was removed is a word of its own.
fn are_near(text: &str, one: &Word, next: &Word) -> bool {
    let between = text.get(one.at.end..next.at.start).unwrap_or_default();
    between.chars().count() <= MOST_BETWEEN
}

/// The words of a text. A removed name is one word, which is nobody's.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(REMOVED) {
        words_between(text, from..at, &mut words);
        words.push(Word { at: at..at + REMOVED.len(), folded: String::new() });
        from = at + REMOVED.len();
    }
    words_between(text, from..text.len(), &mut words);
    words
}

fn words_between(text: &str, part: Range<usize>, words: &mut Vec<Word>) {
    let offset = part.start;
    let mut open: Option<usize> = None;
    let mut close = |open: &mut Option<usize>, end: usize| {
        if let Some(start) = open.take() {
            let folded = folded(text.get(start..end).unwrap_or_default());
            // Nothing stands for what was removed alone.
            if !folded.is_empty() {
                words.push(Word { at: start..end, folded });
            }
        }
    };
    for (at, c) in text.get(part.clone()).unwrap_or_default().char_indices() {
        let at = offset + at;
        if is_alone(c) {
            close(&mut open, at);
            open = Some(at);
            close(&mut open, at + c.len_utf8());
        } else if c.is_alphanumeric() {
            open.get_or_insert(at);
        } else if !(is_combining_mark(c) || is_unseen(c)) {
            close(&mut open, at);
        }
    }
    close(&mut open, part.end);
}

/// A letter of a script that puts no spaces between words: each is looked for by itself.
fn is_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Nobody sees it, and a name with it looks the same.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// In small letters, without accents and strokes.
fn folded(word: &str) -> String {
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c) && !is_unseen(*c)).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(word.len());
    for c in plain.filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c => folded.push(c),
        }
    }
    folded
}

/// Where addresses of mail stand.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_alphanumeric() || is_combining_mark(c) || is_unseen(c) || matches!(c, '.' | '-' | '_');
    let local = |c: char| part(c) || matches!(c, '+' | '%' | '\'' | '’' | '&' | '=');
    let around = text.match_indices('@').filter_map(|(at, sign)| {
        let (before, after) = (text.get(..at)?, text.get(at + sign.len()..)?);
        let start = before.len() - before.chars().rev().take_while(|c| local(*c)).map(char::len_utf8).sum::<usize>();
        let end = after.chars().take_while(|c| part(*c)).map(char::len_utf8).sum::<usize>();
        let end = after.get(..end)?.trim_end_matches(['.', '-', '_']).len();
        (start < at && end > 0).then_some(start..at + sign.len() + end)
    });
    around.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(lines: &[&str]) -> Names {
        let mut names = Names::default();
        lines.iter().for_each(|line| names.add([*line]));
        names
    }

    fn without(lines: &[&str], text: &str) -> (String, usize) {
        let mut found = BTreeSet::new();
        let clean = names(lines).black_out(text, &mut found);
        (clean, found.len())
    }

    #[test]
    fn a_name_is_found_however_it_is_written_and_as_whole_words_alone() {
        for (lines, text, clean, people) in [
            (&["Zoë Haddad"][..], "ZOE HADDAD’s son, and zoe haddad.", "[name removed]’s son, and [name removed].", 1),
            (&["Zoe Haddad"], "Zo\u{eb}\r\n> Haddad; Zoe\u{308}-Haddad", "[name removed]; [name removed]", 1),
            (&["Al"], "Al asked Alan, also al.", "[name removed] asked Alan, also [name removed].", 1),
            (&["O’Brien"], "O'Brien and OBrien", "[name removed] and OBrien", 1),
            (&["Jo", "Jo Tregar"], "Jo Tregar rang Jo", "[name removed] rang [name removed]", 2),
            (&["Ann Lee", "Lee Fox"], "Ann Lee Fox", "[name removed]", 2),
            (&["Łukasz Bjørn"], "lukasz bjorn", "[name removed]", 1),
            (&["Ama\u{ad}ra"], "Amara and Ama\u{ad}ra", "[name removed] and [name removed]", 1),
            (&["哈达德"], "他叫哈达德先生", "他叫[name removed]先生", 1),
            (&["Jo Tregar"], "Jo spoke of a Mr Tregar", "Jo spoke of a Mr Tregar", 0),
            (&["", " — "], "Nothing — of anybody", "Nothing — of anybody", 0),
        ] {
            assert_eq!(without(lines, text), (clean.to_owned(), people), "{lines:?} in {text}");
        }
    }

    #[test]
    fn of_an_address_with_a_name_nothing_is_left() {
        for (lines, text, clean) in [
            (&["Sami Haddad"][..], "<sami.haddad@mail.example>", "<[name removed]>"),
            (&["Sami Haddad"], "mailto:samihaddad77@mail.example.", "mailto:[name removed]."),
            (&["Haddad"], "a_haddad+taxi@mail.example, b@haddad.example", "[name removed], [name removed]"),
            (&["sami@mail.example"], "Write to SAMI@mail.example!", "Write to [name removed]!"),
            (&["Sami", "Mark"], "noor@mail.example, marketing@x.example", "noor@mail.example, marketing@x.example"),
        ] {
            assert_eq!(without(lines, text).0, clean, "{lines:?} in {text}");
        }
    }

    #[test]
    fn a_name_across_two_styles_and_behind_a_link_is_gone() {
        let bold = Run { bold: true, ..Run::plain("Dear Sami ") };
        let link = Run { link: Some("mailto:sami.haddad@mail.example".into()), ..Run::plain("here") };
        let kept = Run { link: Some("https://calderbeck.example".into()), ..Run::plain("there") };
        let runs = vec![bold, Run::plain("Haddad, write "), link, kept.clone()];
        let mut letter = Letter {
            title: "To Sami Haddad".into(),
            council: "Calderbeck".into(),
            reference: "x".into(),
            date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            blocks: vec![Block::List { from: None, items: vec![vec![Block::Paragraph(runs)]] }],
        };
        names(&["Sami Haddad"]).black_out_letter(&mut letter, &mut BTreeSet::new());
        assert_eq!(letter.title, "To [name removed]");
        let Block::List { items, .. } = &letter.blocks[0] else { panic!() };
        let Block::Paragraph(runs) = &items[0][0] else { panic!() };
        let texts: Vec<_> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["Dear [name removed]", ", write ", "here", "there"]);
        assert_eq!((&runs[2].link, &runs[3]), (&None, &kept));
    }

    /// Another way to look for a name: the words of the text beside one another.
    fn survives(name: &str, text: &str) -> bool {
        let list = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded).collect()
        };
        let name = list(name);
        text.split(REMOVED).any(|part| list(part).windows(name.len().max(1)).any(|words| words == name))
    }

    proptest! {
        #[test]
        fn no_occurrence_survives(
            lines in prop::collection::vec("[a-cé]{1,2}([ '.-][A-Cé]{1,2}){0,2}", 1..4),
            text in "([a-cA-CéE]{1,2}|dd|7)([ .,'\n_-]{1,3}([a-cA-CéE]{1,2}|dd|7|a\\.b@cc\\.a)){0,20}",
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let (clean, people) = without(&lines, &text);
            prop_assert!(!names(&lines).occur_in(&clean), "{clean}");
            for line in &lines {
                prop_assert!(!survives(line, &clean), "{line} in {clean}");
            }
            prop_assert_eq!(people > 0, clean != text);
        }

        #[test]
        fn a_text_without_the_names_is_unchanged(text in "\\PC{0,120}|[n-zN-Z@. \n]{0,80}") {
            let lines = ["Aaaaaquill Beccabecca", "Deedeedee"];
            prop_assume!(!survives(lines[0], &text) && !survives(lines[1], &text));
            prop_assert_eq!(without(&lines, &text), (text, 0));
        }
    }
}
