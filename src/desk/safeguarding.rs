//! A child at risk, as officers see it and say what they did; and addresses that nothing goes to before somebody has looked.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Answer, dues, history::Names, shown_address};
use crate::{
    casework::{self, Mark, Office},
    clock::london_date,
    ids::Uuid,
    procedure::{
        case::CaseFile,
        due_dates::due,
        event::{Event, Recorded, Safeguarding, Standing},
        safeguarding::TELL_DESIGNATED_OFFICER,
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        people,
    },
    web::{
        desk::DeskError,
        safeguarding::{CarefulAddress, ProtectionView, ReadNote},
        views::Due,
    },
};

/// What the case's page shows of it.
pub(super) fn view(
    office: &Office,
    row: &CaseRow,
    case: &CaseFile,
    history: &[Recorded],
    names: &Names,
) -> ProtectionView {
    let known = &case.safeguarding;
    let plan = &office.safeguarding;
    let sends = office.may_write_about(&row.mailbox);
    let next = usize::try_from(known.alarm.level).ok().and_then(|level| plan.escalate.get(level));
    let next_at = known.alarm.told_at.filter(|_| sends && known.alarm.since.is_some() && case.merged_into.is_none());
    let named = case.subjects.values().filter(|subject| subject.standing != Standing::Cleared);
    let proposed = case.nature.safeguarding && known.allegation.is_none();
    ProtectionView {
        unread_since: known.alarm.since,
        alerted: case.alerted,
        next_at: next_at.zip(next).map(|(at, next)| at + TimeDelta::minutes(next.after_minutes.into())),
        levels_told: known.alarm.level,
        read: history.iter().filter_map(|recorded| read_note(recorded, names)).collect(),
        allegation: known.allegation,
        proposed_by: if proposed { named.map(|subject| subject.name.clone()).collect() } else { Vec::new() },
        officer_told: known.officer_told.clone(),
        officer_is_written_to: sends && plan.designated_officer.is_some(),
    }
}

fn read_note(recorded: &Recorded, names: &Names) -> Option<ReadNote> {
    let Event::Safeguarding(Safeguarding::Read { what }) = &recorded.event else { return None };
    let by =
        recorded.by.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| "An officer no longer known".to_owned());
    Some(ReadNote { by, at: recorded.at, what: what.clone() })
}

/// Adds the duty to tell the Designated Officer, where the case is marked.
pub(super) fn add_due(dues: &mut Vec<Due>, office: &Office, case: &CaseFile, now: DateTime<Utc>) {
    let Some(duty) = office.duties.by_id(TELL_DESIGNATED_OFFICER).filter(|_| case.safeguarding.allegation.is_some())
    else {
        return;
    };
    if let Ok(date) = due(duty, case.received_at, &office.calendar()) {
        let told_at = case.safeguarding.officer_told.as_ref().map(|(at, _)| *at);
        let words = "Tell the Designated Officer";
        dues.push(dues::named(duty, words, date.on, told_at, &office.calendar(), london_date(now)));
        dues.sort_by_key(|due| due.on);
    }
}

/// An officer says something about it. The case's new version.
pub(super) async fn say(
    office: &Office,
    tx: &mut Tx,
    (id, version): (Uuid, i64),
    by: Uuid,
    step: Safeguarding,
    now: DateTime<Utc>,
) -> Answer<i64> {
    // Whose turn it is, and what was mailed, nobody says by hand.
    if matches!(step, Safeguarding::Escalated { .. } | Safeguarding::DesignatedOfficerTold { outbox: Some(_), .. }) {
        return Err(DeskError::NotFound);
    }
    Ok(casework::protect(office, tx, (id, Some(version)), by, step, now).await?)
}

/// The addresses of the people of a case, and whether somebody must look before anything goes there; and, where letters about the
/// case would go to such a one, why they wait.
pub(super) async fn addresses(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    case: &CaseFile,
) -> Answer<(Vec<CarefulAddress>, Option<String>)> {
    let mut known: Vec<String> = Vec::new();
    for contact in [row.answered_id, row.complainant_id].into_iter().flatten() {
        known.extend(people::addresses(tx, contact).await?.into_iter().map(|(_, address)| address));
    }
    if let Some((_, representative)) = cases::representative(tx, row.id).await? {
        known.extend(representative.address);
    }
    known.extend(case.group.iter().flat_map(|group| &group.members).filter_map(|member| member.address.clone()));
    let mut shown: Vec<CarefulAddress> = Vec::new();
    for address in known {
        if shown.iter().any(|one| one.key == address) {
            continue;
        }
        let mark = casework::do_not_reply(office, tx, &address).await?;
        shown.push(CarefulAddress {
            address: shown_address(&address),
            marked: mark == Some(Mark::Officer),
            by_pattern: mark == Some(Mark::Pattern),
            key: address,
        });
    }
    let to = casework::written_to(tx, row).await?.address;
    let careful = shown.iter().find(|one| Some(&one.key) == to.as_ref() && (one.marked || one.by_pattern));
    let waits = careful.map(|one| {
        let because = if one.by_pattern { "the settings say so (do_not_reply)" } else { "an officer marked it" };
        format!(
            "{} is an address that nothing goes to before somebody has looked: {because}. A letter there waits under Not delivered \
             until an officer lets it go, and so they have not heard before that.",
            one.address
        )
    });
    Ok((shown, waits))
}

/// What happened, as a title.
pub(super) fn title(step: &Safeguarding) -> String {
    match step {
        Safeguarding::Read { .. } => "Safeguarding alert acknowledged".to_owned(),
        Safeguarding::Escalated { level, told: 0 } => {
            format!("Nobody had acknowledged the alert: level {level} was passed over")
        }
        Safeguarding::Escalated { level, .. } => format!("Nobody had acknowledged the alert: written to level {level}"),
        Safeguarding::Allegation { is: true } => {
            "Marked as an allegation against somebody who works with children".to_owned()
        }
        Safeguarding::Allegation { is: false } => {
            "Not an allegation against somebody who works with children".to_owned()
        }
        Safeguarding::DesignatedOfficerTold { outbox: Some(_), .. } => {
            "Letter to the Designated Officer written".to_owned()
        }
        Safeguarding::DesignatedOfficerTold { .. } => "The Designated Officer was told".to_owned(),
        Safeguarding::DoNotReply { address, is: true } => {
            format!("Nothing goes to {} before somebody has looked", shown_address(address))
        }
        Safeguarding::DoNotReply { address, is: false } => format!("{} may be written to", shown_address(address)),
    }
}

/// More about it, in words.
pub(super) fn detail(step: &Safeguarding) -> String {
    match step {
        Safeguarding::Read { what } => what.clone(),
        Safeguarding::Escalated { told: 0, .. } => "The case is about them, or may be.".to_owned(),
        Safeguarding::Escalated { told: 1, .. } => "To one person or team: reference and link, no content.".to_owned(),
        Safeguarding::Escalated { told, .. } => format!("To {told} people or teams: reference and link, no content."),
        Safeguarding::DesignatedOfficerTold { outbox: Some(_), .. } => "Reference and link, no content.".to_owned(),
        Safeguarding::DesignatedOfficerTold { how, .. } => how.clone(),
        Safeguarding::DoNotReply { is: true, .. } => {
            "Whatever goes there waits until an officer lets it go, from every case.".to_owned()
        }
        Safeguarding::Allegation { .. } | Safeguarding::DoNotReply { .. } => String::new(),
    }
}
