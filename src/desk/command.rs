//! What an officer's action asks of a case.

use super::{Answer, role};
use crate::{
    casework::CaseworkError,
    ids::Uuid,
    procedure::{
        case::{ACKNOWLEDGEMENT, CaseFile, Status},
        decide::Command,
        event::{Nature, Settlement},
    },
    store::{Tx, cases, officers},
    web::{
        access::Sees,
        desk::{DeskAction, DeskError},
    },
};

/// What an officer's action asks of the case.
pub(super) async fn command(tx: &mut Tx, id: Uuid, action: DeskAction) -> Answer<Command> {
    Ok(match action {
        DeskAction::Confirm => Command::Confirm,
        DeskAction::Untie => Command::Untie,
        DeskAction::Told { why } => {
            Command::SettleLetter { outbox: None, letter: ACKNOWLEDGEMENT.to_owned(), how: Settlement::Told, why }
        }
        DeskAction::NotAComplaint { act, reason } => Command::Dismiss { act, reason },
        DeskAction::Reclassify { act, procedure, theme } => {
            let history = cases::history(tx, id).await?;
            let case = CaseFile::fold(&history).ok_or_else(|| DeskError::from(CaseworkError::BrokenHistory(id)))?;
            let nature = Nature { act, procedure, theme, safeguarding: case.nature.safeguarding };
            // The form says "Save and confirm": saved unchanged, it confirms.
            let unchanged = nature == case.nature && case.status == Status::ToConfirm;
            if unchanged { Command::Confirm } else { Command::Reclassify(nature) }
        }
        // These write more than an event, and go through their own doors of casework.
        DeskAction::SetComplainant(_)
        | DeskAction::AcceptSender { .. }
        | DeskAction::SamePerson { .. }
        | DeskAction::AnotherPerson { .. }
        | DeskAction::SetGroup(_)
        | DeskAction::SetSubject { .. }
        | DeskAction::SetPoints(_)
        | DeskAction::Answer { .. }
        | DeskAction::TakePoints { .. }
        | DeskAction::Extend { .. }
        | DeskAction::Step { .. }
        | DeskAction::Close { .. }
        | DeskAction::Reopen { .. }
        | DeskAction::AdmitManager { .. }
        | DeskAction::Safeguarding(_)
        | DeskAction::Merge { .. }
        | DeskAction::KeepApart
        | DeskAction::Move { .. }
        | DeskAction::Undo => return Err(DeskError::NotFound),
        DeskAction::Assign { to } => {
            let account = officers::by_id(tx, to).await?.ok_or(DeskError::NotFound)?;
            if !account.active {
                return Err(DeskError::Refused(format!("{} may not sign in: choose another officer", account.name)));
            }
            if role(&account.role)?.sees() != Sees::EveryCase {
                return Err(DeskError::Refused(format!("{} sees no cases: choose an officer", account.name)));
            }
            Command::Assign(to)
        }
    })
}
