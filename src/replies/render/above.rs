//! A letter in English with something in another language above it: the whole letter, or a few lines.

use std::sync::LazyLock;

use minijinja::{Value, context};
use regex::Regex;

use super::{LetterError, Letters, Rendered, draft::parts, tidy};
use crate::{
    languages::Language,
    replies::{
        chat::Speaker,
        written::{Part, Written},
    },
};

const FRAME: &str = include_str!("above.html");

/// Where the words of a page begin.
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)<body(?:\s[^>]*)?>").ok());

impl Letters {
    /// `english` with `written` above it, in the language of `speaker`. A council's own wording of the English stays as it is.
    ///
    /// # Errors
    ///
    /// [`LetterError::Template`] if the frame around the words is broken, which the tests rule out.
    pub fn above(&self, speaker: &Speaker<'_>, written: &Written, english: Rendered) -> Result<Rendered, LetterError> {
        // A few lines above a letter say themselves that it is in English.
        let between = written.subject.as_ref().map(|_| speaker.same_in_english());
        let heading = between.as_ref().map(|words| format!("\n\n{}", words.to_uppercase())).unwrap_or_default();
        let text = tidy(&format!("{}{heading}\n\n{}", written.text(), english.text));
        let html = match english.html {
            Some(html) => Some(put_above(&self.fragment(speaker.language, written, between.as_deref())?, &html)),
            None => None,
        };
        Ok(Rendered { subject: written.subject.clone().unwrap_or(english.subject), text, html })
    }

    fn fragment(&self, language: Language, written: &Written, between: Option<&str>) -> Result<String, LetterError> {
        let all: Vec<Value> = written.parts.iter().map(part).collect();
        self.templates
            .render_named_str("above.html", FRAME, context! { tag => language.tag(), parts => all, between => between })
            .map_err(|fault| self.template_fault("above.html", &fault))
    }
}

fn put_above(fragment: &str, html: &str) -> String {
    // A letter that is no whole page begins with its words.
    let at = BODY.as_ref().and_then(|body| body.find(html)).map_or(0, |body| body.end());
    let (head, rest) = html.split_at(at);
    format!("{head}\n{}\n{}", fragment.trim(), rest.trim_start())
}

fn part(part: &Part) -> Value {
    match part {
        Part::Title(words) => context! { kind => "title", words => words },
        Part::Heading(words) => context! { kind => "heading", words => words },
        Part::Danger(words, contacts) => context! { kind => "danger", words => words, contacts => contacts },
        Part::Lines(lines) => {
            context! { kind => "lines", lines => lines.iter().map(|line| parts(line)).collect::<Vec<_>>() }
        }
    }
}
