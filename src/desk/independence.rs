//! Who is kept out of which case, and how the case's page shows it.

use super::{Answer, role};
use crate::{
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::Refusal,
        event::Standing,
        independence::{self, Bar},
    },
    store::{Tx, delivery, independence::standing},
    web::{
        access::Sees,
        desk::DeskError,
        views::{LineManager, SubjectView},
    },
};

/// Whether the officer may deal with the case: the one place that asks how an account stands to it. Whom it is about, and whoever
/// has nothing to do with it, hears what they would hear of a case that does not exist.
pub(super) async fn may_deal_with(tx: &mut Tx, case: Uuid, officer: Uuid) -> Answer<()> {
    let found = standing(tx, case, officer).await?.ok_or(DeskError::NotFound)?;
    let sees = match role(&found.role)?.sees() {
        Sees::EveryCase => true,
        Sees::CasesGiven => found.appointed,
        Sees::NoCase => false,
    };
    match found.barred {
        None if sees => Ok(()),
        Some(why) if sees && why == Bar::LineManager.as_str() => {
            Err(DeskError::Excluded(super::sentence(&Refusal::ManagesSubject.to_string())))
        }
        _ => Err(DeskError::NotFound),
    }
}

/// The same for the case that a letter is about.
pub(super) async fn may_mend(tx: &mut Tx, letter: Uuid, officer: Uuid) -> Answer<()> {
    match delivery::open(tx, letter).await?.and_then(|letter| letter.case_id) {
        Some(case) => may_deal_with(tx, case, officer).await,
        None => Ok(()),
    }
}

/// Whom the case is about, or may be: those to be decided on first.
pub(super) fn view(case: &CaseFile, directory: &independence::Directory) -> Vec<SubjectView> {
    let mut subjects: Vec<SubjectView> = case
        .subjects
        .iter()
        .map(|(email, subject)| {
            let known = directory.by_email(email);
            let manager = known.and_then(|one| one.manager.clone()).filter(|_| subject.standing.is_confirmed());
            SubjectView {
                email: email.clone(),
                name: subject.name.clone(),
                job: known.map(|one| one.job.clone()).unwrap_or_default(),
                because: subject.because.clone(),
                standing: subject.standing,
                manager: manager.map(|email| LineManager {
                    name: directory.by_email(&email).map_or_else(|| email.clone(), |one| one.name.clone()),
                    admitted: case.admitted.get(&email).cloned(),
                    email,
                }),
            }
        })
        .collect();
    subjects.sort_by_key(|subject| match subject.standing {
        Standing::Proposed => 0,
        Standing::Mentioned => 1,
        Standing::Confirmed => 2,
        Standing::Cleared => 3,
    });
    subjects
}
