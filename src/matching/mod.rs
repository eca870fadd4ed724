//! Matching: which case a message belongs to. One issue of one family is one case.

pub mod decide;
pub mod joint;
mod labelled;
pub mod likeness;
pub mod measure;
pub mod names;
pub mod near;
pub mod pairs;
pub mod report;
pub mod same;
pub mod threads;

use regex::Regex;

use crate::{
    casework::Office,
    clock::london_date,
    ids::{CaseReference, Uuid},
    intake::prepare::Prepared,
    labelling::labels::Suggestion,
    store::{Stored, Tx, cases, corrections, intake, retention},
};
use decide::{Candidates, Pointed};

/// A pattern that is part of the program.
#[allow(clippy::unwrap_used, reason = "constant expressions, each compiled by the tests")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Looks up what speaks for a case: the same message, our token, the thread, the same words, a quoted
/// reference, the running chat, the same matter.
pub async fn candidates(
    office: &Office,
    tx: &mut Tx,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
) -> Stored<Candidates> {
    let representation = &message.representation;
    let mut found = Candidates {
        same_content: intake::by_content(tx, &representation.content_key).await?,
        ..Candidates::default()
    };
    if found.same_content.is_some() {
        return Ok(found);
    }
    found.token = token_case(office, tx, message).await?;
    found.thread = thread_case(tx, message).await?;
    found.reported = report::about(office, tx, message).await?;
    if found.thread.is_none() && found.token.is_none() {
        found.awaited = awaiting_case(tx, message).await?;
    }
    if let Some(key) = &representation.words_key
        && let Some(case) = intake::by_words(tx, key).await?.and_then(|known| known.case_id)
    {
        found.same_words = Some(pointed(tx, case, message).await?);
    }
    found.reference = quoted_case(tx, message).await?;
    if representation.channel == "chat"
        && !message.automated
        && let Some(address) = &representation.author_address
    {
        let days = i64::from(office.conversation_days);
        found.chat = cases::latest_chat(tx, address)
            .await?
            .filter(|(_, last)| (london_date(representation.received_at) - london_date(*last)).num_days() <= days)
            .map(|(case, _)| case);
    }
    // Only what points at nothing is judged by what it says: that costs a look at every case of the family.
    if !message.automated && !found.is_pointed() {
        found.near = near::nearest(office, tx, message, suggestion).await?;
    }
    Ok(found)
}

async fn token_case(office: &Office, tx: &mut Tx, message: &Prepared) -> Stored<Option<Pointed>> {
    let reading = &message.representation.reading;
    let from_addresses = reading.recipients.iter().filter_map(|person| office.keys.answered_case(&person.address));
    let from_ids = message.points_at.iter().filter_map(|id| office.keys.our_message_id(id)).map(|id| id.reference);
    let mut references: Vec<_> = from_addresses.chain(from_ids).collect();
    references.dedup();
    for reference in references {
        if let Some(case) = dealt_with_in(tx, reference).await? {
            return pointed(tx, case, message).await.map(Some);
        }
    }
    Ok(None)
}

/// The case that the ids of the message lead to; one that its author is a party of comes before any other.
async fn thread_case(tx: &mut Tx, message: &Prepared) -> Stored<Option<Pointed>> {
    let mut led_to = Vec::new();
    for id in &message.points_at {
        led_to.extend(cases::by_thread_id(tx, id).await?);
    }
    let mut strangers = None;
    for case in threads::by_weight(&led_to) {
        let pointed = pointed(tx, case, message).await?;
        if pointed.by_party {
            return Ok(Some(pointed));
        }
        strangers.get_or_insert(pointed);
    }
    Ok(strangers)
}

/// The case in which a message of the same person answers this one, or answers what this one answers, though that was
/// never seen: mail does not always come in the order in which it was written.
async fn awaiting_case(tx: &mut Tx, message: &Prepared) -> Stored<Option<Uuid>> {
    let mut led_to = Vec::new();
    for id in message.representation.message_id.iter().chain(&message.points_at) {
        led_to.extend(cases::awaiting(tx, id).await?);
    }
    for case in threads::by_weight(&led_to) {
        // Anybody can refer to a message that is still to come: to its author only their own case counts.
        if pointed(tx, case, message).await?.by_party {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// The case whose reference the message quotes: the first that its sender is a party to, else the first there is.
async fn quoted_case(tx: &mut Tx, message: &Prepared) -> Stored<Option<Pointed>> {
    let mut first = None;
    for reference in &message.quotes {
        let Some(case) = dealt_with_in(tx, *reference).await? else { continue };
        let pointed = pointed(tx, case, message).await?;
        if pointed.by_party {
            return Ok(Some(pointed));
        }
        first.get_or_insert(pointed);
    }
    Ok(first)
}

/// The case with this reference, or the one that it was merged into: what a family was told once leads them there.
async fn dealt_with_in(tx: &mut Tx, reference: CaseReference) -> Stored<Option<Uuid>> {
    match cases::by_reference(tx, &reference.to_string()).await? {
        Some(case) => {
            let case = corrections::stands_for(tx, case).await?;
            // A case of which nothing says who any more is nobody's: what comes is a matter of its own.
            Ok(if retention::is_anonymised(tx, case).await? { None } else { Some(case) })
        }
        None => Ok(None),
    }
}

async fn pointed(tx: &mut Tx, case: Uuid, message: &Prepared) -> Stored<Pointed> {
    let by_party = match &message.speaker {
        Some(address) => cases::is_participant(tx, case, address).await?,
        None => false,
    };
    Ok(Pointed { case, by_party })
}
