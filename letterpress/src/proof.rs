//! The letter made ready: characters that can be printed, links with their places, headings without gaps, sentences apart.

use url::Url;

use crate::{Block, DEEPEST, Letter, MOST_CHARACTERS, PressError, Print, Run, glyphs, press};

/// What a letter says of the characters that are missing.
const NOTE: &str = "□ stands for a character that cannot be printed here.";

/// A letter that can be laid out as it is.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) letter: Letter,
    pub(crate) note: Option<&'static str>,
}

pub(crate) fn proof(letter: &Letter, print: Print) -> Result<Proof, PressError> {
    let press = press::press()?;
    let characters = count(&letter.blocks, 0)?;
    if characters > MOST_CHARACTERS {
        return Err(PressError::TooLong { characters });
    }
    let mut reader = Reader { has: &|c| press.glyphs()(c), lost: 0, level: 0, print };
    let [title, council, reference] = [&letter.title, &letter.council, &letter.reference].map(|text| reader.line(text));
    let mut blocks = reader.blocks(&letter.blocks);
    if title.is_empty() || council.is_empty() || reference.is_empty() || blocks.is_empty() {
        return Err(PressError::Empty);
    }
    if !matches!(blocks.first(), Some(Block::Heading { .. })) {
        blocks.insert(0, Block::Heading { level: 1, runs: vec![Run::plain(&title)] });
    }
    let note = (reader.lost > 0).then_some(NOTE);
    Ok(Proof { letter: Letter { title, council, reference, date: letter.date, blocks }, note })
}

/// How many characters there are.
fn count(blocks: &[Block], depth: usize) -> Result<usize, PressError> {
    if depth > DEEPEST {
        return Err(PressError::TooDeep);
    }
    let of = |runs: &[Run]| -> usize {
        runs.iter().map(|run| run.text.chars().count() + run.link.as_ref().map_or(0, String::len)).sum()
    };
    let mut characters = 0usize;
    for block in blocks {
        characters += match block {
            // An empty one costs as well.
            Block::Heading { runs, .. } | Block::Paragraph(runs) => 1 + of(runs),
            Block::List { items, .. } => {
                let mut all = 0;
                for item in items {
                    all += 1 + count(item, depth + 1)?;
                }
                all
            }
        };
    }
    Ok(characters)
}

struct Reader<'a> {
    has: &'a dyn Fn(char) -> bool,
    lost: usize,
    /// Of the last heading.
    level: u8,
    print: Print,
}

impl Reader<'_> {
    fn text(&mut self, text: &str) -> String {
        let tidied = glyphs::tidy(text, self.has);
        self.lost += tidied.lost;
        tidied.text
    }

    fn line(&mut self, text: &str) -> String {
        self.text(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<Block> {
        let mut ready = Vec::new();
        for block in blocks {
            match block {
                Block::Heading { level, runs } => {
                    let runs = self.runs(runs);
                    if has_words(&runs) {
                        self.level = (*level).clamp(1, self.level + 1).min(4);
                        ready.push(Block::Heading { level: self.level, runs });
                    }
                }
                Block::Paragraph(runs) => {
                    let runs = self.runs(runs);
                    let parts = if self.print == Print::EasyRead { sentences(runs) } else { vec![runs] };
                    ready.extend(parts.into_iter().filter(|runs| has_words(runs)).map(Block::Paragraph));
                }
                Block::List { from, items } => {
                    let items: Vec<_> =
                        items.iter().map(|item| self.blocks(item)).filter(|item| !item.is_empty()).collect();
                    if !items.is_empty() {
                        ready.push(Block::List { from: *from, items });
                    }
                }
            }
        }
        ready
    }

    /// The runs with their places in words: nobody can follow a link on paper. And addresses that stand in the words are
    /// links, for whoever reads it on a screen.
    fn runs(&mut self, runs: &[Run]) -> Vec<Run> {
        let mut ready: Vec<Run> = Vec::new();
        for run in runs.iter().filter(|run| !run.text.is_empty()) {
            let text = self.text(&run.text);
            let place = run.link.as_deref().and_then(place);
            let Some((link, shown)) = place else {
                ready.extend(with_addresses(&text).map(|(text, link)| Run { text: text.into(), bold: run.bold, link }));
                continue;
            };
            let text = if says(&text, &link, &shown) { text } else { format!("{text} ({})", self.text(&shown)) };
            ready.push(Run { text, bold: run.bold, link: Some(link) });
        }
        trim(&mut ready);
        ready
    }
}

/// The text in parts, each with the place that it names, if it names one: a page of the web, an address of mail.
pub fn with_addresses(text: &str) -> impl Iterator<Item = (&str, Option<String>)> {
    let between = |c: char| c.is_whitespace() || "()<>[]{}\"“”‘’,;|".contains(c);
    text.split_inclusive(between).flat_map(move |piece| {
        let word = piece.trim_end_matches(between).trim_end_matches(['.', ':', '!', '?', '\'']);
        let link = address(word);
        let (word, rest) = piece.split_at(if link.is_some() { word.len() } else { 0 });
        [(word, link), (rest, None)].into_iter().filter(|(text, _)| !text.is_empty())
    })
}

/// The place that a word of the text is, if it is one.
fn address(word: &str) -> Option<String> {
    if word.starts_with("https://") || word.starts_with("http://") {
        return place(word).map(|(link, _)| link);
    }
    if word.starts_with("www.") && word.matches('.').count() > 1 {
        return place(&format!("https://{word}")).map(|(link, _)| link);
    }
    let (local, domain) = word.split_once('@')?;
    let inner = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let is_address = !local.is_empty()
        && local.chars().all(inner)
        && domain.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
        && domain.split('.').count() > 1
        && domain.split('.').all(|part| !part.is_empty());
    is_address.then(|| format!("mailto:{word}"))
}

/// Where a link leads, and how that is printed; None for what is no place that a letter may lead to.
fn place(link: &str) -> Option<(String, String)> {
    let url = Url::parse(link.trim()).ok().filter(|url| url.as_str().len() <= 2_000)?;
    let shown = match url.scheme() {
        "http" | "https" => link.trim().to_owned(),
        // Without what a mail program would fill in.
        "mailto" | "tel" => url.path().to_owned(),
        _ => return None,
    };
    (!shown.is_empty()).then(|| (url.to_string(), shown))
}

/// Whether the words of a link are its place already.
fn says(words: &str, link: &str, shown: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().to_lowercase();
        let text = text.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
        text.trim_end_matches('/').replace([' ', '\u{a0}'], "")
    };
    let words = bare(words);
    words == bare(shown) || words == bare(link)
}

fn has_words(runs: &[Run]) -> bool {
    runs.iter().any(|run| !run.text.trim().is_empty())
}

/// Without white space at both ends.
fn trim(runs: &mut Vec<Run>) {
    while let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        runs.pop();
    }
    let blank = runs.iter().take_while(|run| run.text.trim().is_empty()).count();
    runs.drain(..blank);
    if let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
}

/// Words that end in a full stop and end no sentence.
const SHORT: [&str; 14] =
    ["mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "no.", "tel.", "e.g.", "i.e.", "etc.", "approx.", "rev.", "vs."];

/// The runs of each sentence. A wrong guess is a line break, no more.
fn sentences(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let whole: Vec<char> = runs.iter().flat_map(|run| run.text.chars()).collect();
    let mut ready = vec![Vec::new()];
    let mut at = 0;
    for run in runs {
        let mut part = Run { text: String::new(), ..run.clone() };
        for c in run.text.chars() {
            at += 1;
            part.text.push(c);
            if c == ' ' && ends_sentence(&whole, at - 1) {
                let full = std::mem::replace(&mut part, Run { text: String::new(), ..run.clone() });
                if let Some(last) = ready.last_mut() {
                    last.push(full);
                    trim(last);
                }
                ready.push(Vec::new());
            }
        }
        if !part.text.is_empty()
            && let Some(last) = ready.last_mut()
        {
            last.push(part);
        }
    }
    for sentence in &mut ready {
        trim(sentence);
    }
    ready
}

/// Whether the space at `at` parts two sentences.
fn ends_sentence(text: &[char], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word_at = before.iter().rposition(|c| c.is_whitespace()).map_or(0, |space| space + 1);
    let word: String = before.get(word_at..).unwrap_or_default().iter().collect();
    let bare = word.trim_end_matches(['"', '”', '’', ')', '\'']);
    let next = text.get(at..).unwrap_or_default().iter().find(|c| !c.is_whitespace() && !"\"“‘('".contains(**c));
    if !bare.ends_with(['.', '?', '!']) || !next.is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        return false;
    }
    let initial = bare.chars().count() == 2 && bare.starts_with(char::is_uppercase);
    // "1. The taxi": a number before what it counts.
    let number = word_at == 0 && bare.trim_end_matches('.').chars().all(|c| c.is_ascii_digit());
    !initial && !number && !SHORT.contains(&bare.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(blocks: &[Block]) -> Vec<String> {
        let joined = |runs: &[Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
        blocks
            .iter()
            .flat_map(|block| match block {
                Block::Heading { level, runs } => vec![format!("{level} {}", joined(runs))],
                Block::Paragraph(runs) => vec![joined(runs)],
                Block::List { items, .. } => items.iter().flat_map(|item| texts(item)).collect(),
            })
            .collect()
    }

    fn read(print: Print, blocks: Vec<Block>) -> Vec<String> {
        let letter = Letter {
            title: "A title".into(),
            council: "Calderbeck Council".into(),
            reference: "HRD-26-00042-X".into(),
            date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            blocks,
        };
        texts(&proof(&letter, print).unwrap().letter.blocks)
    }

    fn heading(level: u8, text: &str) -> Block {
        Block::Heading { level, runs: vec![Run::plain(text)] }
    }

    #[test]
    fn no_level_of_headings_is_left_out_and_an_empty_one_is_none() {
        let blocks =
            vec![heading(2, "a"), heading(4, "b"), heading(2, " "), heading(9, "c"), heading(1, "d"), heading(3, "e")];
        assert_eq!(read(Print::Normal, blocks), ["1 a", "2 b", "3 c", "1 d", "2 e"]);
    }

    #[test]
    fn a_letter_that_begins_without_a_heading_gets_its_title() {
        let blocks = vec![Block::Paragraph(vec![Run::plain("Dear Ms Nair,")]), heading(1, "Why")];
        assert_eq!(read(Print::Large, blocks), ["1 A title", "Dear Ms Nair,", "1 Why"]);
    }

    #[test]
    fn the_place_of_a_link_is_printed_unless_it_is_what_the_words_say() {
        let link =
            |text: &str, to: &str| vec![Block::Paragraph(vec![Run { link: Some(to.into()), ..Run::plain(text) }])];
        for (text, to, printed) in [
            ("Read how", "https://www.calderbeck.example/how", "Read how (https://www.calderbeck.example/how)"),
            ("www.lgo.org.uk", "https://www.lgo.org.uk/", "www.lgo.org.uk"),
            ("a@b.example", "mailto:a@b.example", "a@b.example"),
            ("write", "mailto:a@b.example?subject=x", "write (a@b.example)"),
            ("0300 061 0614", "tel:03000610614", "0300 061 0614"),
            ("click", "javascript:alert(1)", "click"),
            ("file", "file:///etc/passwd", "file"),
        ] {
            assert_eq!(read(Print::Normal, link(text, to))[1], printed);
        }
    }

    #[test]
    fn an_address_in_the_words_is_a_link() {
        let links = |text: &'static str| with_addresses(text).collect::<Vec<_>>();
        let link = |to: &str| Some(to.to_owned());
        assert_eq!(
            links("See (https://a.example/b?c=d). Or a.b+c@d.example, x"),
            [
                ("See ", None),
                ("(", None),
                ("https://a.example/b?c=d", link("https://a.example/b?c=d")),
                (")", None),
                (". ", None),
                ("Or ", None),
                ("a.b+c@d.example", link("mailto:a.b+c@d.example")),
                (",", None),
                (" ", None),
                ("x", None)
            ]
        );
        for none in ["@cite", "a@b", "a@.b", "www.", "https://", "a@b@c.example", "javascript:x", "http://[/"] {
            assert!(links(none).iter().all(|(_, link)| link.is_none()), "{none}");
        }
    }

    #[test]
    fn in_the_easy_layout_each_sentence_stands_alone() {
        let bold = Run { bold: true, ..Run::plain("4 December. We") };
        let runs = vec![
            Run::plain("We will write to Mr. Lesk by "),
            bold,
            Run::plain(" said so! “Really?” Call J. Marsh at 2.30 p.m. today.\nThe team"),
        ];
        assert_eq!(
            read(Print::EasyRead, vec![heading(1, "1. The taxi. It came late."), Block::Paragraph(runs)])[1..],
            [
                "We will write to Mr. Lesk by 4 December.",
                "We said so!",
                "“Really?”",
                "Call J. Marsh at 2.30 p.m. today.\nThe team"
            ]
        );
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let mut deep = vec![Block::Paragraph(vec![Run::plain("x")])];
        for _ in 0..=DEEPEST {
            deep = vec![Block::List { from: None, items: vec![deep] }];
        }
        let letter = |blocks| Letter {
            title: "t".into(),
            council: "c".into(),
            reference: "r".into(),
            date: chrono::NaiveDate::default(),
            blocks,
        };
        assert_eq!(proof(&letter(deep), Print::Normal).unwrap_err(), PressError::TooDeep);
        let long = vec![Block::Paragraph(vec![Run::plain(&"x".repeat(MOST_CHARACTERS))])];
        assert_eq!(
            proof(&letter(long), Print::Normal).unwrap_err(),
            PressError::TooLong { characters: MOST_CHARACTERS + 1 }
        );
        assert_eq!(proof(&letter(vec![]), Print::Normal).unwrap_err(), PressError::Empty);
    }
}
