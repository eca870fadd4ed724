//! The answer to a complaint, as its pages show it, and what officers do with it.

use chrono::{DateTime, Utc};

use super::{Answer, sentence, shown_address, shown_letter};
use crate::{
    casework::{self, CaseworkError, Office},
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::{Command, lacking, may_close, may_write},
        event::{Event, Recorded, standing},
    },
    store::{Tx, cases::CaseRow, outbox},
    web::{
        desk::{DeskAction, DeskError},
        views::{AnswerGiven, AnswerView, LetterView},
    },
};

/// What the pages show of the answer.
pub(super) async fn view(
    office: &Office,
    tx: &mut Tx,
    (row, officer): (&CaseRow, Uuid),
    case: &CaseFile,
    history: &[Recorded],
    now: DateTime<Utc>,
) -> Answer<AnswerView> {
    let mut view = AnswerView {
        points: case.points.clone(),
        may_write: may_write(case).is_ok(),
        may_close: may_close(case).is_ok(),
        ..AnswerView::default()
    };
    view.closed = standing(history)
        .rev()
        .find_map(|recorded| match &recorded.event {
            Event::Closed { reason } => Some(Some(reason.clone())),
            Event::Reopened { .. } => Some(None),
            _ => None,
        })
        .flatten();
    if let Some((at, outcome)) = case.answered {
        let (outbox, how) = standing(history)
            .rev()
            .find_map(|recorded| match &recorded.event {
                Event::Answered { outbox, how, .. } => Some((*outbox, how.clone())),
                _ => None,
            })
            .unwrap_or_default();
        let sent = match outbox {
            Some(letter) => outbox::message(tx, letter).await?,
            None => None,
        };
        let letter =
            sent.map(|sent| LetterView { to: shown_address(&sent.to), subject: sent.subject, text: sent.text });
        view.given = Some(AnswerGiven {
            at,
            outcome,
            how,
            ask_by: (row.due_duty != "LAST-STAGE").then_some(row.due_on),
            letter,
        });
        return Ok(view);
    }
    if let Some((at, reason)) = &case.extended {
        view.extended = Some((*at, reason.clone()));
    } else if let Some(longer) = casework::extension(office, row, case, history)? {
        view.may_extend = Some((longer.until, longer.rule));
    }
    let leads = casework::lead_findings(tx, row.id, officer).await?.into_iter();
    view.leads = leads.map(|(reference, points)| (reference, points.points.len())).collect();
    view.lacking = lacking(case).iter().map(|one| sentence(&one.to_string())).collect();
    if view.lacking.is_empty() {
        match casework::answer_letter(office, tx, row, case, officer, now).await {
            Ok((to, letter)) => {
                let promised = casework::promised_documents(office, tx, row.id, case).await?.into_iter();
                view.promised = promised.map(|document| document.id).collect();
                let english = casework::write(office, &letter, None)?;
                let letter = casework::for_reader(office, tx, (row.id, &to), &letter, english).await?;
                view.letter = Some(shown_letter(&to, letter));
            }
            Err(CaseworkError::Refused(why)) => view.no_letter = Some(sentence(&why.to_string())),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(view)
}

/// Does what an officer says of the answer to the case, last seen in `version`. Its new version.
pub(super) async fn say(
    office: &Office,
    tx: &mut Tx,
    (id, version): (Uuid, i64),
    by: Uuid,
    action: DeskAction,
    now: DateTime<Utc>,
) -> Answer<i64> {
    let seen = Some(version);
    let command = match action {
        DeskAction::SetPoints(points) => Command::SetPoints(points),
        DeskAction::Close { reason } => Command::Close { reason },
        DeskAction::Reopen { reason } => Command::Reopen { reason },
        DeskAction::TakePoints { from } => {
            let from = from.to_string();
            return Ok(casework::take_points(office, tx, (id, seen), by, &from, now).await?);
        }
        DeskAction::Extend { reason, given } => {
            return Ok(casework::extend(office, tx, (id, seen), by, (&reason, given), now).await?);
        }
        DeskAction::Step { step, given } => {
            return Ok(casework::take_step(office, tx, (id, seen), by, (*step, given), now).await?);
        }
        DeskAction::Answer { given } => {
            return Ok(casework::give_answer(office, tx, (id, seen), by, given, now).await?);
        }
        _ => return Err(DeskError::NotFound),
    };
    Ok(casework::act(office, tx, id, seen, Some(by), &command, now).await?)
}
