//! A letter in an officer's own words: the text that the template gave, changed by hand. What the letter must say it still says;
//! whatever is typed is text, in the HTML as on paper.

use letterpress::{Block, Run, with_addresses};
use minijinja::context;

use super::{LetterError, Letters, Rendered, answer::line, tidy};
use crate::replies::{letters::Letter, paper};

/// Longest text of a letter, in characters: some ten pages.
pub const MOST_CHARACTERS: usize = 30_000;

/// The page around the words: the same as in the letters' own templates.
const FRAME: &str = include_str!("draft.html");

/// Why words do not make the letter.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The letter itself cannot be written.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// They leave out what the letter must say.
    #[error("the letter must still say “{words}” ({what})")]
    Missing {
        /// What is missing.
        words: String,
        /// What that is.
        what: &'static str,
    },
    /// There is too much of it.
    #[error("a letter has {MOST_CHARACTERS} characters or fewer")]
    TooLong,
}

impl Letters {
    /// `letter` in these words instead of the template's. The subject stays, and so does everything that the letter must show.
    ///
    /// # Errors
    ///
    /// [`DraftError`].
    pub fn in_words(&self, letter: &Letter, words: &str) -> Result<Rendered, DraftError> {
        let own = self.render(letter)?;
        if words.chars().count() > MOST_CHARACTERS {
            return Err(DraftError::TooLong);
        }
        let text = tidy(&words.replace("\r\n", "\n"));
        // Unchanged, it goes as it was laid out.
        if text == own.text {
            return Ok(own);
        }
        let said = line(&text);
        let missing = self.needed(letter).into_iter().find(|(_, words)| !said.contains(&line(words)));
        if let Some((what, words)) = missing {
            // Behind the words stands the value's name, for whoever edits templates.
            return Err(DraftError::Missing { words, what: what.split(" (").next().unwrap_or(what) });
        }
        let blocks: Vec<minijinja::Value> = paper::from_text(&text).iter().map(block).collect();
        let html = self
            .templates
            .render_named_str("draft.html", FRAME, context! { subject => own.subject.as_str(), blocks => blocks })
            .map_err(|fault| self.template_fault("draft.html", &fault))?;
        Ok(Rendered { text, html: own.html.map(|_| html), ..own })
    }
}

fn block(block: &Block) -> minijinja::Value {
    match block {
        Block::Heading { runs, .. } => context! { kind => "heading", lines => lines(&in_small(runs)) },
        Block::Paragraph(runs) => context! { kind => "paragraph", lines => lines(runs) },
        Block::List { items, .. } => {
            let items = items.iter().flatten().map(|item| match item {
                Block::Paragraph(runs) | Block::Heading { runs, .. } => lines(runs),
                Block::List { .. } => Vec::new(),
            });
            context! { kind => "list", items => items.collect::<Vec<_>>() }
        }
    }
}

/// The words line by line, each in parts that are places of the net or are not.
fn lines(runs: &[Run]) -> Vec<Vec<minijinja::Value>> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    text.lines().map(parts).collect()
}

/// A line in parts that are places of the net or are not.
pub(super) fn parts(line: &str) -> Vec<minijinja::Value> {
    with_addresses(line).map(|(text, link)| context! { text => text, link => link }).collect()
}

/// A heading in capitals, which plain text has instead of large letters, as one reads it.
fn in_small(runs: &[Run]) -> Vec<Run> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let mut small = text.to_lowercase().chars().collect::<Vec<_>>();
    if let Some(first) = small.first_mut() {
        *first = first.to_uppercase().next().unwrap_or(*first);
    }
    vec![Run::plain(&small.into_iter().collect::<String>())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replies::letters::{AnswerFacts, CouncilFacts, Notice, NoticeFacts};

    fn letters() -> Letters {
        Letters::built_in(CouncilFacts::sample()).unwrap()
    }

    fn answer() -> Letter {
        Letter::Answer(AnswerFacts::sample())
    }

    #[test]
    fn unchanged_words_give_the_letter_as_it_is() {
        let own = letters().render(&answer()).unwrap();
        let typed = own.text.replace('\n', "\r\n");
        assert_eq!(letters().in_words(&answer(), &typed).unwrap(), own);
    }

    #[test]
    fn changed_words_stand_in_text_and_html_and_are_never_markup() {
        let own = letters().render(&answer()).unwrap();
        let line =
            "I rang you on <b>Monday</b> & wrote.\n\n- <script>alert(1)</script>\n- See https://calderbeck.example/a.";
        let words = own.text.replace("WHAT WE FOUND", &format!("{line}\n\nWHAT WE FOUND"));
        let written = letters().in_words(&answer(), &words).unwrap();
        assert_eq!(written.subject, own.subject);
        assert_eq!(written.text, tidy(&words));
        insta::assert_snapshot!(written.html.unwrap());
    }

    #[test]
    fn every_letter_that_officers_send_can_be_changed_and_must_keep_what_it_must_show() {
        let letters = letters();
        for (label, letter) in Letter::samples() {
            let (Letter::Notice(_) | Letter::Answer(_) | Letter::Extension(_)) = &letter else { continue };
            let own = letters.render(&letter).unwrap();
            let words = format!("{}\nOne line more.\n", own.text);
            let written = letters.in_words(&letter, &words).unwrap_or_else(|fault| panic!("{label}: {fault}"));
            assert!(written.html.unwrap().contains("One line more."), "{label}");
            let (what, needed) = letters.needed(&letter).remove(0);
            let without = own.text.replace(&needed, "");
            let fault = letters.in_words(&letter, &without).unwrap_err().to_string();
            assert!(fault.contains(&needed), "{label}, {what}: {fault}");
        }
    }

    #[test]
    fn what_is_left_out_is_named() {
        let letter = Letter::Notice(Box::new(NoticeFacts::sample(Notice::Withdrawal)));
        let own = letters().render(&letter).unwrap();
        let fault = |words: &str| letters().in_words(&letter, words).unwrap_err().to_string();
        let without = own.text.replace("0300 061 0614", "");
        insta::assert_snapshot!(fault(&without), @"the letter must still say “0300 061 0614” (how to reach the Ombudsman)");
        insta::assert_snapshot!(fault(&"x".repeat(MOST_CHARACTERS + 1)), @"a letter has 30000 characters or fewer");
    }
}
