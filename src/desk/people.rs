//! The people of a case, as its page and its form show them; and what officers say of them.

use chrono::{DateTime, Utc};

use super::{Answer, sentence};
use crate::{
    casework::{self, Office, Whom},
    ids::Uuid,
    intake::note,
    procedure::case::CaseFile,
    store::{Tx, cases},
    web::{desk::DeskError, people::People},
};

/// What is known, then what the message that opened the case hints; an officer's word stands as it was said.
pub(super) async fn view(office: &Office, tx: &mut Tx, id: Uuid, case: &CaseFile) -> Answer<People> {
    let row = cases::get(tx, id).await?.ok_or(DeskError::NotFound)?;
    let representative = cases::representative(tx, id).await?;
    let mut people = People {
        unsure: case.unsure.as_deref().map(sentence),
        through_representative: row.answered_id.is_some(),
        representative: representative.map(|(_, known)| match (known.name, known.address) {
            (Some(name), Some(address)) => format!("{name}, {address}"),
            (name, address) => name.or(address).unwrap_or_default(),
        }),
        ..People::default()
    };
    let known = match row.complainant_id {
        Some(contact) => cases::contact_details(tx, contact).await?,
        None => cases::ContactDetails::default(),
    };
    people.by_chat = known.address.as_deref().is_some_and(is_chat);
    people.name = known.name.unwrap_or_default();
    people.email = known.address.filter(|address| !is_chat(address)).unwrap_or_default();
    people.phone = known.phone.unwrap_or_default();
    let reading = cases::opening_message(tx, id).await?.map(|(_, reading)| reading);
    let form = reading.as_ref().and_then(|reading| reading.form.as_ref());
    people.on_behalf_of = form.and_then(|form| form.on_behalf_of.clone());
    if let Some(said) = &case.complainant {
        people.relationship = said.relationship.clone().unwrap_or_default();
        people.recorded_by = said.recorded_by.clone().unwrap_or_default();
    } else if let Some(reading) = reading {
        let ours = |address: &str| office.is_staff(address) || office.own_addresses().iter().any(|own| own == address);
        let hints = note::hints(&reading, ours);
        let fill = |place: &mut String, hint: Option<String>| {
            if place.is_empty() {
                *place = hint.unwrap_or_default();
            }
        };
        fill(&mut people.name, hints.name);
        if case.unsure.is_some() {
            fill(&mut people.email, hints.address);
            fill(&mut people.phone, hints.phone);
        }
        if let Some(staff) = &row.passed_on_by {
            let author = reading.author.filter(|author| author.address.eq_ignore_ascii_case(staff));
            people.recorded_by = author.and_then(|author| author.name).unwrap_or_else(|| staff.clone());
        }
    }
    Ok(people)
}

fn is_chat(address: &str) -> bool {
    address.starts_with("telegram:")
}

/// An officer says whose complaint it is.
pub(super) async fn set_complainant(
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
