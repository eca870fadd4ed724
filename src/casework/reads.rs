//! In which language somebody reads, and how a letter to them is put together: said from the catalogues, above the same in English.

use super::{CaseworkError, Facts, Office, fold, written_to};
use crate::{
    ids::Uuid,
    intake::{channel::is_chat, reading::Reading},
    labelling::language::foreign,
    languages::Language,
    procedure::{case::CaseFile, event::Format},
    replies::{chat::Speaker, letters::Letter, render::Rendered},
    store::{
        Tx,
        cases::{self, CaseRow},
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

/// The language of whom letters of the case go to.
///
/// # Errors
///
/// The database's.
pub async fn of_case(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
) -> Result<Option<Language>, CaseworkError> {
    if english_alone(office) {
        return Ok(None);
    }
    let Some(address) = written_to(tx, row).await?.address else { return Ok(None) };
    reads(office, tx, Some((row.id, case)), &address).await
}

/// The language of whoever has `address`, for a letter about the case.
pub(super) async fn of_party(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    address: &str,
) -> Result<Option<Language>, CaseworkError> {
    if english_alone(office) {
        return Ok(None);
    }
    let file = fold(&cases::history(tx, case).await?, case)?;
    reads(office, tx, Some((case, &file)), address).await
}

/// The language of whoever is acknowledged: what they wrote is no case's yet.
pub(super) async fn of_writer(
    office: &Office,
    tx: &mut Tx,
    facts: &Facts<'_>,
    to: &str,
) -> Result<Option<Language>, CaseworkError> {
    if english_alone(office) {
        return Ok(None);
    }
    known(office, tx, (Some(facts.case), Some(facts.reading)), to).await
}

/// `english`, the words of `letter`, as it goes to `to` about the case: above it what whoever reads another language is told of it.
///
/// # Errors
///
/// The database's and the template's faults.
pub async fn for_reader(
    office: &Office,
    tx: &mut Tx,
    (case, to): (Uuid, &str),
    letter: &Letter,
    english: Rendered,
) -> Result<Rendered, CaseworkError> {
    office.above(of_party(office, tx, case, to).await?, letter, english)
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
    /// A letter that goes by itself to whoever reads `language`; `said` is the letter with its sentences in the language of a speaker. By
    /// mail it stands above the English, in a chat alone.
    ///
    /// # Errors
    ///
    /// The template's faults.
    pub(super) fn spoken(
        &self,
        language: Option<Language>,
        by_chat: bool,
        said: impl Fn(&Speaker<'_>) -> Letter,
    ) -> Result<Rendered, CaseworkError> {
        let speaker = self.speaker(language);
        if by_chat {
            return self.in_chat(&speaker, &said(&speaker));
        }
        let english = self.letters.render(&said(&self.english()))?;
        self.above(language, &said(&speaker), english)
    }

    /// `letter`, whose sentences are in the language of `speaker`, as a chat gets it: in English as the council words it.
    ///
    /// # Errors
    ///
    /// The template's faults.
    pub(crate) fn in_chat(&self, speaker: &Speaker<'_>, letter: &Letter) -> Result<Rendered, CaseworkError> {
        let own = if speaker.language == Language::English { None } else { speaker.by_chat(letter) };
        let text = match own {
            Some(text) => text,
            None => self.letters.render(letter)?.text,
        };
        Ok(Rendered { subject: String::new(), text, html: None })
    }

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
        if speaker.language == Language::English {
            return Ok(english);
        }
        match speaker.above(letter) {
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
}
