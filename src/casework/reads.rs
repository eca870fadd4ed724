//! In which language somebody reads, and how a letter to them is put together: said from the catalogues, above the same in English.

use super::{CaseworkError, Facts, Office, standing};
use crate::{
    ids::Uuid,
    intake::{channel::is_chat, reading::Reading},
    labelling::language::foreign,
    languages::Language,
    procedure::{case::CaseFile, event::Format},
    replies::{chat::Speaker, letters::Letter, render::Rendered, written::Written},
    store::{
        Tx,
        cases::{self, Dates},
        chat, people,
    },
};

/// The language, among those offered, in which whoever has `address` reads: as an officer wrote down in the case, as they chose in
/// their chat or on the page of their case, as the page was on which they wrote to us, or as they wrote. None: not known, or not asked,
/// where nothing but English is offered. `about` is the case that it is about; None where that says nothing of them.
///
/// # Errors
///
/// The database's.
pub async fn reads(
    office: &Office,
    tx: &mut Tx,
    about: Option<(Uuid, &CaseFile)>,
    address: &str,
) -> Result<Option<Language>, CaseworkError> {
    if english_alone(office) {
        return Ok(None);
    }
    let opening = match about {
        Some((id, _)) => cases::opening_message(tx, id).await?.map(|(_, reading)| reading),
        None => None,
    };
    known(office, tx, (about.map(|(_, case)| case), opening.as_ref()), address).await
}

/// The same of whoever is acknowledged: what they wrote is no case's yet.
pub(super) async fn of_writer(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    to: &str,
) -> Result<Option<Language>, CaseworkError> {
    known(office, tx, (Some(facts.case), Some(facts.reading)), to).await
}

fn english_alone(office: &Office) -> bool {
    office.languages.iter().all(|language| *language == Language::English)
}

async fn known(
    office: &Office,
    tx: &mut Tx,
    (case, opening): (Option<&CaseFile>, Option<&Reading>),
    address: &str,
) -> Result<Option<Language>, CaseworkError> {
    if english_alone(office) {
        return Ok(None);
    }
    let offered = |language: &Language| office.languages.contains(language);
    let code = |code: String| code.parse().ok().filter(offered);
    if let Some(language) = case.and_then(noted).filter(offered) {
        return Ok(Some(language));
    }
    let address = address.to_lowercase();
    if is_chat(&address)
        && let Some(language) = chat::kept(tx, &address).await?.and_then(|kept| kept.chat.language).filter(offered)
    {
        return Ok(Some(language));
    }
    if let Some(language) = people::reads(tx, &address).await?.and_then(code) {
        return Ok(Some(language));
    }
    if let Some(language) = opening.and_then(|reading| written_in(reading, &address)).filter(offered) {
        return Ok(Some(language));
    }
    Ok(chat::language_of_person(tx, &address).await?.and_then(code))
}

/// What a message tells of the language that its author reads, if they are whoever has `address`: nobody vouches for who sent it, so
/// it is no more than that of the case that it opened.
fn written_in(reading: &Reading, address: &str) -> Option<Language> {
    let theirs = reading.author.as_ref().is_some_and(|author| author.address.eq_ignore_ascii_case(address));
    match &reading.form {
        _ if !theirs || is_chat(address) => None,
        Some(form) => form.reads,
        None => foreign(&reading.visible_text).and_then(Language::named),
    }
}

/// What an officer wrote down in the case of how they want to be written to.
fn noted(case: &CaseFile) -> Option<Language> {
    let needs = &case.course.needs;
    Language::named(&needs.language).or_else(|| (needs.format == Format::EasyRead).then_some(Language::EasyRead))
}

/// Keeps that whoever has `address` reads `language`, as they showed by the page of their case. English tells nothing: every page
/// begins with it.
pub(crate) async fn keep(tx: &mut Tx, address: &str, language: Language) -> Result<(), CaseworkError> {
    if language != Language::English {
        people::set_reads(tx, &address.to_lowercase(), language.code()).await?;
    }
    Ok(())
}

impl Office {
    /// `english` as whoever reads `language` gets it by mail: `letter`, whose sentences are in that language, stands above it; or,
    /// where the catalogues do not have it, a few lines about it.
    ///
    /// # Errors
    ///
    /// The template's faults.
    pub(crate) fn above(
        &self,
        language: Option<Language>,
        letter: &Letter,
        english: Rendered,
    ) -> Result<Rendered, CaseworkError> {
        let speaker = self.speaker(language);
        let written: Option<Written> = match speaker.language {
            Language::English => None,
            _ => speaker.above(letter),
        };
        match written {
            Some(written) => Ok(self.letters.above(&speaker, &written, english)?),
            None => Ok(english),
        }
    }

    /// What says things in English.
    pub(super) fn english(&self) -> Speaker<'_> {
        Speaker { language: Language::English, ..self.speaker(None) }
    }

    /// `page` below our public address, opened in `language` where nobody chose it there before.
    pub(super) fn page_in(&self, language: Language, page: &str) -> String {
        match language {
            Language::English => format!("{}{page}", self.public_url),
            other => format!("{}reading?language={}&to=/{page}", self.public_url, other.code()),
        }
    }

    /// By which rule an answer is due, in `language`; in English where its catalogue does not have it.
    pub(super) fn rule_in(&self, language: Language, dates: &Dates) -> String {
        standing::rule_of(self, &dates.due_duty, &dates.due_rule, language)
    }
}
