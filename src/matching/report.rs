//! Which letter of ours a delivery report is about.

use chrono::{DateTime, Duration, Utc};

use crate::{
    casework::Office,
    ids::Uuid,
    intake::{bounce::Report, prepare::Prepared},
    store::{
        Stored, Tx, cases, corrections,
        delivery::{self, Letter},
        retention,
    },
};

/// Mail systems give up within five days (RFC 5321 section 4.5.4.1); what comes much later is about something else.
const REPORTS_WITHIN_DAYS: i64 = 14;

/// A letter that a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tied {
    /// The letter.
    pub letter: Letter,
    /// The report names it by our keyed Message-ID, which only we and those who saw the letter know. Otherwise it names the
    /// address that a letter went to lately, which anybody may know.
    pub proven: bool,
}

/// What a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The case it belongs to.
    pub case: Option<Uuid>,
    /// The letter, if it is still the one that was sent last.
    pub tied: Option<Tied>,
}

/// Looks up what the report in `message` is about. It is shown in the case in which its letter's case is dealt with.
pub async fn about(office: &Office, tx: &mut Tx, message: &Prepared) -> Stored<About> {
    let mut about = letter_of(office, tx, message).await?;
    if let Some(case) = about.case {
        let case = corrections::stands_for(tx, case).await?;
        about.case = if retention::is_anonymised(tx, case).await? { None } else { Some(case) };
    }
    Ok(about)
}

async fn letter_of(office: &Office, tx: &mut Tx, message: &Prepared) -> Stored<About> {
    let reading = &message.representation.reading;
    let Some(report) = reading.report.as_ref() else { return Ok(About::default()) };
    let mut case = None;
    let ids: Vec<&String> = report.about.iter().chain(&message.points_at).collect();
    for id in ids {
        let Some(ours) = office.keys.our_message_id(id) else { continue };
        if let Some(letter) = delivery::by_message_id(tx, id).await? {
            return Ok(About { case: letter.case_id, tied: Some(Tied { letter, proven: true }) });
        }
        // Our letter, and written anew since: its case is known all the same.
        if case.is_none() {
            case = cases::by_reference(tx, &ours.reference.to_string()).await?;
        }
    }
    if case.is_some() {
        return Ok(About { case, tied: None });
    }
    by_recipient(office, tx, report, message.representation.received_at).await
}

/// Without our key: the last letter to an address that the report names.
async fn by_recipient(office: &Office, tx: &mut Tx, report: &Report, received_at: DateTime<Utc>) -> Stored<About> {
    let since = received_at - Duration::days(REPORTS_WITHIN_DAYS);
    let own = office.own_addresses();
    let named = report.recipients.iter().flat_map(|one| one.original.iter().chain([&one.address]));
    let mut named: Vec<&String> = named.chain(&report.addressed_to).collect();
    named.retain(|address| !own.contains(address));
    for address in named {
        if let Some(letter) = delivery::latest_to(tx, address, since).await? {
            return Ok(About { case: letter.case_id, tied: Some(Tied { letter, proven: false }) });
        }
    }
    Ok(About::default())
}
