//! What an officer searches for: which cases have it, and where in them it stands.

use super::Answer;
use crate::{
    ids::Uuid,
    search::{Typed, excerpt},
    store::{
        Tx,
        search::{self, MOST_FOUND},
    },
    web::views::FoundIn,
};

/// What a search found.
pub(super) struct Search {
    /// None where there was no word in it.
    typed: Option<Typed>,
    /// The cases, the best first.
    pub cases: Vec<Uuid>,
    /// There may be more.
    pub more: bool,
}

/// The cases that have what was typed, as far as this officer may deal with them; `work`: without those that stand in no list but
/// that of all cases.
pub(super) async fn find(tx: &mut Tx, typed: &str, officer: Uuid, work: bool) -> Answer<Search> {
    let Some(typed) = Typed::read(typed) else { return Ok(Search { typed: None, cases: Vec::new(), more: false }) };
    let found = search::find(tx, &typed, officer, work).await?;
    let cases: Vec<Uuid> = found.into_iter().map(|found| found.case_id).collect();
    let more = i64::try_from(cases.len()).is_ok_and(|cases| cases >= MOST_FOUND);
    Ok(Search { typed: Some(typed), cases, more })
}

/// Where it stands in a case: in a message if it does, then in a name or an address, a note, a file.
pub(super) async fn found_in(tx: &mut Tx, search: &Search, case: Uuid) -> Answer<Option<FoundIn>> {
    let Some(typed) = &search.typed else { return Ok(None) };
    let shown =
        |place: &str, text: &str| excerpt(text, typed).map(|pieces| FoundIn { place: place.to_owned(), pieces });
    let mut source = search::source(tx, case).await?;
    let near = source.messages.iter().find_map(|text| shown("a message", text));
    if let Some(found) = near.or_else(|| shown("people", &source.people)) {
        return Ok(Some(found));
    }
    search::more_of(tx, case, &mut source).await?;
    let notes = source.notes.iter().find_map(|text| shown("notes", text));
    Ok(notes.or_else(|| source.files.iter().find_map(|(name, words)| shown(name, &format!("{name}: {words}")))))
}
