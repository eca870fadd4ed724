//! How an alert reads: what, since when, why, what to do. No person's name or address.

use super::{conditions::Condition, due::Open};
use crate::clock::long_date_time;

/// So many faults are told one by one in a message.
const MOST: usize = 8;

/// Whose Heard it is, and where more stands.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// The council's name.
    pub council: String,
    /// The health page.
    pub page: String,
    /// How often it is said again, in hours.
    pub repeat_hours: u32,
}

/// One message for what is wrong (`again`: told before) and what is mended.
#[must_use]
pub fn message(head: &Letterhead, wrong: &[(&Condition, bool)], mended: &[&Open]) -> String {
    let mut parts = Vec::new();
    let council = &head.council;
    if wrong.is_empty() {
        parts.push(format!("{council}: Heard works again."));
    } else {
        parts.push(format!("{council}: Heard needs somebody."));
    }
    for (condition, again) in wrong.iter().take(MOST) {
        parts.push(fault(condition, *again));
    }
    for open in mended.iter().take(MOST) {
        parts.push(format!("{} works again. It had not since {}.", capital(&open.title), long_date_time(open.since)));
    }
    let more = wrong.len().saturating_sub(MOST) + mended.len().saturating_sub(MOST);
    if more > 0 {
        parts.push(format!("And {more} more."));
    }
    let mut end = String::new();
    if !wrong.is_empty() {
        end = format!(
            "Nothing is lost: messages wait in their mailboxes, letters in the outbox. This is said again every {} until it \
             is mended. ",
            if head.repeat_hours == 1 { "hour".to_owned() } else { format!("{} hours", head.repeat_hours) }
        );
    }
    parts.push(format!("{end}More: {}", head.page));
    parts.join("\n\n")
}

fn fault(condition: &Condition, again: bool) -> String {
    let Condition { title, harm, since, fault, remedy, .. } = condition;
    let state = if again { "still does not work. It has not" } else { "has not worked" };
    format!(
        "{} {state} since {}: {harm}.\nWhy: {fault}.\nWhat to do: {remedy}.",
        capital(title),
        long_date_time(*since)
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What is sent to try a channel out.
#[must_use]
pub fn trial(head: &Letterhead) -> String {
    format!("{}: this is a trial. Heard will tell here when mail cannot be read or sent.", head.council)
}
