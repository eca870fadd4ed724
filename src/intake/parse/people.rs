//! Who wrote a message and to whom, out of headers that may be broken or stand twice.

use mail_parser::{Addr, HeaderName, HeaderValue, Message};

use super::ReadContext;
use crate::intake::{
    header_block,
    headers::{Headers, on_one_line},
    reading::Person,
    screen,
};

/// At most so many recipients are listed.
const MOST_RECIPIENTS: usize = 1_000;

/// The people in the header.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Who wrote it: for a form the person in its Reply-To.
    pub author: Option<Person>,
    /// Everyone in all From fields.
    pub from: Vec<Person>,
    /// Two From fields name different people.
    pub differ: bool,
    /// `Sender`.
    pub sender: Option<Person>,
    /// `Reply-To`.
    pub reply_to: Option<Person>,
    /// `To` and `Cc`.
    pub recipients: Vec<Person>,
    /// A form on the list, with a person to answer.
    pub is_form: bool,
    /// A form on the list, without.
    pub is_form_without_person: bool,
}

impl People {
    pub fn of(message: &Message<'_>, headers: &Headers, context: &ReadContext) -> Self {
        let from = people(message, &HeaderName::From);
        let first_of_each: Vec<&Person> = from.iter().filter_map(|field| field.first()).collect();
        let differ = first_of_each.windows(2).any(|two| matches!(two, [a, b] if a.address != b.address));
        let sender = people(message, &HeaderName::Sender).into_iter().flatten().next();
        let reply_to = people(message, &HeaderName::ReplyTo).into_iter().flatten().find(|p| !p.address.is_empty());
        let mut recipients: Vec<Person> = people(message, &HeaderName::To).into_iter().flatten().collect();
        recipients.extend(people(message, &HeaderName::Cc).into_iter().flatten());
        recipients.retain(|person| !person.address.is_empty());
        recipients.truncate(MOST_RECIPIENTS);
        let first = from.first().and_then(|field| {
            // With several authors the sender is the one who pressed the button (RFC 5322 section 3.6.2).
            let named = sender.as_ref().and_then(|sender| field.iter().find(|p| p.address == sender.address));
            named.or_else(|| field.iter().find(|p| !p.address.is_empty())).or_else(|| field.first()).cloned()
        });
        let is_own = |address: &str| context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(address));
        let listed = first
            .as_ref()
            .is_some_and(|p| context.form_senders.iter().any(|form| form.trim().eq_ignore_ascii_case(&p.address)));
        // Whoever forges the form's address must not be able to have a stranger answered.
        let forged = headers.first("authentication-results").is_some_and(|result| {
            let result = result.to_ascii_lowercase();
            result.contains("dmarc=fail") || result.contains("spf=fail")
        });
        let person = reply_to.clone().filter(|p| !is_own(&p.address) && !screen::nobody_reads(&p.address));
        let is_form = listed && !forged && !differ && person.is_some();
        let is_form_without_person = listed && person.is_none();
        let author = match (is_form, is_form_without_person) {
            (true, _) => person,
            (_, true) => None,
            _ => first,
        };
        Self {
            author,
            from: from.into_iter().flatten().collect(),
            differ,
            sender,
            reply_to,
            recipients,
            is_form,
            is_form_without_person,
        }
    }
}

/// The people in every field of a name: one list a field.
fn people(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<Vec<Person>> {
    let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    fields
        .iter()
        .filter(|field| field.name == *name)
        .take(20)
        .map(|field| match &field.value {
            HeaderValue::Address(address) => {
                let found: Vec<Person> = address
                    .iter()
                    .take(MOST_RECIPIENTS)
                    .filter_map(person)
                    .filter(|p| *p != Person::default())
                    .collect();
                if found.iter().any(|p| p.address.contains('@')) {
                    found
                } else {
                    by_pattern(message, field).unwrap_or(found)
                }
            }
            _ => by_pattern(message, field).unwrap_or_default(),
        })
        .filter(|list| !list.is_empty())
        .collect()
}

fn person(addr: &Addr<'_>) -> Option<Person> {
    let written = addr.address().map(on_one_line).unwrap_or_default();
    let name =
        addr.name().map(on_one_line).map(|n| n.trim_matches(['"', '\'', ' ']).to_owned()).filter(|n| !n.is_empty());
    if written.contains('@') {
        // Two addresses without a comma between are two; one with a blank in it is one.
        let first =
            written.split(' ').find(|word| word.contains('@') && !word.starts_with('@') && !word.ends_with('@'));
        let address = first.map_or_else(|| written.replace(' ', ""), str::to_owned);
        let address = address.trim_matches(['<', '>', '"', '\'', ',', ';']).to_lowercase();
        return Some(Person { name, address });
    }
    // A name without an address is taken for an address by the parser.
    let name = name.or_else(|| (!written.is_empty()).then(|| written.clone()))?;
    Some(Person { name: Some(name), address: String::new() })
}

fn by_pattern(message: &Message<'_>, field: &mail_parser::Header<'_>) -> Option<Vec<Person>> {
    let raw = message.raw_message.get(field.offset_start as usize..field.offset_end as usize)?;
    let found = header_block::person(&String::from_utf8_lossy(raw.get(..2_000).unwrap_or(raw)));
    (!found.address.is_empty()).then(|| vec![found])
}
