//! The people of a case, as its page and its form show them; and what officers say of them.

use chrono::{DateTime, Utc};

use super::{Answer, sentence, shown_address};
use crate::{
    casework::{self, Office, Whom},
    ids::Uuid,
    intake::{channel::is_chat, note},
    procedure::case::CaseFile,
    store::{
        Tx,
        cases::{self, CaseRow},
        intake, people,
    },
    web::{
        desk::{DeskAction, DeskError},
        people::{KnownAddress, People},
    },
};

/// What is known, then what the message that opened the case hints; an officer's word stands as it was said.
pub(super) async fn view(office: &Office, tx: &mut Tx, row: &CaseRow, case: &CaseFile) -> Answer<People> {
    let id = row.id;
    let representative = cases::representative(tx, id).await?;
    let (careful, letters_wait) = super::safeguarding::addresses(office, tx, row, case).await?;
    let mut shown = People {
        unsure: case.unsure.as_deref().map(sentence),
        through_representative: row.answered_id.is_some(),
        representative: representative.map(|(_, known)| match (known.name, known.address) {
            (Some(name), Some(address)) => format!("{name}, {address}"),
            (name, address) => name.or(address).unwrap_or_default(),
        }),
        group: case.group.clone(),
        unknown_addresses: unknown_addresses(tx, case).await?,
        careful,
        letters_wait,
        ..People::default()
    };
    if let Some(contact) = row.complainant_id {
        let addresses = people::addresses(tx, contact).await?.into_iter();
        shown.addresses = addresses
            .map(|(of, address)| KnownAddress { contact: of, address: shown_address(&address), own: of == contact })
            .collect();
    }
    let known = match row.complainant_id {
        Some(contact) => cases::contact_details(tx, contact).await?,
        None => cases::ContactDetails::default(),
    };
    shown.by_chat = known.address.as_deref().is_some_and(is_chat);
    shown.name = known.name.unwrap_or_default();
    shown.email = known.address.filter(|address| !is_chat(address)).unwrap_or_default();
    shown.phone = known.phone.unwrap_or_default();
    let reading = cases::opening_message(tx, id).await?.map(|(_, reading)| reading);
    let form = reading.as_ref().and_then(|reading| reading.form.as_ref());
    shown.on_behalf_of = form.and_then(|form| form.on_behalf_of.clone());
    if let Some(said) = &case.complainant {
        shown.relationship = said.relationship.clone().unwrap_or_default();
        shown.recorded_by = said.recorded_by.clone().unwrap_or_default();
    } else if let Some(reading) = reading {
        let ours = |address: &str| office.is_staff(address) || office.own_addresses().iter().any(|own| own == address);
        let hints = note::hints(&reading, ours);
        let fill = |place: &mut String, hint: Option<String>| {
            if place.is_empty() {
                *place = hint.unwrap_or_default();
            }
        };
        fill(&mut shown.name, hints.name);
        if case.unsure.is_some() {
            fill(&mut shown.email, hints.address);
            fill(&mut shown.phone, hints.phone);
        }
        if let Some(staff) = &row.passed_on_by {
            let author = reading.author.filter(|author| author.address.eq_ignore_ascii_case(staff));
            shown.recorded_by = author.and_then(|author| author.name).unwrap_or_else(|| staff.clone());
        }
    }
    Ok(shown)
}

/// Where those messages came from whose senders are to be recognised.
async fn unknown_addresses(tx: &mut Tx, case: &CaseFile) -> Answer<Vec<String>> {
    let mut addresses = Vec::new();
    for message in &case.to_verify {
        let from = intake::representation(tx, *message).await?.as_ref().and_then(casework::sender);
        addresses.extend(from.filter(|address| !is_chat(address)));
    }
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
}

/// An officer says who is who in the case, last seen in `version`. Its new version.
pub(super) async fn say(
    office: &Office,
    tx: &mut Tx,
    (id, version): (Uuid, i64),
    by: Uuid,
    action: DeskAction,
    now: DateTime<Utc>,
) -> Answer<i64> {
    let seen = Some(version);
    Ok(match action {
        DeskAction::SetComplainant(whom) => set_complainant(office, tx, id, version, by, whom, now).await?,
        DeskAction::AcceptSender { message } => casework::accept_sender(office, tx, id, seen, by, message, now).await?,
        DeskAction::SamePerson { address } => casework::same_person(office, tx, id, seen, by, &address, now).await?,
        DeskAction::AnotherPerson { contact } => {
            casework::another_person(office, tx, id, seen, by, contact, now).await?
        }
        DeskAction::SetGroup(group) => casework::set_group(office, tx, id, seen, by, group, now).await?,
        DeskAction::SetSubject { who, is } => casework::set_subject(office, tx, (id, seen), by, &who, is, now).await?,
        DeskAction::AdmitManager { email, reason } => {
            casework::admit_manager(office, tx, (id, seen), by, &email, &reason, now).await?
        }
        _ => return Err(DeskError::NotFound),
    })
}

/// An officer says whose complaint it is.
async fn set_complainant(
    office: &Office,
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    by: Uuid,
    mut whom: Whom,
    now: DateTime<Utc>,
) -> Answer<i64> {
    if whom.address.is_none() {
        // The form has no field for a chat: it stays.
        let row = cases::get(tx, id).await?.ok_or(DeskError::NotFound)?;
        if let Some(contact) = row.complainant_id {
            whom.address = cases::contact_details(tx, contact).await?.address.filter(|address| is_chat(address));
        }
    }
    Ok(casework::set_complainant(office, tx, id, Some(version), by, whom, now).await?)
}
