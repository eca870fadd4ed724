//! Templates into pages. All templates are in the program; a page that cannot be rendered is found by the tests, which
//! render every one.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, HtmlEscape, State, UndefinedBehavior, context,
    value::{Kwargs, Serde, Value},
};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::{
    brand::CouncilBrand,
    views::{Officer, Waiting},
    words,
};
use crate::{
    clock,
    labelling::labels::{Act, Procedure, Theme},
    languages::{Catalogues, Language, LanguageError},
    procedure::event::PointOutcome,
};

#[derive(RustEmbed)]
#[folder = "src/web/templates"]
struct Templates;

/// The GOV.UK Design System's macros, fetched by `setup/assets.sh`.
#[derive(RustEmbed)]
#[folder = "src/web/assets/macros"]
struct Macros;

/// Why a page could not be made. For the log.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is not valid.
    #[error("the template {name} cannot be used: {cause}")]
    Template {
        /// Its name.
        name: String,
        /// What the template engine said.
        cause: Error,
    },
    /// A catalogue of messages is not valid.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// A template failed on these values.
    #[error("the page {name} could not be made: {cause}")]
    Render {
        /// The template's name.
        name: String,
        /// What the template engine said.
        cause: Error,
    },
}

/// Every template, compiled.
pub struct Pages {
    environment: Environment<'static>,
    catalogues: Arc<Catalogues>,
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize)]
pub struct Frame<'a> {
    /// The council's name.
    pub council: &'a str,
    /// The service's name.
    pub service: &'a str,
    /// Whom officers ask for help.
    pub help: &'a str,
    /// Who is signed in.
    pub officer: Option<&'a Officer>,
    /// Address of the part of the navigation this page belongs to, e.g. `/health`.
    pub section: &'a str,
    /// What waits for somebody to see to; `None` when it is not known.
    pub waiting: Option<Waiting>,
    /// When the page is made.
    pub now: DateTime<Utc>,
}

impl<'a> Frame<'a> {
    /// The frame of `council`'s pages for `officer` at `now`.
    #[must_use]
    pub fn new(council: &'a CouncilBrand, officer: Option<&'a Officer>, section: &'a str, now: DateTime<Utc>) -> Self {
        Self {
            council: &council.name,
            service: &council.service,
            help: &council.help,
            officer,
            section,
            waiting: None,
            now,
        }
    }
}

impl Pages {
    /// Compiles every template.
    ///
    /// # Errors
    ///
    /// [`PagesError::Template`] if one is not valid.
    pub fn new() -> Result<Self, PagesError> {
        let catalogues = Arc::new(Catalogues::built_in()?);
        let mut environment = environment();
        in_languages(&mut environment, &catalogues);
        for file in Templates::iter() {
            add(&mut environment, &file, Templates::get(&file))?;
        }
        for file in Macros::iter().filter(|file| file.ends_with(".html")) {
            add(&mut environment, &file, Macros::get(&file))?;
        }
        Ok(Self { environment, catalogues })
    }

    /// What families' pages say, in every language.
    #[must_use]
    pub fn catalogues(&self) -> &Arc<Catalogues> {
        &self.catalogues
    }

    /// Renders the template `name` with `page`'s values inside `frame`.
    ///
    /// # Errors
    ///
    /// [`PagesError::Render`].
    pub fn render(&self, name: &str, frame: impl Serialize, page: impl Serialize) -> Result<String, PagesError> {
        let values = context! { frame => Value::from(Serde(frame)), page => Value::from(Serde(page)) };
        self.environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(|cause| PagesError::Render { name: name.to_owned(), cause })
    }

    /// Renders `source` with `params`: for checking the macros against their official samples.
    ///
    /// # Errors
    ///
    /// [`PagesError::Render`].
    pub fn render_sample(&self, source: &str, params: impl Serialize) -> Result<String, PagesError> {
        self.environment
            .render_named_str("sample.html", source, context! { params => Value::from(Serde(params)) })
            .map_err(|cause| PagesError::Render { name: "sample.html".to_owned(), cause })
    }
}

fn add(
    environment: &mut Environment<'static>,
    name: &str,
    file: Option<rust_embed::EmbeddedFile>,
) -> Result<(), PagesError> {
    let source = file.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    environment
        .add_template_owned(name.to_owned(), source)
        .map_err(|cause| PagesError::Template { name: name.to_owned(), cause })
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // The macros read options that are not given, as Nunjucks and Jinja allow.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    // In Nunjucks and Jinja an undefined value has length 0; here it would be an error.
    environment.add_filter("length", |value: Value| value.len().unwrap_or(0));
    environment.add_filter("act", |word: &str| shown::<Act>(word, Act::shown));
    environment.add_filter("a_what", |word: &str| shown::<Act>(word, words::a_what));
    environment.add_filter("procedure", |word: &str| shown::<Procedure>(word, Procedure::shown));
    environment.add_filter("short_procedure", |word: &str| shown::<Procedure>(word, words::short_procedure));
    environment.add_filter("theme", |word: &str| shown::<Theme>(word, Theme::shown));
    environment.add_filter("outcome", |word: &str| PointOutcome::named(word).map(PointOutcome::shown));
    environment.add_filter("day", |text: &str| parsed::<NaiveDate>(text).map(words::day));
    environment.add_filter("short_day", |text: &str| parsed::<NaiveDate>(text).map(words::short_day));
    // The day in London on which it came.
    environment.add_filter("received_day", |text: &str| {
        parsed::<DateTime<Utc>>(text).map(|at| words::short_day(clock::london_date(at)))
    });
    environment.add_filter("long_day", |text: &str| parsed::<NaiveDate>(text).map(clock::long_date));
    environment.add_filter("moment", |text: &str| parsed::<DateTime<Utc>>(text).map(words::moment));
    environment.add_filter("done", |text: &str| parsed::<DateTime<Utc>>(text).map(words::done));
    environment.add_filter("ago", |text: &str, now: &str| {
        Ok::<_, Error>(words::ago(parsed::<DateTime<Utc>>(text)?, parsed::<DateTime<Utc>>(now)?))
    });
    environment.add_filter("due", words::due);
    environment.add_filter("percent", words::percent);
    environment.add_filter("of_100", words::of_100);
    environment.add_filter("how_sure", words::how_sure);
    environment.add_filter("line", words::line);
    environment.add_filter("size", words::size);
    environment.add_filter("marked", |text: &str, sentence: &str| Value::from_safe_string(marked(text, sentence)));
    environment.add_filter("and_aloud", |text: &str, more: &str| Value::from_safe_string(and_aloud(text, more)));
    environment
}

/// What families' pages say with: `say("key", name=value)` and the days, in the language of the page's frame.
fn in_languages(environment: &mut Environment<'static>, catalogues: &Arc<Catalogues>) {
    let own = catalogues.clone();
    environment.add_function("say", move |state: &State<'_, '_>, key: &str, values: Kwargs| {
        let mut shown = Vec::new();
        for name in values.args() {
            shown.push((name, values.get::<Value>(name)?.to_string()));
        }
        let shown: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok::<_, Error>(own.say(language_of(state), key, &shown))
    });
    let own = catalogues.clone();
    environment.add_function("say_day", move |state: &State<'_, '_>, text: &str| {
        parsed::<NaiveDate>(text).map(|day| own.date(language_of(state), day))
    });
    let own = catalogues.clone();
    environment.add_function("say_moment", move |state: &State<'_, '_>, text: &str| {
        parsed::<DateTime<Utc>>(text).map(|at| own.moment(language_of(state), at))
    });
}

/// The language of the page that is made.
fn language_of(state: &State<'_, '_>) -> Language {
    let code = state.lookup("frame").and_then(|frame| frame.get_attr("language").ok());
    code.and_then(|code| code.as_str()?.parse().ok()).unwrap_or_default()
}

/// `text` as HTML, with `more` that is only read out: what a button is about, where a page has several alike.
fn and_aloud(text: &str, more: &str) -> String {
    format!("{}<span class=\"govuk-visually-hidden\">{}</span>", HtmlEscape(text), HtmlEscape(more))
}

/// `text` as HTML with `sentence` marked where it first stands, however its lines are broken.
fn marked(text: &str, sentence: &str) -> String {
    let words: Vec<String> = sentence.split_whitespace().map(regex::escape).collect();
    let found = if words.is_empty() { None } else { regex::Regex::new(&words.join(r"\s+")).ok() };
    match found.and_then(|pattern| pattern.find(text)) {
        Some(place) => {
            let (before, after) = (&text[..place.start()], &text[place.end()..]);
            format!("{}<mark>{}</mark>{}", HtmlEscape(before), HtmlEscape(place.as_str()), HtmlEscape(after))
        }
        None => HtmlEscape(text).to_string(),
    }
}

fn shown<T: std::str::FromStr<Err: std::fmt::Display>>(
    word: &str,
    show: fn(T) -> &'static str,
) -> Result<String, Error> {
    parsed(word).map(|value| show(value).to_owned())
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|error: T::Err| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_template_of_ours_says_that_words_are_markup() {
        let mut looked = 0;
        for name in Templates::iter() {
            let source = Templates::get(&name).unwrap();
            let source = String::from_utf8(source.data.into_owned()).unwrap();
            assert!(!source.contains("safe)") && !source.contains("| safe") && !source.contains("|safe"), "{name}");
            assert!(!source.contains("autoescape"), "{name}");
            looked += 1;
        }
        assert!(looked > 30, "{looked} templates");
        assert_eq!(and_aloud("A & b", ": <i>"), "A &amp; b<span class=\"govuk-visually-hidden\">: &lt;i&gt;</span>");
    }

    #[test]
    fn the_sentence_is_marked_across_lines_and_nothing_in_a_message_becomes_html() {
        assert_eq!(
            marked("Hi <b>you</b>.\nNobody has\nrung me. Bye & thanks", "Nobody has rung me."),
            "Hi &lt;b&gt;you&lt;&#x2f;b&gt;.\n<mark>Nobody has\nrung me.</mark> Bye &amp; thanks"
        );
        assert_eq!(marked("a <i> b", ""), "a &lt;i&gt; b");
        assert_eq!(marked("a (b", "(c"), "a (b");
    }

    #[test]
    fn every_template_compiles() {
        assert!(Pages::new().is_ok());
    }
}
