//! Contributions of managers: as the case's page shows them, and as whoever has the link sees and gives them.

use chrono::{DateTime, Utc};

use super::{Answer, StoreDesk, hex};
use crate::{
    casework::{self, Asked, CaseworkError},
    ids::Uuid,
    procedure::case::CaseFile,
    store::{Tx, contributions},
    web::{
        desk::{DeskError, TokenHash},
        views::ContributionView,
    },
};

/// So often a contribution is tried that meets another change of the case.
const TRIES: usize = 3;

/// What managers were asked, and what they said.
pub(super) async fn view(tx: &mut Tx, id: Uuid, case: &CaseFile) -> Answer<Vec<ContributionView>> {
    let shown = contributions::of_case(tx, id).await?.into_iter().map(|one| ContributionView {
        open: u32::try_from(one.number).is_ok_and(|number| case.awaits_contribution(number).is_some()),
        number: one.number,
        name: one.name,
        email: one.email,
        asked_by: one.asked_by,
        question: one.question,
        points: one.points.0,
        due: one.due,
        asked_at: one.asked_at,
        answer: one.answer,
        answered_at: one.answered_at,
        withdrawn_at: one.withdrawn_at,
    });
    Ok(shown.collect())
}

/// What the link with this token asks. The look is written down before anything is shown.
pub(super) async fn asked(desk: &StoreDesk, token: TokenHash, now: DateTime<Utc>) -> Answer<Asked> {
    let mut tx = desk.store.begin().await?;
    let asked = casework::asked_by(&mut tx, &hex(token), now).await?.ok_or(DeskError::NotFound)?;
    tx.commit().await?;
    Ok(asked)
}

/// Keeps what a manager says by the link with this token.
pub(super) async fn give(desk: &StoreDesk, token: TokenHash, words: String, now: DateTime<Utc>) -> Answer<()> {
    for _ in 0..TRIES {
        let mut tx = desk.store.begin().await?;
        match casework::give_contribution(&desk.office, &mut tx, &hex(token), &words, now).await {
            Ok(true) => return Ok(tx.commit().await?),
            Ok(false) => return Err(DeskError::NotFound),
            // An officer did something to the case at the same moment: they did not mean this.
            Err(CaseworkError::Changed) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeskError::Changed)
}
