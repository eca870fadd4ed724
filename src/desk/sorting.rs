//! What a case has to do with others, and what officers correct of it.

use chrono::{DateTime, Utc};

use super::{Answer, history::why_it_may_belong};
use crate::{
    casework::{self, Corrected, Destination, Hand, Office},
    ids::{CaseReference, Uuid},
    procedure::case::CaseFile,
    store::{Tx, case_view, cases, independence::why_barred},
    web::{
        desk::{DeskAction, DeskError, Done},
        views::{OtherCase, Sorting},
    },
};

/// What the case's page shows of it.
pub(super) async fn view(tx: &mut Tx, case: &CaseFile, complainant: Option<Uuid>, officer: Uuid) -> Answer<Sorting> {
    let may_belong = match &case.may_belong {
        // Nothing of a case is shown beside another to whoever may not deal with it.
        Some((other, ..)) if why_barred(tx, *other, officer).await?.is_some() => None,
        Some((_, reference, why)) => other(tx, reference, why, complainant).await?,
        None => None,
    };
    Ok(Sorting { may_belong, merged_into: case.merged_into.as_ref().map(|(_, reference)| reference.clone()) })
}

async fn other(tx: &mut Tx, reference: &str, why: &str, complainant: Option<Uuid>) -> Answer<Option<OtherCase>> {
    let Some(head) = case_view::head(tx, reference).await? else { return Ok(None) };
    let reading = cases::opening_message(tx, head.id).await?.map(|(_, reading)| reading).unwrap_or_default();
    let passed_on =
        reading.forwarded.map(|forwarded| forwarded.text).filter(|_| reading.visible_text.trim().is_empty());
    Ok(Some(OtherCase {
        reference: reference.to_owned(),
        why: why_it_may_belong(why),
        family: head.family,
        received_at: head.received_at,
        subject: reading.subject,
        text: passed_on.unwrap_or(reading.visible_text),
        somebody_else: head.complainant_id != complainant,
        open: matches!(head.status.as_str(), "to-confirm" | "open"),
    }))
}

/// Does one of the actions that correct the sorting.
pub(super) async fn correct(
    office: &Office,
    tx: &mut Tx,
    (case, seen): (Uuid, i64),
    by: Uuid,
    action: DeskAction,
    now: DateTime<Utc>,
) -> Answer<Done> {
    let hand = Hand { case, seen, by, now };
    let Corrected { version, go_on } = match action {
        DeskAction::Merge { with } => {
            let other = there_is(tx, with, by).await?;
            casework::merge(office, tx, hand, other).await?
        }
        DeskAction::KeepApart => casework::keep_apart(office, tx, hand).await?,
        DeskAction::Move { messages, to } => {
            let to = match to {
                Some(to) => Destination::Case(there_is(tx, to, by).await?),
                None => Destination::Own,
            };
            casework::move_messages(office, tx, hand, &messages, to).await?
        }
        _ => casework::undo(office, tx, hand).await?,
    };
    let row = cases::get(tx, go_on).await?.ok_or(DeskError::NotFound)?;
    let go_on = row.reference.parse::<CaseReference>().ok().filter(|_| go_on != case);
    Ok(Done { version, go_on })
}

/// The case with this reference, if `officer` may deal with it.
pub(super) async fn there_is(tx: &mut Tx, reference: CaseReference, officer: Uuid) -> Answer<Uuid> {
    let mut found = cases::by_reference(tx, &reference.to_string()).await?;
    if let Some(case) = found
        && why_barred(tx, case, officer).await?.is_some()
    {
        found = None;
    }
    found.ok_or_else(|| DeskError::Refused(format!("There is no case {reference}: check the reference.")))
}
