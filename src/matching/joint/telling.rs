//! What a case tells of its problem, so far as another family's can be known by it: its words, and what it names – a route,
//! an operator, a house, a worker – but nobody of the family. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{DateTime, Utc};
use regex::Regex;

use super::super::{
    likeness::{folded, is_common, words_of},
    names::{Names, names_nobody},
    regex,
};
use crate::labelling::text::{as_read, bounded};

/// Messages of one case that are looked at, so that a long one is no dearer.
const MOST_MESSAGES: usize = 8;
/// Shortest word that names something, and longest plural that is kept as it is.
const LEAST_LETTERS: usize = 3;
const SHORT_PLURAL: usize = 4;

/// What one case tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Telling {
    /// Words by their stem, how often each stands there, and how it is written.
    pub words: BTreeMap<String, (u32, String)>,
    /// Every word that may name something (folded), whether it is written with a capital here or not.
    pub spoken: BTreeSet<String>,
    /// Those with a capital where none need be, and codes such as `s14`.
    pub named: BTreeSet<String>,
    /// Those written small.
    pub small: BTreeSet<String>,
    /// Route and vehicle numbers, such as `s14`.
    pub codes: BTreeSet<String>,
    /// Names that stand together: `("leanne", "farrow")`.
    pub pairs: BTreeSet<(String, String)>,
    /// Names before "School" and the like.
    pub schools: BTreeSet<String>,
    /// Words of the names of its author and of children.
    pub private: BTreeSet<String>,
    /// Those of them that are the author's surnames.
    pub surnames: BTreeSet<String>,
    /// Those of them that are the author's own children's.
    pub children: BTreeSet<String>,
    /// Words of the names of those it speaks to.
    pub addressed: BTreeSet<String>,
    /// Probabilities of the themes, one list a message; none of a message that was not labelled.
    pub themes: Vec<Vec<f64>>,
    /// When its messages came, earliest first.
    pub dates: Vec<DateTime<Utc>>,
}

/// One message of a case.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m> {
    /// When it came.
    pub at: DateTime<Utc>,
    /// Subject.
    pub subject: &'m str,
    /// Its author's own words.
    pub text: &'m str,
    /// The names in it.
    pub names: &'m Names,
    /// Names and addresses of those it was sent to, and of the council: they say nothing of the problem.
    pub recipients: &'m [String],
    /// Probability of each theme; empty where it was not labelled.
    pub themes: &'m [f64],
}

impl Telling {
    /// Adds a message that is dissatisfaction. What comes after the first few says nothing new.
    pub fn add(&mut self, message: Message<'_>) {
        let at = self.dates.partition_point(|date| *date <= message.at);
        self.dates.insert(at, message.at);
        self.private.extend(message.names.author.union(&message.names.children).cloned());
        self.surnames.extend(message.names.surnames.iter().cloned());
        self.children.extend(message.names.own.iter().cloned());
        self.addressed.extend(message.recipients.iter().flat_map(|one| words_of(one)).map(folded));
        if self.dates.len() > MOST_MESSAGES {
            return;
        }
        if !message.themes.is_empty() {
            self.themes.push(message.themes.to_vec());
        }
        let text = format!("{}\n{}", as_read(message.subject), as_read(bounded(message.text)));
        for greeted in GREETING.captures_iter(&text) {
            self.addressed.extend(words_of(greeted.get(1).map_or("", |name| name.as_str())).map(folded));
        }
        self.take_words(&text);
    }

    /// Whether the word may be shown as something that this case names, and speaks for a common problem.
    #[must_use]
    pub fn tells(&self, word: &str) -> bool {
        self.spoken.contains(word) && !self.private.contains(word) && !self.addressed.contains(word)
    }

    fn take_words(&mut self, text: &str) {
        let mut before = '\n';
        // The name that stands directly before, if only a space is between.
        let mut last: Option<String> = None;
        for piece in text.split_inclusive(char::is_whitespace) {
            let mut begins = matches!(before, '\n' | '.' | '!' | '?' | ':' | '"' | '“');
            let mut here = None;
            for word in words_of(piece) {
                let plain = folded(word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word));
                self.take_word(word, &plain, begins);
                let capital = word.chars().next().is_some_and(char::is_uppercase);
                if let Some(first) = last.take().filter(|_| capital) {
                    if SCHOOLS.contains(&plain.as_str()) {
                        self.schools.insert(first);
                    } else if !names_nobody(&plain) {
                        self.pairs.insert((first, plain.clone()));
                    }
                }
                here = (capital && !names_nobody(&plain)).then_some(plain);
                begins = false;
            }
            let bare = piece.trim_end();
            last = here.filter(|_| bare.ends_with(char::is_alphanumeric) && !piece.ends_with('\n'));
            before = if piece.ends_with('\n') { '\n' } else { bare.chars().next_back().unwrap_or(before) };
        }
    }

    fn take_word(&mut self, word: &str, plain: &str, begins: bool) {
        if is_code(plain) {
            self.codes.insert(plain.to_owned());
            self.named.insert(plain.to_owned());
            self.spoken.insert(plain.to_owned());
        } else if plain.chars().any(char::is_numeric) {
            return;
        } else if plain.chars().count() >= LEAST_LETTERS && !plain.contains('\'') && !names_nobody(plain) {
            let mut letters = word.chars();
            let capital = letters.next().is_some_and(char::is_uppercase);
            // Words all in capitals are shouted, or short for something that everybody names.
            if !capital {
                self.small.insert(plain.to_owned());
            } else if letters.any(char::is_lowercase) && !begins {
                self.named.insert(plain.to_owned());
            }
            self.spoken.insert(plain.to_owned());
        }
        if !is_common(plain) && plain.chars().count() > 1 {
            let (count, written) = self.words.entry(stem(plain)).or_insert_with(|| (0, plain.to_owned()));
            *count += 1;
            if (plain.len(), plain) < (written.len(), written.as_str()) {
                plain.clone_into(written);
            }
        }
    }
}

/// `word` without the ending of a plural.
#[must_use]
pub fn stem(word: &str) -> String {
    let plural = word.len() > SHORT_PLURAL && word.ends_with('s') && !word.ends_with("ss");
    word.get(..word.len() - usize::from(plural)).unwrap_or(word).to_owned()
}

/// Whether `word` (folded) is the number of a route, a vehicle or a group: letters and then digits.
#[must_use]
pub fn is_code(word: &str) -> bool {
    CODE.captures(word).is_some_and(|code| {
        let part = |at| code.get(at).map_or("", |part: regex::Match<'_>| part.as_str());
        let (letters, digits) = (part(1), part(2));
        let section = letters == "s" && SECTIONS.contains(&digits);
        !section && !NO_ROUTES.contains(&letters)
    })
}

static CODE: LazyLock<Regex> = LazyLock::new(|| regex(r"^([a-z]{1,3})(\d{1,3})[a-z]?$"));
static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?im)^[ \t]*(?:dear|hi|hello|hiya|good (?:morning|afternoon|evening))[ \t,]+((?:[\p{L}'’.-]+[ \t]?){1,4})")
});
/// What years, key stages, pages and the like begin with.
const NO_ROUTES: [&str; 9] = ["a", "b", "day", "ks", "no", "p", "pg", "y", "yr"];
/// Sections of the Acts that families and professionals quote.
const SECTIONS: [&str; 18] =
    ["7", "17", "20", "22", "23", "24", "25", "26", "31", "34", "36", "37", "38", "42", "47", "51", "76", "117"];
/// What makes the name before it a school's.
const SCHOOLS: [&str; 9] =
    ["academy", "college", "high", "infant", "infants", "junior", "juniors", "primary", "school"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::names::Spoken;

    fn telling(author: &str, subject: &str, text: &str) -> Telling {
        let recipients = ["Colin Mapper".to_owned()];
        let names = Names::of(Spoken {
            author_name: Some(author),
            author_address: Some("someone@mail.example"),
            subject,
            text,
            recipients: &recipients,
        });
        let mut told = Telling::default();
        let at = DateTime::<Utc>::UNIX_EPOCH;
        told.add(Message { at, subject, text, names: &names, recipients: &recipients, themes: &[] });
        told
    }

    #[test]
    fn routes_places_and_workers_are_named_and_the_family_is_not() {
        let told = telling(
            "Jo Renwick",
            "Bus",
            "Dear Mr Okoro,\nthe q14 from Penn Row was late. My son Levi waited with Leanne Farrow, of Brightway, Colin.",
        );
        for word in ["q14", "penn", "leanne", "farrow", "brightway"] {
            assert!(told.tells(word) && told.named.contains(word), "{word}");
        }
        for word in ["jo", "renwick", "levi", "okoro", "colin", "bus"] {
            assert!(!told.tells(word), "{word}");
        }
        assert!(told.pairs.contains(&("leanne".into(), "farrow".into())));
    }

    #[test]
    fn what_only_begins_a_sentence_is_not_named_by_that() {
        let told = telling("Jo Renwick", "", "Nothing came. Penn School rang. Brightway knew, said Brightway.");
        assert_eq!(told.named, BTreeSet::from(["brightway".to_owned()]));
        assert_eq!(told.schools, BTreeSet::from(["penn".to_owned()]));
    }

    #[test]
    fn sections_and_years_are_no_routes() {
        for (word, code) in
            [("s14", true), ("lf7", true), ("t9b", true), ("s47", false), ("y7", false), ("ks2", false), ("9am", false)]
        {
            assert_eq!(is_code(word), code, "{word}");
        }
    }

    #[test]
    fn one_and_several_are_one_word() {
        let told = telling("Jo Renwick", "", "payments and the payment, less class");
        assert_eq!(told.words.get("payment"), Some(&(2, "payment".to_owned())));
        assert!(told.words.contains_key("class") && told.words.contains_key("less"));
    }
}
