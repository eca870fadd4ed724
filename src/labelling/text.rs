//! Sentences and n-grams of a message. Pure, linear in the text and bounded, whatever the text is.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// Characters of a message that are looked at; what follows is ignored.
pub const MAX_CHARS: usize = 20_000;
/// Sentences of a message that are looked at: the first three quarters of them from its start, the rest from its end.
pub const MAX_SENTENCES: usize = 40;
/// Words after which a sentence without a full stop (dictated mail) is cut.
const MAX_WORDS: usize = 60;
/// A line at least this long may have been broken by a mail program and goes on in the next one.
const WRAPPED_LINE_CHARS: usize = 55;
/// Words whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 18] = [
    "mr", "mrs", "ms", "dr", "prof", "rev", "st", "no", "nos", "tel", "ext", "etc", "eg", "ie", "e.g", "i.e", "approx",
    "re",
];

/// The first [`MAX_CHARS`] characters.
#[must_use]
pub fn bounded(text: &str) -> &str {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}

/// Letters of other scripts that pass for a Latin one, where they stand in a word with Latin letters.
const LOOKALIKES: [(&str, &str); 2] = [
    ("аеорсухіѕјһԁԛԝАВЕНІКМОРСТХУЅЈ", "aeopcyxisjhdqwABEHIKMOPCTXYSJ"),
    ("οανρτυκιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavptukiABEZHIKMNOPTYX"),
];

/// `text` as a reader sees it: one code for each letter, whichever of its codes was used, and nothing invisible.
#[must_use]
pub fn as_read(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let folded: String = text.nfkc().filter(|c| !invisible(*c)).collect();
    let word = |word: &str| -> String {
        let latin = word.chars().any(|c| c.is_ascii_alphabetic());
        if latin && !word.is_ascii() { word.chars().map(latin_for).collect() } else { word.to_owned() }
    };
    folded.split_inclusive(char::is_whitespace).map(word).collect()
}

/// Characters that take no room: joiners, direction marks, soft hyphens.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn latin_for(c: char) -> char {
    LOOKALIKES
        .iter()
        .find_map(|(other, latin)| latin.chars().nth(other.chars().position(|known| known == c)?))
        .unwrap_or(c)
}

/// The sentences of `text`, each a trimmed piece of it that has at least one letter or digit; at most
/// [`MAX_SENTENCES`]. Line breaks end a sentence unless the line looks wrapped by a mail program.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let text = bounded(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut words = 0;
    let mut line_start = 0;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let ends = if c == '\n' {
            let long = text.get(line_start..at).is_some_and(|line| line.chars().count() >= WRAPPED_LINE_CHARS);
            line_start = after;
            !long || !goes_on(text.get(after..).unwrap_or(""))
        } else if c.is_whitespace() {
            words += usize::from(!previous.is_whitespace());
            words >= MAX_WORDS || closes(text.get(start..at).unwrap_or(""))
        } else {
            false
        };
        if ends {
            push(&mut found, text.get(start..at));
            start = after;
            words = 0;
        }
        previous = c;
    }
    push(&mut found, text.get(start..));
    if found.len() > MAX_SENTENCES {
        let tail = MAX_SENTENCES / 4;
        let last = found.split_off(found.len() - tail);
        found.truncate(MAX_SENTENCES - tail);
        found.extend(last);
    }
    found
}

fn push<'t>(found: &mut Vec<&'t str>, piece: Option<&'t str>) {
    if let Some(piece) = piece.map(str::trim)
        && piece.chars().any(char::is_alphanumeric)
    {
        found.push(piece);
    }
}

/// Whether the line that follows a line break continues the sentence before it.
fn goes_on(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or("").trim_start();
    let mut chars = line.chars();
    match chars.next() {
        None | Some('-' | '*' | '•' | '>' | '–') => false,
        Some(c) if c.is_ascii_digit() => {
            !matches!(chars.find(|c| !c.is_ascii_digit()), Some('.' | ')' | ':') if line.len() > 2)
        }
        Some(_) => true,
    }
}

/// Whether `before`, which a space follows, ends with the end of a sentence. A small letter may follow: many people
/// write chat without capitals.
fn closes(before: &str) -> bool {
    let body = before.trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    if body.ends_with(['!', '?', '…']) {
        return true;
    }
    let Some(head) = body.strip_suffix('.') else { return false };
    let word = head.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let only_digits = word.chars().all(|c| c.is_ascii_digit());
    if only_digits && word.len() < 3 && head.trim_start() == word {
        return false; // "4." at the start: a numbered point
    }
    if word.chars().count() == 1 && !only_digits {
        return false; // an initial
    }
    !ABBREVIATIONS.iter().any(|a| a.eq_ignore_ascii_case(word))
}

/// Lower case, straight quotes, every digit `0`, addresses and links as one word each; words parted by one space.
#[must_use]
pub fn normalise(text: &str) -> String {
    let text = as_read(bounded(text));
    let mut out = String::with_capacity(text.len());
    for token in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if token.contains("://") || token.starts_with("www.") {
            out.push_str("@link");
        } else if token.contains('@') && token.contains('.') {
            out.push_str("@address");
        } else {
            for c in token.chars() {
                match c {
                    '‘' | '’' | '`' => out.push('\''),
                    '“' | '”' => out.push('"'),
                    '–' | '—' => out.push('-'),
                    c if c.is_numeric() => out.push('0'),
                    c => out.extend(c.to_lowercase()),
                }
            }
        }
    }
    out
}

/// How often each n-gram stands in a text. Its key is a 32-bit hash whose lowest bit tells words (0) from characters (1).
pub type Counts = HashMap<u32, u32>;

/// Counts words, pairs of words, and runs of 3 to 5 characters within space-padded words.
#[must_use]
pub fn count_ngrams(text: &str) -> Counts {
    let text = normalise(text);
    let mut counts = Counts::new();
    let mut before: Option<&str> = None;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '@').filter(|w| !w.is_empty()) {
        *counts.entry(hash(word.chars(), 0)).or_default() += 1;
        if let Some(before) = before {
            let pair = before.chars().chain(std::iter::once(' ')).chain(word.chars());
            *counts.entry(hash(pair, 0)).or_default() += 1;
        }
        before = Some(word);
    }
    let mut padded = Vec::new();
    for token in text.split(' ').filter(|t| !t.is_empty()) {
        padded.clear();
        padded.push(' ');
        padded.extend(token.chars());
        padded.push(' ');
        for size in 3..=5 {
            for run in padded.windows(size) {
                *counts.entry(hash(run.iter().copied(), 1)).or_default() += 1;
            }
        }
    }
    counts
}

/// FNV-1a over code points, with the kind of n-gram in the lowest bit.
fn hash(chars: impl Iterator<Item = char>, kind: u32) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for c in chars {
        hash = (hash ^ u32::from(c)).wrapping_mul(0x0100_0193);
    }
    ((hash ^ (hash >> 15)) & !1) | kind
}

/// A sparse vector: (index, value), by rising index.
pub type Sparse = Vec<(u32, f32)>;

/// The n-grams known from training, with their inverse document frequencies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    hashes: Vec<u32>,
    idf: Vec<f32>,
    index: HashMap<u32, u32>,
}

impl Vocabulary {
    /// Keeps n-grams that stand in at least `least` of the texts, the commonest `most` of them.
    #[must_use]
    pub fn learn(texts: &[Counts], least: u32, most: usize) -> Self {
        let mut documents: HashMap<u32, u32> = HashMap::new();
        for counts in texts {
            for hash in counts.keys() {
                *documents.entry(*hash).or_default() += 1;
            }
        }
        let mut kept: Vec<(u32, u32)> = documents.into_iter().filter(|(_, n)| *n >= least).collect();
        kept.sort_unstable_by_key(|(hash, n)| (std::cmp::Reverse(*n), *hash));
        kept.truncate(most);
        kept.sort_unstable();
        let total = texts.len() as f32;
        let idf = kept.iter().map(|(_, n)| ((1.0 + total) / (1.0 + *n as f32)).ln() + 1.0).collect();
        Self::new(kept.into_iter().map(|(hash, _)| hash).collect(), idf)
    }

    /// From stored hashes and inverse document frequencies of the same length.
    #[must_use]
    pub fn new(hashes: Vec<u32>, idf: Vec<f32>) -> Self {
        let index = hashes.iter().zip(0..).map(|(hash, at)| (*hash, at)).collect();
        Self { hashes, idf, index }
    }

    /// How many n-grams it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The hashes, by index.
    #[must_use]
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// The inverse document frequencies, by index.
    #[must_use]
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// TF-IDF with sublinear term frequency; words and characters each of Euclidean length 1 (or empty).
    #[must_use]
    pub fn vector(&self, counts: &Counts) -> Sparse {
        let mut vector: Sparse = counts
            .iter()
            .filter_map(|(hash, n)| {
                let at = *self.index.get(hash)?;
                Some((at, (1.0 + (*n as f32).ln()) * self.idf.get(at as usize)?))
            })
            .collect();
        vector.sort_unstable_by_key(|(at, _)| *at);
        let kind = |at: u32| self.hashes.get(at as usize).map_or(0, |hash| (hash & 1) as usize);
        let mut squares = [0.0_f64; 2];
        for (at, value) in &vector {
            if let Some(square) = squares.get_mut(kind(*at)) {
                *square += f64::from(*value) * f64::from(*value);
            }
        }
        for (at, value) in &mut vector {
            let length = squares.get(kind(*at)).copied().unwrap_or(1.0).sqrt().max(1e-12);
            *value = (f64::from(*value) / length) as f32;
        }
        vector
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_end_at_full_stops_but_not_at_titles_initials_or_numbered_points() {
        let text = "Dear Mr. Penn, I wrote to J. Ahmed on 3 May. Nobody rang back! Why?\n\n4. The plan is late. e.g. see above";
        assert_eq!(
            sentences(text),
            [
                "Dear Mr. Penn, I wrote to J. Ahmed on 3 May.",
                "Nobody rang back!",
                "Why?",
                "4. The plan is late.",
                "e.g. see above"
            ]
        );
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_short_line_ends() {
        let text =
            "Hi Sam\nwe have been waiting for the taxi every single morning since\nEaster and it is late\n- again\nKim";
        assert_eq!(
            sentences(text),
            [
                "Hi Sam",
                "we have been waiting for the taxi every single morning since\nEaster and it is late",
                "- again",
                "Kim"
            ]
        );
    }

    #[test]
    fn speech_without_full_stops_is_cut_and_long_mail_keeps_its_start_and_end() {
        let spoken = "and then ".repeat(100);
        assert!(sentences(&spoken).len() >= 3);
        let long: String = (0..200).map(|n| format!("Point number {n} is here. ")).collect();
        let found = sentences(&long);
        assert_eq!(found.len(), MAX_SENTENCES);
        assert_eq!(found.first(), Some(&"Point number 0 is here."));
        assert_eq!(found.last(), Some(&"Point number 199 is here."));
    }

    #[test]
    fn normalising_hides_numbers_addresses_and_typographic_quotes() {
        assert_eq!(normalise("It’s  DAY 42, a@b.example https://x.example/1"), "it's day 00, @address @link");
    }

    #[test]
    fn disguised_letters_are_read_as_they_look_and_other_scripts_stay() {
        let disguised = "com\u{200b}pl\u{430}int\u{ad}s\u{a0}ab\u{3bf}ut ﬁnes";
        assert_eq!(as_read(disguised), "complaints about fines");
        assert_eq!(normalise(disguised), "complaints about fines");
        assert_eq!(as_read("Таксі не приїхало"), "Таксі не приїхало");
        for (other, latin) in LOOKALIKES {
            assert_eq!(other.chars().count(), latin.chars().count());
        }
    }

    #[test]
    fn a_word_and_the_same_run_of_characters_are_different_ngrams() {
        let counts = count_ngrams("taxi taxi");
        assert_eq!(counts.get(&hash("taxi".chars(), 0)), Some(&2));
        assert_eq!(counts.get(&hash("taxi".chars(), 1)), Some(&2));
        assert_eq!(counts.get(&hash("taxi taxi".chars(), 0)), Some(&1));
    }

    #[test]
    fn rare_ngrams_are_dropped_and_each_kind_has_length_one() {
        let texts = [count_ngrams("late again"), count_ngrams("late plan")];
        let vocabulary = Vocabulary::learn(&texts, 2, 1000);
        let vector = vocabulary.vector(&count_ngrams("late late unheard"));
        assert!(!vector.is_empty());
        let squares: f32 = vector.iter().map(|(_, v)| v * v).sum();
        assert!((squares - 2.0).abs() < 1e-5, "{squares}");
        assert!(vocabulary.vector(&count_ngrams("zzz")).is_empty());
    }

    proptest! {
        #[test]
        fn every_sentence_is_a_piece_of_the_text_in_order(text in "[ \n.!?a-zA-Z0-9é’]{0,400}") {
            let mut rest = text.as_str();
            for sentence in sentences(&text) {
                let at = rest.find(sentence);
                prop_assert!(at.is_some());
                rest = rest.get(at.unwrap_or(0) + sentence.len()..).unwrap_or("");
            }
        }

        #[test]
        fn vectors_are_finite_for_any_text(text in any::<String>()) {
            let counts = count_ngrams(&text);
            let vocabulary = Vocabulary::learn(std::slice::from_ref(&counts), 1, 1000);
            for (_, value) in vocabulary.vector(&counts) {
                prop_assert!(value.is_finite());
            }
        }
    }
}
