//! Letters on paper: which there are, and what one says.

use chrono::{DateTime, Utc};

use super::{Answer, StoreDesk, capital, history::letter_words, sentence};
use crate::{
    casework,
    clock::london_date,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::lacking,
        event::{Event, standing},
    },
    replies::{render::Rendered, tracking::shown},
    store::{Tx, cases, officers, paper},
    web::{
        desk::DeskError,
        paper_views::{Paper, PaperView, Printing},
        views::Officer,
    },
};

/// The letters of a case that can be printed.
pub(super) async fn views(tx: &mut Tx, case: Uuid) -> Answer<Vec<PaperView>> {
    let letters = paper::of_case(tx, case).await?.into_iter();
    Ok(letters
        .map(|letter| PaperView {
            id: letter.id,
            what: capital(letter_words(&letter.kind)),
            sent: letter.sent,
            at: letter.queued_at,
            with: letter.message.0.enclosures.into_iter().map(|file| (file.name, file.size)).collect(),
        })
        .collect())
}

/// One letter, to be typeset. Whoever prints it is written down before they get a byte.
pub(super) async fn of(desk: &StoreDesk, ask: Printing, officer: &Officer, now: DateTime<Utc>) -> Answer<Paper> {
    let mut tx = desk.store.begin_read().await?;
    let case = cases::by_reference(&mut tx, &ask.reference.to_string()).await?.ok_or(DeskError::NotFound)?;
    super::independence::may_deal_with(&mut tx, case, officer.id).await?;
    let letter = match ask.letter {
        Some(id) => queued(&mut tx, case, id).await?.ok_or(DeskError::NotFound)?,
        None => answer(desk, &mut tx, case, officer.id, now).await?,
    };
    drop(tx);
    let what = ask.letter.map_or_else(|| "printed the answer".to_owned(), |id| format!("printed a letter: {id}"));
    let mut tx = desk.store.begin().await?;
    officers::audit(&mut tx, Some(officer.id), &what, Some(case), now).await?;
    tx.commit().await?;
    Ok(letter)
}

/// A letter as it lies in the outbox.
async fn queued(tx: &mut Tx, case: Uuid, id: Uuid) -> Answer<Option<Paper>> {
    let found = paper::one_of_case(tx, case, id).await?;
    Ok(found.map(|(kind, at, message)| {
        let (text, html) = (shown(&message.text), message.html.as_deref().map(shown));
        let letter = Rendered { subject: message.subject, text, html };
        Paper { kind, date: london_date(at), letter }
    }))
}

/// The answer: as it was sent, as it was given another way, or as it would be given now.
async fn answer(desk: &StoreDesk, tx: &mut Tx, id: Uuid, officer: Uuid, now: DateTime<Utc>) -> Answer<Paper> {
    let row = cases::get(tx, id).await?.ok_or(DeskError::NotFound)?;
    let history = cases::history(tx, id).await?;
    let case = CaseFile::fold(&history).ok_or(DeskError::NotFound)?;
    // A stage that runs has no answer yet, whatever was said at the one before.
    let given =
        standing(&history).rev().filter(|_| case.answered.is_some()).find_map(|recorded| match &recorded.event {
            Event::Answered { outbox, .. } => Some((*outbox, recorded.by.unwrap_or(officer), recorded.at)),
            _ => None,
        });
    if let Some((Some(outbox), ..)) = given {
        return queued(tx, id, outbox).await?.ok_or(DeskError::NotFound);
    }
    if given.is_none()
        && let Some(first) = lacking(&case).first()
    {
        return Err(DeskError::Refused(sentence(&first.to_string())));
    }
    // What was found cannot be changed once it was given: the letter of that day can be written again.
    let (by, at) = given.map_or((officer, now), |(_, by, at)| (by, at));
    let letter = casework::answer_on_paper(&desk.office, tx, &row, &case, by, at).await?;
    Ok(Paper { kind: casework::ANSWER.to_owned(), date: london_date(at), letter })
}
