//! Joint complaints, as officers see them and what they do.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Answer, count, queue, sentence, sorting};
use crate::{
    casework::{self, Office},
    ids::Uuid,
    labelling::labels::Theme,
    store::{
        Tx,
        joint::{self, Group, GroupCase},
        officers,
    },
    web::{
        desk::DeskError,
        joint_views::{JointAction, JointCase, JointComplaint, JointOfCase, Joints, SuggestedJoint},
    },
};

/// Everything the page shows.
pub(super) async fn view(tx: &mut Tx, officer: Uuid) -> Answer<Joints> {
    let (suggested, of_suggested) = joint::suggestions(tx, officer).await?;
    let (tied, of_tied) = joint::all(tx, officer).await?;
    let suggestions = suggested.into_iter().map(|group| {
        let cases = of(&group, &of_suggested)?;
        // What is left where the officer may not deal with the others is no suggestion.
        if cases.len() < 2 {
            return Ok(None);
        }
        Ok(Some(SuggestedJoint {
            joint: cases.iter().find_map(|case| case.joint.clone()),
            id: group.id,
            title: group.title,
            why: sentence(&group.why),
            cases,
        }))
    });
    let joints = tied.into_iter().map(|group| {
        let cases = of(&group, &of_tied)?;
        Ok(JointComplaint { reference: group.reference, title: group.title, made_at: group.made_at, cases })
    });
    Ok(Joints {
        suggestions: suggestions.filter_map(Answer::transpose).collect::<Answer<_>>()?,
        joints: joints.collect::<Answer<_>>()?,
    })
}

fn of(group: &Group, cases: &[GroupCase]) -> Answer<Vec<JointCase>> {
    cases.iter().filter(|case| case.group_id == group.id).map(shown).collect()
}

fn shown(case: &GroupCase) -> Answer<JointCase> {
    let theme: Theme = queue::word(&case.theme)?;
    let because = case.suggestion.as_ref().map(|Json(suggestion)| suggestion.because.clone());
    Ok(JointCase {
        reference: case.reference.clone(),
        family: case.family.clone(),
        received_at: case.received_at,
        about: queue::about(case.subject.as_deref().unwrap_or_default(), case.words.as_deref().unwrap_or_default()),
        because: because.unwrap_or_default(),
        theme,
        status: queue::status(&case.status)?,
        joint: case.joint.clone(),
    })
}

/// What the page of a case shows.
pub(super) async fn of_case(tx: &mut Tx, case: Uuid) -> Answer<JointOfCase> {
    let tied = joint::of_case(tx, case).await?;
    let suggested = match &tied {
        Some(_) => None,
        None => joint::suggested_of_case(tx, case).await?,
    };
    Ok(JointOfCase {
        others: tied.as_ref().map_or(0, |(.., cases)| count(*cases - 1)),
        joint: tied.map(|(reference, title, _)| (reference, title)),
        suggested: suggested.map(|(_, why, _)| sentence(&why)),
    })
}

/// Does what an officer says. Returns the joint complaint's reference, if there is one now.
pub(super) async fn mend(
    office: &Office,
    tx: &mut Tx,
    action: JointAction,
    by: Uuid,
    now: DateTime<Utc>,
) -> Answer<Option<String>> {
    match action {
        JointAction::Refuse { suggestion } => {
            if !joint::decide(tx, suggestion, "refused", by, now).await? {
                return Err(DeskError::NotFound);
            }
            officers::audit(tx, Some(by), "said that cases are no joint complaint", None, now).await?;
            Ok(None)
        }
        JointAction::Tie { suggestion, cases, title } => {
            let mut chosen = Vec::new();
            for reference in cases {
                chosen.push(sorting::there_is(tx, reference, by).await?);
            }
            if let Some(suggestion) = suggestion
                && !joint::decide(tx, suggestion, "tied", by, now).await?
            {
                return Err(DeskError::NotFound);
            }
            Ok(Some(casework::tie(office, tx, &chosen, &title, by, now).await?))
        }
    }
}
