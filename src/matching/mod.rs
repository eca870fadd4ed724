//! Matching: which case a message belongs to. One issue of one family is one case.

pub mod decide;

use crate::{
    casework::Office,
    clock::london_date,
    ids::Uuid,
    intake::prepare::Prepared,
    store::{Stored, Tx, cases, intake},
};
use decide::{Candidates, Pointed};

/// Looks up what speaks for a case: the same message, our token, the thread, the same words, a quoted
/// reference, the running chat.
pub async fn candidates(office: &Office, tx: &mut Tx, message: &Prepared) -> Stored<Candidates> {
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
        let contact =
            intake::contact(tx, address, representation.author_name.as_deref(), representation.received_at).await?;
        let days = i64::from(office.conversation_days);
        found.chat = cases::latest_chat(tx, contact)
            .await?
            .filter(|(_, last)| (london_date(representation.received_at) - london_date(*last)).num_days() <= days)
            .map(|(case, _)| case);
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
        if let Some(case) = cases::by_reference(tx, &reference.to_string()).await? {
            return pointed(tx, case, message).await.map(Some);
        }
    }
    Ok(None)
}

/// The case that most of the ids lead to; of two with as many, the one the thread began in. One reply without headers
/// in the middle of a thread has a case of its own, and must not draw the rest of the thread away.
async fn thread_case(tx: &mut Tx, message: &Prepared) -> Stored<Option<Pointed>> {
    let mut found: Vec<(Uuid, usize)> = Vec::new();
    for id in &message.points_at {
        let Some(case) = cases::by_thread_id(tx, id).await? else { continue };
        match found.iter_mut().find(|(known, _)| *known == case) {
            Some((_, ids)) => *ids += 1,
            None => found.push((case, 1)),
        }
    }
    let mut strangers = None;
    found.reverse();
    found.sort_by_key(|(_, ids)| std::cmp::Reverse(*ids));
    for (case, _) in found {
        let pointed = pointed(tx, case, message).await?;
        if pointed.by_party {
            return Ok(Some(pointed));
        }
        strangers.get_or_insert(pointed);
    }
    Ok(strangers)
}

/// The case whose reference the message quotes: the first that its sender is a party to, else the first there is.
async fn quoted_case(tx: &mut Tx, message: &Prepared) -> Stored<Option<Pointed>> {
    let mut first = None;
    for reference in &message.quotes {
        let Some(case) = cases::by_reference(tx, &reference.to_string()).await? else { continue };
        let pointed = pointed(tx, case, message).await?;
        if pointed.by_party {
            return Ok(Some(pointed));
        }
        first.get_or_insert(pointed);
    }
    Ok(first)
}

async fn pointed(tx: &mut Tx, case: Uuid, message: &Prepared) -> Stored<Pointed> {
    let by_party = match &message.speaker {
        Some(address) => cases::is_participant(tx, case, address).await?,
        None => false,
    };
    Ok(Pointed { case, by_party })
}
