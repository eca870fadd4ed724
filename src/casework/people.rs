//! Who is who in a case, as officers say: whose complaint it is, and who writes about it without being in it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{COMPLAINANT, CaseworkError, MEMBER, NAMED, Office, PARTY, act, fold, independence, written_to};
use crate::{
    ids::Uuid,
    procedure::{
        case::CaseFile,
        decide::{Command, Refusal},
        event::{Complainant, Event, Group, Member, Recorded, Relation},
    },
    store::{
        Tx,
        cases::{self, CaseRow},
        corrections,
        intake::{self, Representation},
        joint, outbox, people,
    },
};

/// Whose complaint it is, as an officer typed it; every text trimmed, None when empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// Name.
    pub name: Option<String>,
    /// Email address, or the chat that it was before.
    pub address: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// What they are to the child.
    pub relationship: Option<String>,
    /// Who took it down.
    pub recorded_by: Option<String>,
    /// Letters go on to whoever wrote for them.
    pub through_representative: bool,
}

/// An officer says whose complaint it is, or that it is right as it stands. The acknowledgement that waited goes out.
/// Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn set_complainant(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Uuid,
    whom: Whom,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let case = fold(&cases::history(tx, id).await?, id)?;
    let was = match case.complainant {
        Some(said) => said,
        None => as_opened(tx, &row).await?,
    };
    let was = Box::new(was);
    let address = whom.address.map(|address| address.to_lowercase());
    let contact = match &address {
        Some(address) => intake::contact(tx, address, whom.name.as_deref(), now).await?,
        // Somebody without an address stays who they are; whoever has one is another person.
        None => match was.contact.filter(|_| was.address.is_none()) {
            Some(contact) => contact,
            None => intake::nameless_contact(tx, whom.name.as_deref(), now).await?,
        },
    };
    let person = Box::new(Complainant {
        contact: Some(contact),
        name: whom.name,
        address,
        phone: whom.phone,
        relationship: whom.relationship,
        recorded_by: whom.recorded_by,
        answered: match whom.through_representative {
            true => cases::representative(tx, id).await?.map(|(contact, _)| contact),
            false => None,
        },
        party: true,
    });
    act(office, tx, id, seen, Some(by), &Command::SetComplainant { person, was }, now).await
}

/// Whose complaint it was taken for when the case was opened.
async fn as_opened(tx: &mut Tx, row: &CaseRow) -> Result<Complainant, CaseworkError> {
    let mut was = Complainant { answered: row.answered_id, ..Complainant::default() };
    if let Some(contact) = row.complainant_id {
        let known = cases::contact_details(tx, contact).await?;
        was.contact = Some(contact);
        (was.name, was.address, was.phone) = (known.name, known.address, known.phone);
        was.party = cases::role_of(tx, row.id, contact).await?.as_deref() != Some(NAMED);
    }
    Ok(was)
}

/// An officer recognises the sender of a message that waits to be verified: they become a party, and the message belongs
/// to the case. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn accept_sender(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Uuid,
    representation: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let message = intake::representation(tx, representation).await?.ok_or(CaseworkError::NotFound)?;
    let contact = match sender(&message) {
        Some(address) if !cases::is_participant(tx, id, &address).await? => {
            Some(intake::contact(tx, &address, message.author_name.as_deref(), now).await?)
        }
        _ => None,
    };
    let command = Command::AcceptSender { representation, contact };
    act(office, tx, id, seen, Some(by), &command, now).await
}

/// Whose a message is. What staff passed on is the family's; what anybody else passed on is theirs to answer for.
pub fn sender(message: &Representation) -> Option<String> {
    match (&message.passed_on_by, &message.reading.author) {
        (None, Some(author)) if !author.address.is_empty() => Some(author.address.clone()),
        _ => message.author_address.clone(),
    }
}

/// An officer says that the complainant also writes from `address`: what comes from it is theirs, in every case of theirs, and
/// what came from it into this one and waited to be verified belongs to it. Letters go where they went. Returns the case's new
/// version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn same_person(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let address = address.to_lowercase();
    if office.own_addresses().contains(&address) {
        return Err(Refusal::OwnAddress.into());
    }
    let person = person_of_complainant(tx, id).await?.1;
    let contact = intake::contact(tx, &address, None, now).await?;
    let was = people::person_of(tx, contact).await?.unwrap_or(contact);
    let messages = waiting_from(tx, id, &address).await?;
    let command = Command::SamePerson { contact, address, person, was, messages, shown: String::new() };
    act(office, tx, id, seen, Some(by), &command, now).await
}

/// It was shown that whoever has the key `person` also writes from `address`, without an officer: `shown` says how. What came from it
/// into this case and waited to be verified belongs to it.
pub(super) async fn shown_to_be(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    (address, person): (&str, Uuid),
    shown: &str,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    if office.own_addresses().iter().any(|own| own == address) {
        return Err(Refusal::OwnAddress.into());
    }
    let contact = intake::contact(tx, address, None, now).await?;
    let was = people::person_of(tx, contact).await?.unwrap_or(contact);
    let messages = waiting_from(tx, id, address).await?;
    let (address, shown) = (address.to_owned(), shown.to_owned());
    let command = Command::SamePerson { contact, address, person, was, messages, shown };
    act(office, tx, id, None, None, &command, now).await.map(|_| ())
}

/// The messages of the case that came from `address` and wait to be verified.
async fn waiting_from(tx: &mut Tx, id: Uuid, address: &str) -> Result<Vec<Uuid>, CaseworkError> {
    let mut messages = Vec::new();
    for message in fold(&cases::history(tx, id).await?, id)?.to_verify {
        let from = intake::representation(tx, message).await?.as_ref().and_then(sender);
        if from.is_some_and(|from| from.eq_ignore_ascii_case(address)) {
            messages.push(message);
        }
    }
    Ok(messages)
}

/// An officer says that the contact, so far taken for the complainant by another address, is somebody else. Returns the
/// case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn another_person(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Uuid,
    contact: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let (complainant, was) = person_of_complainant(tx, id).await?;
    let others = people::addresses(tx, complainant).await?.into_iter().filter(|(other, _)| *other != complainant);
    let Some((_, address)) = others.into_iter().find(|(other, _)| *other == contact) else {
        return Err(Refusal::AnotherPersonAlready.into());
    };
    let command = Command::AnotherPerson { contact, address, person: Uuid::now_v7(), was };
    act(office, tx, id, seen, Some(by), &command, now).await
}

/// The complainant's contact, and the key of the person.
async fn person_of_complainant(tx: &mut Tx, id: Uuid) -> Result<(Uuid, Uuid), CaseworkError> {
    let row = cases::get(tx, id).await?.ok_or(CaseworkError::NotFound)?;
    let contact = row.complainant_id.ok_or(Refusal::NoComplainant)?;
    Ok((contact, people::person_of(tx, contact).await?.unwrap_or(contact)))
}

/// An officer says who complains together with the complainant; an empty group: nobody does. Whoever has an address is a party
/// of the case; letters go to the complainant alone. Returns the case's new version.
///
/// # Errors
///
/// [`CaseworkError`]; then the transaction must not be committed.
pub async fn set_group(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    seen: Option<i64>,
    by: Uuid,
    group: Option<Group>,
    now: DateTime<Utc>,
) -> Result<i64, CaseworkError> {
    let known = fold(&cases::history(tx, id).await?, id)?.group.unwrap_or_default().members;
    let group = match group {
        None => None,
        Some(mut group) => {
            for member in &mut group.members {
                member.address = member.address.take().map(|address| address.to_lowercase());
                member.contact = Some(contact_of(tx, member, &known, now).await?);
            }
            Some(group)
        }
    };
    act(office, tx, id, seen, Some(by), &Command::SetGroup(group), now).await
}

/// The member's contact: whoever has no address stays who they were in the group.
async fn contact_of(tx: &mut Tx, member: &Member, known: &[Member], now: DateTime<Utc>) -> Result<Uuid, CaseworkError> {
    if let Some(address) = &member.address {
        return Ok(intake::contact(tx, address, member.name.as_deref(), now).await?);
    }
    let before = known.iter().find(|other| other.address.is_none() && other.name == member.name);
    match before.and_then(|other| other.contact) {
        Some(contact) => Ok(contact),
        None => Ok(intake::nameless_contact(tx, member.name.as_deref(), now).await?),
    }
}

/// Brings what stands beside the events in line with them: the complainant's contact, the parties, how messages belong, which
/// case it was merged into, and which joint complaint it is in. An undo comes the same way as what it takes back.
pub(super) async fn follow(
    office: &Office,
    tx: &mut Tx,
    mut row: CaseRow,
    before: &CaseFile,
    case: &CaseFile,
    history: &[Recorded],
) -> Result<CaseRow, CaseworkError> {
    if before.merged_into != case.merged_into {
        corrections::set_merged(tx, row.id, case.merged_into.as_ref().map(|(other, _)| *other)).await?;
    }
    if before.subjects != case.subjects || before.admitted != case.admitted {
        independence::keep_out(office, tx, row.id, case).await?;
    }
    if before.course.people != case.course.people {
        independence::let_in(tx, row.id, case).await?;
    }
    super::safeguarding::follow(tx, before, history).await?;
    if before.joint != case.joint {
        joint::put_case(tx, row.id, case.joint.as_ref().map(|(joint, _)| *joint)).await?;
    }
    if before.complainant != case.complainant
        && let Some(person) = &case.complainant
    {
        if let Some(old) = row.complainant_id {
            for role in [COMPLAINANT, NAMED] {
                cases::remove_participant(tx, row.id, old, role).await?;
            }
        }
        if let Some(contact) = person.contact {
            cases::describe_contact(tx, contact, person.name.as_deref(), person.phone.as_deref()).await?;
            cases::add_participant(tx, row.id, contact, if person.party { COMPLAINANT } else { NAMED }).await?;
        }
        cases::set_people(tx, row.id, person.contact, person.answered).await?;
        (row.complainant_id, row.answered_id) = (person.contact, person.answered);
    }
    for (contact, person) in &case.persons {
        if before.persons.get(contact) != Some(person) {
            people::set_person(tx, *contact, *person).await?;
        }
    }
    if before.group != case.group {
        let (was, is) = (contacts_of(before), contacts_of(case));
        for contact in was.difference(&is) {
            cases::remove_participant(tx, row.id, *contact, MEMBER).await?;
        }
        for contact in is.difference(&was) {
            cases::add_participant(tx, row.id, *contact, MEMBER).await?;
        }
    }
    for (message, contact) in &case.accepted {
        if !before.accepted.contains_key(message) {
            cases::set_relation(tx, row.id, *message, Relation::SameIssue, RECOGNISED).await?;
            if let Some(contact) = contact {
                cases::add_participant(tx, row.id, *contact, PARTY).await?;
            }
            if let Some(message_id) = cases::message_id(tx, *message).await? {
                cases::add_thread_id(tx, row.id, &message_id).await?;
            }
        }
    }
    for (message, contact) in &before.accepted {
        if !case.accepted.contains_key(message) {
            let why = why_added(history, *message);
            cases::set_relation(tx, row.id, *message, Relation::UnverifiedSender, &why).await?;
            if let Some(contact) = contact {
                cases::remove_participant(tx, row.id, *contact, PARTY).await?;
            }
            if let Some(message_id) = cases::message_id(tx, *message).await? {
                cases::remove_thread_id(tx, row.id, &message_id).await?;
            }
        }
    }
    Ok(row)
}

fn contacts_of(case: &CaseFile) -> BTreeSet<Uuid> {
    case.group.iter().flat_map(|group| &group.members).filter_map(|member| member.contact).collect()
}

/// Whether the acknowledgement of this case went to whoever is to be written to now, or is on its way there.
pub(super) async fn was_told(tx: &mut Tx, row: &CaseRow) -> Result<bool, CaseworkError> {
    let Some(address) = written_to(tx, row).await?.address else { return Ok(false) };
    Ok(outbox::was_told(tx, row.id, &address).await?)
}

/// Why a message is in the case whose sender an officer recognised.
const RECOGNISED: &str = "comes from somebody whom an officer recognised";

fn why_added(history: &[Recorded], message: Uuid) -> String {
    let added = history.iter().find_map(|recorded| match &recorded.event {
        Event::MessageAdded { representation, why, .. } if *representation == message => Some(why.clone()),
        _ => None,
    });
    added.unwrap_or_default()
}
