//! Messages from our own form, made ready like mail.

use chrono::{DateTime, Utc};

use super::{Prepared, prepare};
use crate::{
    casework::{Office, survey::PLACE},
    clock::london_date,
    ids::Uuid,
    intake::own_form::{Submission, WEB_FORM},
    replies::token::keyed_hash,
};

/// The key of a message with this hash that came on the day of `at`: sent again on another day, it is another message.
#[must_use]
pub fn form_key(hash: &str, at: DateTime<Utc>) -> String {
    format!("form|{hash}|{}", london_date(at))
}

/// Prepares what was sent by our own form. `hash` tells which message it is.
#[must_use]
pub fn own_form(office: &Office, submission: &Submission, hash: &str, at: DateTime<Utc>) -> Prepared {
    let mut prepared = prepare(office, WEB_FORM, submission.read(hash), at, 0);
    let key = form_key(hash, at);
    prepared.forgotten_hash = keyed_hash(office.keys.current(), "forgotten", &key);
    prepared.representation.content_key = key;
    prepared.representation.message_id = None;
    prepared.points_at.clear();
    prepared
}

/// Prepares what was written in the free line after the end of a case, by whoever has this invitation.
#[must_use]
pub fn survey_line(office: &Office, submission: &Submission, invitation: Uuid, at: DateTime<Utc>) -> Prepared {
    // One invitation is answered once.
    let key = format!("{PLACE}|{invitation}");
    let mut reading = submission.read(&key);
    // They were asked nothing of what the form asks.
    reading.visible_text.clone_from(&submission.words);
    if !submission.language.is_empty() {
        reading.visible_text.push_str(&format!("\n\nLanguage of the page: {}", submission.language));
    }
    let mut prepared = prepare(office, PLACE, reading, at, 0);
    prepared.forgotten_hash = keyed_hash(office.keys.current(), "forgotten", &key);
    prepared.representation.content_key = key;
    prepared.representation.message_id = None;
    prepared.points_at.clear();
    prepared
}
