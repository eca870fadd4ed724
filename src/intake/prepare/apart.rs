//! Several messages passed on at once: each family's words by themselves.

use crate::{
    casework::Office,
    intake::{
        body,
        reading::{Forwarded, Person, Reading},
    },
};

/// One reading for each person whose message staff pass on: what one family wrote must not lie in another's case. What
/// the same person wrote, what colleagues wrote in between, and what a family had attached stays together.
pub(super) fn apart(mut reading: Reading, office: &Office) -> Vec<Reading> {
    let also = std::mem::take(&mut reading.also_forwarded);
    let is_staff = |person: Option<&Person>| person.is_some_and(|person| office.is_staff(&person.address));
    let author_of = |reading: &Reading| reading.forwarded.as_ref().and_then(|inside| inside.from.clone());
    let by_staff = is_staff(reading.author.as_ref());
    let mut first = reading;
    let mut others: Vec<Reading> = Vec::new();
    let mut below = String::new();
    for next in also {
        let from = next.from.clone();
        let enclosed = first.forwarded.as_ref().is_some_and(|inside| was_sent_to_them(inside, &next));
        // Passed on by a family, all of it belongs to what they say.
        if !by_staff || is_staff(from.as_ref()) || enclosed {
            add_message_below(&mut below, &next);
        } else if is_staff(author_of(&first).as_ref()) {
            // The first is a colleague's: the family's takes its place.
            if let Some(colleagues) = first.forwarded.replace(next) {
                add_message_below(&mut below, &colleagues);
            }
        } else if let Some(inside) = std::iter::once(&mut first)
            .chain(&mut others)
            .find(|known| same_person(author_of(known).as_ref(), from.as_ref()))
            .and_then(|known| known.forwarded.as_mut())
        {
            body::add_below(&mut inside.text, &next.text);
        } else {
            others.push(Reading {
                quoted_text: String::new(),
                attachments: Vec::new(),
                in_reply_to: Vec::new(),
                references: Vec::new(),
                forwarded: Some(next),
                ..first.clone()
            });
        }
    }
    if !others.is_empty() {
        // What several messages quote is kept with the message as it came: here it may be another family's.
        first.quoted_text.clear();
    }
    body::add_below(&mut first.quoted_text, &below);
    std::iter::once(first).chain(others).collect()
}

/// Whether the author of `message` had received `attached` and sent it along: it is what they complain of.
fn was_sent_to_them(message: &Forwarded, attached: &Forwarded) -> bool {
    let (Some(author), Some(to)) = (&message.from, &attached.to) else { return false };
    let to = to.to_lowercase();
    let whole = attached.header.is_empty() && !message.header.is_empty();
    whole && !author.address.is_empty() && to.contains(&author.address.to_lowercase())
}

/// A message that belongs to what stands above it: its header and its words.
fn add_message_below(text: &mut String, message: &Forwarded) {
    let from = message.from.as_ref().map(|from| match &from.name {
        Some(name) => format!("From: {name} <{}>", from.address),
        None => format!("From: {}", from.address),
    });
    let header = if message.header.is_empty() { from.unwrap_or_default() } else { message.header.clone() };
    body::add_below(text, &header);
    body::add_below(text, message.whole.as_deref().unwrap_or(&message.text));
}

fn same_person(one: Option<&Person>, other: Option<&Person>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) if !one.address.is_empty() && !other.address.is_empty() => {
            one.address.eq_ignore_ascii_case(&other.address)
        }
        (Some(one), Some(other)) => one.name.is_some() && one.name == other.name,
        _ => false,
    }
}
