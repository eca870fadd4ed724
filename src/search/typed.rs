//! What an officer typed into the search. Whatever it is, it is words to be found and never a fault.

use super::words;

/// Parts of a search that are looked for; more say nothing more.
const MOST_TERMS: usize = 12;
/// Words of one part.
const MOST_WORDS: usize = 20;

/// Words that must stand together and in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As they are compared; never empty.
    pub words: Vec<String>,
    /// The last is a whole word; otherwise any word that begins so.
    pub whole: bool,
}

/// A search: every part of it must be found in a case. Words find whatever begins so, and what stands in quotation marks is found
/// as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Never empty.
    terms: Vec<Term>,
}

/// Where all of it must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the people's names and addresses, or the reference.
    People,
    /// There, or in the subjects.
    Head,
    /// Anywhere in the case.
    All,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

impl Typed {
    /// What was typed; None where there is no word in it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        let pieces: Vec<&str> = text.split(is_quote).collect();
        for (n, piece) in pieces.iter().enumerate() {
            // A mark that is never closed quotes nothing.
            let quoted = n % 2 == 1 && n + 1 < pieces.len();
            if quoted {
                terms.extend(Term::of(piece, true));
            } else {
                terms.extend(piece.split_whitespace().filter_map(|word| Term::of(word, false)));
            }
        }
        terms.truncate(MOST_TERMS);
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// Its parts.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The search as FTS5 reads it. Words are letters and digits, so nothing in them is syntax.
    #[must_use]
    pub fn for_fts5(&self, scope: Scope) -> String {
        let terms = self.terms.iter().map(|term| {
            let beginning = if term.whole { "" } else { " *" };
            format!("\"{}\"{beginning}", term.words.join(" "))
        });
        let all = terms.collect::<Vec<_>>().join(" AND ");
        match scope {
            Scope::People => format!("{{people}} : ({all})"),
            Scope::Head => format!("{{people subjects}} : ({all})"),
            Scope::All => all,
        }
    }

    /// The search as Postgres' `to_tsquery` reads it; there each scope is a column of its own.
    #[must_use]
    pub fn for_tsquery(&self) -> String {
        let terms = self.terms.iter().map(|term| {
            let words = term.words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" <-> ");
            format!("({words}{})", if term.whole { "" } else { ":*" })
        });
        terms.collect::<Vec<_>>().join(" & ")
    }

    /// The same without regard to which word stands beside which: an index alone can tell who has them.
    pub fn for_tsquery_of_words(&self) -> String {
        self.for_tsquery().replace(" <-> ", " & ")
    }
}

impl Term {
    fn of(text: &str, quoted: bool) -> Option<Self> {
        let words: Vec<String> = words(text).take(MOST_WORDS).map(|word| word.folded).collect();
        let last = words.last()?;
        // Nearly every case has a word that begins with this letter; an initial is meant.
        let initial = last.len() == 1 && last.starts_with(|c: char| c.is_ascii_alphabetic());
        Some(Self { whole: quoted || initial, words })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let terms = Typed::read(text).map(|typed| typed.terms).unwrap_or_default();
        terms.iter().map(|term| term.words.join(" ") + if term.whole { "" } else { "*" }).collect()
    }

    #[test]
    fn words_are_beginnings_and_quoted_ones_stand_as_they_are() {
        assert_eq!(read("Okafor  taxi"), ["okafor*", "taxi*"]);
        assert_eq!(read("J Smith"), ["j", "smith*"]);
        assert_eq!(read("\"no answer\" taxi"), ["no answer", "taxi*"]);
        assert_eq!(read("“Thornbury panel”"), ["thornbury panel"]);
        assert_eq!(read("HRD-26-00042 o'rourke ann@mail.exa"), ["hrd 26 00042*", "o rourke*", "ann mail exa*"]);
        assert_eq!(read("he said \"never"), ["he*", "said*", "never*"]);
        for nothing in ["", "  ", "\"\"", "% _ * ( ) : ' \\ \0"] {
            assert_eq!(Typed::read(nothing), None, "{nothing:?}");
        }
        assert_eq!(read(&"word ".repeat(50)).len(), MOST_TERMS);
    }

    #[test]
    fn each_database_gets_its_own_words() {
        let typed = Typed::read("NEAR \"no answer\" o'r AND").unwrap();
        assert_eq!(typed.for_fts5(Scope::All), r#""near" * AND "no answer" AND "o r" AND "and" *"#);
        assert_eq!(Typed::read("ok").unwrap().for_fts5(Scope::Head), r#"{people subjects} : ("ok" *)"#);
        assert_eq!(typed.for_tsquery(), "('near':*) & ('no' <-> 'answer') & ('o' <-> 'r') & ('and':*)");
        assert_eq!(typed.for_tsquery_of_words(), "('near':*) & ('no' & 'answer') & ('o' & 'r') & ('and':*)");
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_is_syntax(text in any::<String>()) {
            let Some(typed) = Typed::read(&text) else { return Ok(()) };
            prop_assert!(typed.terms.len() <= MOST_TERMS);
            for word in typed.terms.iter().flat_map(|term| &term.words) {
                prop_assert!(!word.is_empty() && !word.contains(['"', '\'', '\\', ' ', ':', '*', '(', ')', '&', '|', '!', '<', '\0']), "{word:?}");
            }
        }
    }
}
