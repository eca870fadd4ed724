//! Letters from templates. A council may edit the wording in `config/letters/`; what it breaks is found at start.

mod above;
mod answer;
mod built_in;
mod contribution;
mod draft;
mod folder;
mod notice;
mod praise;
mod safeguarding;
mod survey;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use minijinja::{AutoEscape, Environment, HtmlEscape, UndefinedBehavior, context, syntax::SyntaxConfig, value::Serde};

use built_in::BUILT_IN;
pub use draft::DraftError;
use folder::entries;

use super::{
    addressee::plausible_name,
    letters::{AcknowledgementFacts, CouncilFacts, Letter, NamedOfficer, ReceiptFacts},
    quotation::quotation,
};
use crate::clock::{long_date, long_date_time};

/// Instructions one template may run: a letter needs a few hundred, an endless loop is stopped.
const FUEL: u64 = 50_000;
/// A chat letter is read on a phone.
const CHAT_CHARACTERS: usize = 1200;

const SUBJECT: &str = "subject.txt";
const TEXT: &str = "body.txt";
const HTML: &str = "body.html";

/// What is wrong with the letters, in words for whoever edits them.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// A file or folder cannot be read.
    #[error("{file}: cannot be read: {cause}. Check that it exists, is UTF-8 text and may be read by this program.", file = file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A folder or file that no letter uses, most likely a misspelt name.
    #[error("{file}: no letter uses this. Rename or remove it; expected here: {expected}.", file = file.display())]
    Unknown {
        /// Which.
        file: PathBuf,
        /// The names that would be used.
        expected: String,
    },
    /// A letter's folder lacks a file.
    #[error("{folder}: has no {file}. Add it, or remove the folder to use the built-in letter.", folder = folder.display())]
    Incomplete {
        /// The letter's folder.
        folder: PathBuf,
        /// The file it lacks.
        file: &'static str,
    },
    /// A template does not compile or does not render.
    #[error(
        "{file}, line {line}: {cause}. Mend the line, or remove the letter's folder to use the built-in letter; \
         config/letters/README.md lists the values that a letter may use."
    )]
    Template {
        /// Which file, or which built-in letter.
        file: String,
        /// Line from 1; 0 when not known.
        line: usize,
        /// What the template engine said.
        cause: String,
    },
    /// A letter says less than it must.
    #[error(
        "{file}: the letter \"{letter}\" does not show {what}. Put it back, or remove the letter's folder to use the built-in letter."
    )]
    Missing {
        /// Which file, or which built-in letter.
        file: String,
        /// The sample that was rendered.
        letter: String,
        /// What it must show.
        what: &'static str,
    },
    /// A chat letter is too long to be read on a phone.
    #[error(
        "{file}: the letter \"{letter}\" has {characters} characters, and {CHAT_CHARACTERS} is the most. Shorten it."
    )]
    TooLong {
        /// Which file, or which built-in letter.
        file: String,
        /// The sample that was rendered.
        letter: String,
        /// How long it became.
        characters: usize,
    },
    /// A setting of the council's that letters show is wrong.
    #[error("the council's settings for letters: {0}")]
    Council(String),
}

/// A letter ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line, our own words; empty for chat.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub text: String,
    /// The same as HTML; none for chat and for letters that a council wrote as text only.
    pub html: Option<String>,
}

/// The letters' templates, compiled.
#[derive(Debug)]
pub struct Letters {
    templates: Environment<'static>,
    /// Where each template's source lay, and the source, for messages.
    origins: BTreeMap<String, (String, String)>,
    council: CouncilFacts,
}

impl Letters {
    /// The letters as they come with the program.
    ///
    /// # Errors
    ///
    /// [`LetterError::Template`] if a built-in template is broken, which the tests rule out.
    pub fn built_in(council: CouncilFacts) -> Result<Self, LetterError> {
        let mut letters = Self { templates: environment(), origins: BTreeMap::new(), council };
        for (name, files) in BUILT_IN {
            letters.add_built_in(name, files)?;
        }
        Ok(letters)
    }

    /// The letters in `dir`, and built-in ones where `dir` has no folder for a letter, or does not exist.
    ///
    /// A letter's folder stands for the whole letter: it holds `subject.txt` (mail only), `body.txt` and, if wanted,
    /// `body.html`. Mixing it with built-in files would send two different texts in one message.
    ///
    /// # Errors
    ///
    /// [`LetterError`] naming the file, the line and what to do. Call [`Letters::check`] before use.
    pub fn load(dir: &Path, council: CouncilFacts) -> Result<Self, LetterError> {
        let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        if dir.is_dir() {
            for (path, name) in entries(dir)? {
                if path.is_dir() && !known.contains(&name.as_str()) {
                    return Err(LetterError::Unknown { file: path, expected: known.join(", ") });
                }
            }
        }
        let mut letters = Self { templates: environment(), origins: BTreeMap::new(), council };
        for (name, files) in BUILT_IN {
            let folder = dir.join(name);
            if folder.is_dir() {
                letters.add_folder(name, &folder, files)?;
            } else {
                letters.add_built_in(name, files)?;
            }
        }
        Ok(letters)
    }

    fn add_built_in(&mut self, letter: &str, files: &[(&str, &str)]) -> Result<(), LetterError> {
        files.iter().try_for_each(|(file, source)| self.add(letter, file, format!("built-in {letter}/{file}"), source))
    }

    fn add_folder(&mut self, letter: &str, folder: &Path, files: &[(&'static str, &str)]) -> Result<(), LetterError> {
        let expected: Vec<&str> = files.iter().map(|(file, _)| *file).collect();
        for (path, name) in entries(folder)? {
            if !expected.contains(&name.as_str()) {
                return Err(LetterError::Unknown { file: path, expected: expected.join(", ") });
            }
        }
        for (file, _) in files {
            let path = folder.join(file);
            if path.is_file() {
                let source =
                    fs::read_to_string(&path).map_err(|cause| LetterError::Unreadable { file: path.clone(), cause })?;
                self.add(letter, file, path.display().to_string(), &source)?;
            } else if *file != HTML {
                return Err(LetterError::Incomplete { folder: folder.to_owned(), file });
            }
        }
        Ok(())
    }

    /// Templates are known by `letter/file`.
    fn add(&mut self, letter: &str, file: &str, origin: String, source: &str) -> Result<(), LetterError> {
        let name = format!("{letter}/{file}");
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let source = source.replace("\r\n", "\n");
        self.origins.insert(name.clone(), (origin, source.clone()));
        let source = keep_breaks_after_words(&source);
        self.templates.add_template_owned(name.clone(), source).map_err(|fault| self.template_fault(&name, &fault))
    }

    fn origin(&self, template: &str) -> String {
        self.origins.get(template).map_or_else(|| template.to_owned(), |(origin, _)| origin.clone())
    }

    fn template_fault(&self, template: &str, fault: &minijinja::Error) -> LetterError {
        let cause = match (fault.kind(), fault.detail()) {
            (minijinja::ErrorKind::OutOfFuel, _) => {
                "the letter is too long to build, it may hold an endless loop".into()
            }
            (minijinja::ErrorKind::UndefinedError, _) => "it uses a value that this letter does not have".to_owned(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
            (kind, None) => kind.to_string(),
        };
        let line = fault.line().unwrap_or_default();
        let source = self.origins.get(template).and_then(|(_, source)| source.lines().nth(line.checked_sub(1)?));
        let quoted: String = source.unwrap_or_default().trim().chars().take(80).collect();
        let cause = if quoted.is_empty() { cause } else { format!("{cause}: `{quoted}`") };
        LetterError::Template { file: self.origin(template), line, cause }
    }

    /// Whether the council has another wording of `letter` than the one that comes with the program.
    #[must_use]
    pub fn is_edited(&self, letter: &str) -> bool {
        let built_in = BUILT_IN.iter().find(|(name, _)| *name == letter);
        built_in.is_some_and(|(_, files)| {
            let own = |file: &str| self.origins.get(&format!("{letter}/{file}")).map(|(_, source)| source.as_str());
            files.iter().any(|(file, source)| own(file) != Some(source))
        })
    }

    /// What every letter says about the council.
    #[must_use]
    pub fn council(&self) -> &CouncilFacts {
        &self.council
    }

    /// Whose letters they are.
    #[must_use]
    pub fn council_name(&self) -> &str {
        &self.council.name
    }

    /// Renders `letter`.
    ///
    /// # Errors
    ///
    /// [`LetterError::Template`] if the template fails on these facts, which [`Letters::check`] makes unlikely.
    pub fn render(&self, letter: &Letter) -> Result<Rendered, LetterError> {
        let values = match letter {
            Letter::Acknowledgement(facts) | Letter::Thanks(facts) | Letter::ChatAcknowledgement(facts) => {
                self.acknowledgement_values(facts)
            }
            Letter::ChatGreeting => context! { council => Serde(&self.council) },
            Letter::ManagerReceipt(facts) => self.receipt_values(facts),
            Letter::Answer(facts) => answer::values(facts, self.officer_of(facts.officer.as_ref()), &self.council),
            Letter::Extension(facts) => {
                answer::extension_values(facts, self.officer_of(facts.officer.as_ref()), &self.council)
            }
            Letter::Notice(facts) | Letter::ChatCheckIn(facts) => {
                notice::values(facts, self.officer_of(facts.officer.as_ref()), &self.council)
            }
            Letter::Digest(facts) => notice::digest_values(facts, &self.council),
            Letter::SafeguardingAlert(facts) => safeguarding::alert_values(facts, &self.council),
            Letter::DesignatedOfficer(facts) => safeguarding::officer_values(facts, &self.council),
            Letter::ContributionRequest(facts) => contribution::values(facts, &self.council),
            Letter::Praise(facts) => praise::values(facts, &self.council),
            Letter::Survey(facts) => survey::values(facts, &self.council),
        };
        let part = |file: &str| -> Result<Option<String>, LetterError> {
            let name = format!("{}/{file}", letter.name());
            let Ok(template) = self.templates.get_template(&name) else { return Ok(None) };
            template.render(values.clone()).map(Some).map_err(|fault| self.template_fault(&name, &fault))
        };
        let subject = part(SUBJECT)?.unwrap_or_default();
        Ok(Rendered {
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            text: tidy(&part(TEXT)?.unwrap_or_default()),
            html: part(HTML)?,
        })
    }

    /// Renders every letter in every variant with sample facts and looks for what it must say.
    ///
    /// # Errors
    ///
    /// The first [`LetterError`] found: a template that fails, a letter that lacks what it must show, a chat letter
    /// of more than 1,200 characters, or a wrong setting of the council's.
    pub fn check(&self) -> Result<(), LetterError> {
        if let Some(fault) = self.council.faults().into_iter().next() {
            return Err(LetterError::Council(fault));
        }
        for (label, letter) in Letter::samples() {
            let rendered = self.render(&letter)?;
            let file = |file: &str| self.origin(&format!("{}/{file}", letter.name()));
            let missing = |at: &str, what| LetterError::Missing { file: file(at), letter: label.clone(), what };
            let needed = self.needed(&letter);
            for (what, words) in &needed {
                if !rendered.text.contains(words.as_str()) {
                    return Err(missing(TEXT, what));
                }
                let escaped = HtmlEscape(words).to_string();
                if rendered.html.as_ref().is_some_and(|html| !html.contains(&escaped) && !html.contains(words.as_str()))
                {
                    return Err(missing(HTML, what));
                }
            }
            let by_chat =
                matches!(letter, Letter::ChatAcknowledgement(_) | Letter::ChatGreeting | Letter::ChatCheckIn(_));
            let characters = rendered.text.chars().count();
            // The questions after the end go both ways in the same words.
            if characters > CHAT_CHARACTERS && (by_chat || matches!(letter, Letter::Survey(_))) {
                return Err(LetterError::TooLong { file: file(TEXT), letter: label, characters });
            }
            if !by_chat
                && !matches!(letter, Letter::Digest(_))
                && !needed.first().is_some_and(|(_, reference)| rendered.subject.contains(reference.as_str()))
            {
                return Err(missing(SUBJECT, "the reference"));
            }
        }
        Ok(())
    }

    /// What `letter` must show, in a letter about a case the reference first.
    fn needed(&self, letter: &Letter) -> Vec<(&'static str, String)> {
        let council = &self.council;
        match letter {
            Letter::Acknowledgement(facts) | Letter::ChatAcknowledgement(facts) => {
                let officer = facts.officer.as_ref().unwrap_or(&council.named_officer);
                let mut needed = vec![
                    ("the reference", facts.reference.clone()),
                    ("when the message was received", long_date_time(facts.received_at)),
                    ("the date of the answer", long_date(facts.answer_by)),
                    ("the name of the officer", officer.name.clone()),
                    ("how to reach the officer (phone)", officer.phone.clone()),
                    ("how to add something (follow_up)", facts.follow_up.clone()),
                    ("the name of the advocacy service", council.advocacy.name.clone()),
                    ("the name of the Ombudsman", council.ombudsman.name.clone()),
                    ("the danger line (council.danger.text)", council.danger.text.clone()),
                    ("the page about the procedure", council.procedure_url.clone()),
                ];
                let undecided = facts.decide_by.filter(|_| !facts.confirmed);
                if matches!(letter, Letter::Acknowledgement(_)) {
                    needed.push(("where the date of the answer comes from (answer_rule)", facts.answer_rule.clone()));
                    needed.push(("the adjustments people can ask for", council.adjustments.clone()));
                    needed.extend(undecided.map(|day| ("by when the procedure is decided", long_date(day))));
                }
                needed.extend(facts.closure_notice.clone().map(|notice| ("the closure notice", notice)));
                needed.extend(facts.follow_url.clone().map(|page| ("the page to follow it", page)));
                needed
            }
            Letter::Thanks(facts) => praise::thanks_needed(facts, self.officer_of(facts.officer.as_ref()), council),
            Letter::ChatGreeting => vec![
                ("the name of the council", council.name.clone()),
                ("the danger line (council.danger.text)", council.danger.text.clone()),
            ],
            Letter::ManagerReceipt(facts) => {
                let why = facts.why_not_told.clone().filter(|_| !facts.family_told);
                let mut needed = vec![("the reference", facts.reference.clone())];
                needed.extend(facts.answer_by.map(|day| ("the date of the answer", long_date(day))));
                needed.extend(why.map(|why| ("why the family was not told", why)));
                needed
            }
            Letter::Answer(facts) => answer::needed(facts, self.officer_of(facts.officer.as_ref()), council),
            Letter::Extension(facts) => {
                answer::extension_needed(facts, self.officer_of(facts.officer.as_ref()), council)
            }
            Letter::Notice(facts) => notice::needed(facts, self.officer_of(facts.officer.as_ref()), council),
            Letter::ChatCheckIn(facts) => notice::chat_needed(facts, self.officer_of(facts.officer.as_ref()), council),
            Letter::Digest(facts) => notice::digest_needed(facts),
            Letter::SafeguardingAlert(facts) => safeguarding::alert_needed(facts),
            Letter::DesignatedOfficer(facts) => safeguarding::officer_needed(facts, council),
            Letter::ContributionRequest(facts) => contribution::needed(facts, council),
            Letter::Praise(facts) => praise::needed(facts),
            Letter::Survey(facts) => survey::needed(facts, council),
        }
    }

    fn officer_of<'a>(&'a self, own: Option<&'a NamedOfficer>) -> &'a NamedOfficer {
        own.unwrap_or(&self.council.named_officer)
    }

    fn officer<'a>(&'a self, own: Option<&'a NamedOfficer>) -> Serde<&'a NamedOfficer> {
        Serde(self.officer_of(own))
    }

    fn acknowledgement_values(&self, facts: &AcknowledgementFacts) -> minijinja::Value {
        context! {
            reference => facts.reference.as_str(),
            thing => if facts.dissatisfied { "complaint" } else { "message" },
            addressee => facts.addressee.as_deref().and_then(plausible_name),
            received_at => long_date_time(facts.received_at),
            received_how => facts.received_how.as_str(),
            dissatisfied => facts.dissatisfied,
            procedure => facts.procedure.as_str(),
            confirmed => facts.confirmed,
            decide_by => facts.decide_by.map(long_date),
            answer_by => long_date(facts.answer_by),
            answer_rule => sentence(&facts.answer_rule),
            follow_up => sentence(&facts.follow_up),
            follow_url => facts.follow_url.as_deref(),
            closure_notice => facts.closure_notice.as_deref().map(sentence),
            officer => self.officer(facts.officer.as_ref()),
            council => Serde(&self.council),
        }
    }

    fn receipt_values(&self, facts: &ReceiptFacts) -> minijinja::Value {
        let because = facts.reason.as_ref().and_then(|reason| quotation(&reason.because));
        let reason = facts.reason.as_ref().zip(because.as_ref());
        context! {
            reference => facts.reference.as_str(),
            addressee => facts.addressee.as_deref().and_then(plausible_name),
            received_at => long_date_time(facts.received_at),
            received_how => facts.received_how.as_str(),
            joined => facts.joined,
            taken_for => reason.map(|(reason, _)| reason.taken_for.as_str()),
            only_possibly => reason.is_some_and(|(reason, _)| reason.only_possibly),
            because => reason.map(|(_, because)| because.as_str()),
            family_told => facts.family_told,
            why_not_told => facts.why_not_told.as_deref().map(sentence).unwrap_or_default(),
            decide_by => facts.decide_by.map(long_date),
            answer_by => facts.answer_by.map(long_date),
            answer_rule => sentence(&facts.answer_rule),
            closure_notice => facts.closure_notice.as_deref().map(sentence),
            log_address => facts.log_address.as_deref(),
            officer => self.officer(facts.officer.as_ref()),
            council => Serde(&self.council),
        }
    }
}

/// An engine that forgives nothing: unknown values are errors, HTML is escaped, no template runs for ever.
fn environment() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates
        .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    templates.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        templates.set_syntax(syntax);
    }
    templates
}

/// `source` with every line break kept that follows words.
///
/// A line that holds only a tag shall leave no empty line (`trim_blocks`), but a tag at the end of a line of words
/// shall not glue the next line to it. Editors of letters expect both. Keeps the number of lines, for messages.
fn keep_breaks_after_words(source: &str) -> String {
    let fixed = source.split('\n').map(|line| {
        let line = line.trim_end();
        let only_tag = line.trim_start().starts_with("{%") && line.matches("{%").count() == 1;
        match line.strip_suffix("%}") {
            Some(rest) if !only_tag && !rest.ends_with(['-', '+']) => format!("{rest}+%}}"),
            _ => line.to_owned(),
        }
    });
    fixed.collect::<Vec<_>>().join("\n")
}

/// `text` without blanks at line ends, with at most two empty lines in a row and one line break at the end.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}

/// `text` with a capital at the beginning and a full stop at the end, on one line.
fn sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.chars();
    let Some(first) = rest.next() else { return text };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    first.to_uppercase().chain(rest.as_str().chars()).collect::<String>() + stop
}

#[cfg(test)]
mod tests;
