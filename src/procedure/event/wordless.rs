//! An event without what people wrote. Pure.

use serde_json::Value;

use super::Event;
use crate::ids::CaseReference;

/// What stands in place of words that were taken out.
pub const REMOVED: &str = "[removed]";

/// Texts of the program's own, by their keys: kinds of letters, names of duties and calendars.
const OWN_WORDS: [&str; 3] = ["letter", "duty", "version"];
/// Maps by work addresses, and lists of accounts: they say whom a case was about.
const OF_PEOPLE: [&str; 2] = ["subjects", "accounts"];

/// `event` with every text in it taken out, whoever wrote it; words that only one of a few can stand in their place stay, and so do
/// dates, keys, numbers and the references of cases. That holds for events that do not exist yet too: whatever can be any text goes.
#[must_use]
pub fn without_words(event: &Event) -> Event {
    let Ok(mut body) = serde_json::to_value(event) else { return event.clone() };
    let mut places = Vec::new();
    empty_people(&mut body);
    texts(&body, String::new(), &mut places);
    for place in places {
        let Some(text) = body.pointer_mut(&place) else { continue };
        let was = std::mem::replace(text, Value::String(REMOVED.to_owned()));
        // What must be one of a few words, a date or a key cannot be any text.
        if serde_json::from_value::<Event>(body.clone()).is_err()
            && let Some(text) = body.pointer_mut(&place)
        {
            *text = was;
        }
    }
    serde_json::from_value(body).unwrap_or_else(|_| event.clone())
}

fn empty_people(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(inner) if OF_PEOPLE.contains(&name.as_str()) => inner.clear(),
                    Value::Array(inner) if OF_PEOPLE.contains(&name.as_str()) => inner.clear(),
                    value => empty_people(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(empty_people),
        _ => {}
    }
}

/// Where texts stand that are to go, as JSON pointers.
fn texts(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(_) => found.push(at),
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                texts(item, format!("{at}/{number}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let own = OWN_WORDS.contains(&name.as_str());
                let reference = name == "reference" && field.as_str().is_some_and(is_reference);
                if !own && !reference {
                    texts(field, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
        }
        _ => {}
    }
}

/// A case's, or a joint complaint's.
fn is_reference(text: &str) -> bool {
    let joint = text.starts_with("HRD-J-") && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    joint || text.parse::<CaseReference>().is_ok()
}
