//! What happened to a case, in words for officers. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{capital, place, recount, rights, safeguarding, sentence, shown_address, step_words};
use crate::{
    clock::london_date,
    ids::Uuid,
    labelling::labels::Act,
    matching::decide::QUOTES,
    procedure::{
        case::{ACKNOWLEDGEMENT, CaseFile},
        event::{Complainant, Event, Nature, Outcome, Recorded, Relation, Settlement},
    },
    replies::letters::Notice,
    web::views::{HistoryEntry, OfficerName, Undo},
};

/// Who does what officers do not.
const PROGRAM: &str = "Heard";

/// The officers by their keys.
pub(super) type Names = BTreeMap<Uuid, String>;

/// What happened, newest first. `sent_at` is when the acknowledgement went out; the outbox knows it, no event does.
pub(super) fn entries(
    history: &[Recorded],
    mailbox: &str,
    sent_at: Option<DateTime<Utc>>,
    names: &Names,
) -> Vec<HistoryEntry> {
    let titles = titles(history, names);
    let mut entries: Vec<HistoryEntry> = history
        .iter()
        .zip(&titles)
        .rev()
        .filter(|(recorded, _)| !is_first_message(&recorded.event))
        .map(|(recorded, title)| HistoryEntry {
            title: title.clone(),
            by: by(recorded.by, names),
            at: recorded.at,
            detail: detail(&recorded.event),
        })
        .collect();
    let program =
        |title: &str, at, detail: String| HistoryEntry { title: title.to_owned(), by: PROGRAM.to_owned(), at, detail };
    if let Some(at) = sent_at {
        entries.push(program("Acknowledgement sent", at, String::new()));
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    }
    if let Some(Event::Opened { received_at, .. }) = history.first().map(|first| &first.event) {
        entries.push(program("Message received", *received_at, format!("In {}.", place(mailbox))));
    }
    entries
}

/// What an undo would take back.
pub(super) fn undo(history: &[Recorded], case: &CaseFile, names: &Names) -> Option<Undo> {
    let (seq, _) = case.last_undoable.as_ref()?;
    let (recorded, title) = history.iter().zip(titles(history, names)).find(|(recorded, _)| recorded.seq == *seq)?;
    let officer = |id: Uuid| OfficerName { id, name: by(Some(id), names) };
    Some(Undo { what: title, by: recorded.by.map(officer) })
}

fn by(officer: Option<Uuid>, names: &Names) -> String {
    officer.map_or_else(
        || PROGRAM.to_owned(),
        |id| names.get(&id).cloned().unwrap_or_else(|| "An officer no longer known".to_owned()),
    )
}

fn is_first_message(event: &Event) -> bool {
    matches!(event, Event::MessageAdded { relation: Relation::New, .. })
}

/// Why a case may belong to another, and that its sender does not know of it.
pub(super) fn why_it_may_belong(why: &str) -> String {
    if why.is_empty() || why == QUOTES {
        return "It quotes that reference, but its sender is nobody in that case. They were told nothing about it."
            .into();
    }
    // The reason speaks of the other case as "this case".
    let why = sentence(&format!("it {}", why.replace(" this case", " that case")));
    format!("{why} They were told nothing about it.")
}

/// The title of each event. Some depend on what was known before, so they are made in one go.
fn titles(history: &[Recorded], names: &Names) -> Vec<String> {
    let mut titles: Vec<String> = Vec::with_capacity(history.len());
    for (place, recorded) in history.iter().enumerate() {
        let title = match &recorded.event {
            Event::Opened { nature, .. } => format!("Case opened: it seems to be {}", as_a(nature.act)),
            Event::MessageAdded { relation, .. } => match relation {
                Relation::New => "Message received",
                Relation::SameIssue => "A message joined this case",
                Relation::Duplicate => "The same message came again",
                Relation::UnverifiedSender => "A message came from somebody who is not part of this case",
                Relation::Automatic => "An automatic answer came",
                Relation::Status => "They asked where it is up to",
            }
            .to_owned(),
            Event::Suggested { nature } => format!("Suggested: it seems to be {}", as_a(nature.act)),
            Event::Acknowledged { .. } if recorded.by.is_some() => "Acknowledgement let go".to_owned(),
            Event::Acknowledged { .. } => "Acknowledgement written".to_owned(),
            Event::LetterDropped { letter, .. } => format!("Decided not to send: {}", letter_words(letter)),
            Event::LetterReported { letter, outcome, proven, .. } => reported(letter, *outcome, *proven),
            Event::LetterSettled { letter, how, .. } => match how {
                Settlement::Arrived => format!("{} has arrived", capital(letter_words(letter))),
                Settlement::Told if letter == ACKNOWLEDGEMENT => "The family was told by an officer".to_owned(),
                Settlement::Told => format!("Told another way: {}", letter_words(letter)),
                Settlement::Dropped => format!("Decided not to send: {}", letter_words(letter)),
            },
            Event::LetterSentAgain { letter, other_address: true, .. } => {
                format!("{} sent to a corrected address", capital(letter_words(letter)))
            }
            Event::LetterSentAgain { letter, .. } => format!("{} sent again", capital(letter_words(letter))),
            Event::NotAcknowledged { by_hand: true, .. } => {
                "No acknowledgement can be sent: an officer must tell them".to_owned()
            }
            Event::NotAcknowledged { held: true, .. } => "Acknowledgement held back".to_owned(),
            Event::NotAcknowledged { held: false, .. } => "No acknowledgement".to_owned(),
            Event::Alerted => "Safeguarding alert written".to_owned(),
            Event::Safeguarding(step) => safeguarding::title(step),
            Event::Retention(step) => rights::title(step),
            Event::Confirmed => {
                let known = history.get(..place).and_then(CaseFile::fold);
                known.map_or_else(|| "Confirmed".to_owned(), |case| format!("Confirmed as {}", as_a(case.nature.act)))
            }
            Event::Reclassified { nature, .. } => format!("Changed to {}", as_a(nature.act)),
            Event::Dismissed { act, .. } => format!("Not a complaint: {}", as_a(*act)),
            Event::Assigned { officer } if recorded.by == Some(*officer) => {
                format!("Taken by {}", by(Some(*officer), names))
            }
            Event::Assigned { officer } => format!("Given to {}", by(Some(*officer), names)),
            Event::ComplainantUnsure { .. } => "Complainant to be completed".to_owned(),
            Event::ComplainantSet { person, was } if person.name == was.name && person.address == was.address => {
                "Complainant confirmed".to_owned()
            }
            Event::ComplainantSet { person, .. } => {
                let named = person.name.as_ref().or(person.phone.as_ref());
                format!("Complainant: {}", named.map_or_else(|| shown(person), Clone::clone))
            }
            Event::SenderAccepted { .. } => "Sender recognised: the message belongs to this case".to_owned(),
            Event::SamePerson { address, .. } => format!("The complainant also writes from {}", shown_address(address)),
            Event::AnotherPerson { address, .. } => format!("{} is not the complainant", shown_address(address)),
            Event::GroupSet { group: Some(group) } => {
                format!("Complains as a group: {}, {}", group.name, members_words(group.members.len()))
            }
            Event::GroupSet { group: None } => "Not a group: the complainant alone complains".to_owned(),
            Event::PointsSet { points } => match points.points.len() {
                0 => "Points of complaint taken out".to_owned(),
                1 => "One point of complaint written down".to_owned(),
                n => format!("{n} points of complaint written down"),
            },
            Event::Answered { outcome, .. } => format!("Answered: {}", lower_first(outcome.shown())),
            Event::Extended { .. } => "The family was told that the answer takes longer".to_owned(),
            Event::Step { step, .. } => step_words::title(step),
            Event::ContributionGiven { name, .. } => format!("{name} gave their contribution"),
            Event::CheckedIn { .. } => "The family was asked how they have been treated since".to_owned(),
            Event::Closed { .. } => "Closed".to_owned(),
            Event::Reopened { .. } => "Opened again".to_owned(),
            Event::SubjectsNamed { people, .. } => {
                format!("May be about {}", listed(people.iter().map(|named| named.name.as_str())))
            }
            Event::SubjectSet { name, is: true, .. } => format!("It is about {name}"),
            Event::SubjectSet { name, is: false, .. } => format!("It is not about {name}"),
            Event::ManagerAdmitted { name, .. } => format!("{name} may deal with it, as a line manager"),
            Event::MessagesMoved { messages, reference, .. } => {
                format!("{} moved to {reference}", messages_words(messages.len()))
            }
            Event::MessagesCame { messages, reference, .. } => {
                format!("{} moved here from {reference}", messages_words(messages.len()))
            }
            Event::MergedInto { reference, .. } => format!("Merged into {reference}"),
            Event::WentBack { reference, .. } => format!("Went back to {reference}, where it came from"),
            Event::MergedFrom(merged) => format!("{} was merged into this case", merged.reference),
            Event::Tied { reference, .. } => format!("Tied to the joint complaint {reference}"),
            Event::Untied { reference, .. } => format!("Taken out of the joint complaint {reference}"),
            Event::KeptApart { reference, .. } => format!("Another matter than {reference}"),
            Event::MovedOut { reference, .. } => format!("A message became a case of its own: {reference}"),
            Event::MayBelong { reference, .. } => format!("May belong to {reference}"),
            Event::Recounted { .. } => recount::TITLE.to_owned(),
            Event::Undone { seq } => {
                let taken_back = history.iter().zip(&titles).find(|(earlier, _)| earlier.seq == *seq);
                taken_back.map_or_else(|| "Undone".to_owned(), |(_, title)| format!("Undone: {}", lower_first(title)))
            }
        };
        titles.push(title);
    }
    titles
}

fn detail(event: &Event) -> String {
    match event {
        Event::Opened { why, .. } | Event::MessageAdded { why, .. } | Event::NotAcknowledged { why, .. } => {
            sentence(why)
        }
        Event::LetterDropped { why, .. } | Event::LetterSettled { why, .. } => why.clone(),
        Event::LetterReported { why, status, .. } => match status {
            Some(code) => format!("{} (code {code}).", capital(why)),
            None => sentence(why),
        },
        Event::Safeguarding(step) => safeguarding::detail(step),
        Event::Retention(step) => rights::detail(step),
        Event::ComplainantUnsure { why } => sentence(why),
        Event::ComplainantSet { person, was } => described(person, was),
        Event::MayBelong { why, .. } => why_it_may_belong(why),
        Event::MessagesCame { received_at, .. } => {
            format!("The council received the first of it on {}.", london_date(*received_at).format("%-d %B %Y"))
        }
        Event::MergedFrom(merged) => {
            let received = london_date(merged.received_at).format("%-d %B %Y");
            format!(
                "{} came with it, the first received on {received}. Its reference leads here.",
                messages_words(merged.messages.len())
            )
        }
        Event::MergedInto { .. } | Event::WentBack { .. } => {
            "Its messages are there now. Whoever quotes this reference, or answers its letters, is heard there."
                .to_owned()
        }
        Event::SamePerson { shown, .. } if !shown.is_empty() => sentence(shown),
        Event::SamePerson { verified, .. } if !verified.is_empty() => {
            format!("{} from it waited to be verified, and belongs to this case.", messages_words(verified.len()))
        }
        Event::PointsSet { points } => {
            let found = points.points.iter().filter(|point| point.finding.is_some()).count();
            if found == 0 { String::new() } else { format!("With what was found on {found} of them.") }
        }
        Event::Answered { outbox: Some(_), .. } => "By a letter of ours, which is kept with the case.".to_owned(),
        Event::Answered { how, .. } => sentence(how),
        Event::Extended { how, reason, .. } if how.is_empty() => reason.clone(),
        Event::Step { step, outbox, how } => step_words::detail(step, outbox.is_some(), how),
        Event::Extended { how, reason, .. } => format!("{} {reason}", sentence(how)),
        Event::ContributionGiven { .. } => "By the link in their letter. It is kept with the case.".to_owned(),
        Event::CheckedIn { after_days, .. } => format!("{after_days} days after it was closed."),
        Event::Closed { reason } | Event::Reopened { reason } => reason.clone(),
        Event::SubjectsNamed { barred: true, .. } => {
            "Kept out of the case until an officer has said whether it is about them.".to_owned()
        }
        Event::SubjectsNamed { barred: false, .. } => "Named in a later message: an officer says whether.".to_owned(),
        Event::SubjectSet { is: true, .. } => {
            format!("They neither see the case nor work on it ({}).", crate::procedure::independence::RULE)
        }
        Event::ManagerAdmitted { reason, .. } => reason.clone(),
        Event::Recounted { dates, .. } => recount::words(dates),
        Event::MovedOut { .. } => "Its sender was told nothing about this case.".to_owned(),
        Event::Suggested { nature } => sentence(&in_short(*nature)),
        Event::Reclassified { nature, was } => format!("{}. It was: {}.", capital(&in_short(*nature)), in_short(*was)),
        Event::Dismissed { reason, .. } => reason.clone(),
        Event::Acknowledged { .. }
        | Event::Alerted
        | Event::Confirmed
        | Event::Assigned { .. }
        | Event::LetterSentAgain { .. }
        | Event::SenderAccepted { .. }
        | Event::SamePerson { .. }
        | Event::AnotherPerson { .. }
        | Event::GroupSet { .. }
        | Event::SubjectSet { .. }
        | Event::MessagesMoved { .. }
        | Event::KeptApart { .. }
        | Event::Tied { .. }
        | Event::Untied { .. }
        | Event::Undone { .. } => String::new(),
    }
}

/// What a mail system says of a letter.
fn reported(letter: &str, outcome: Outcome, proven: bool) -> String {
    let what = letter_words(letter);
    match outcome {
        Outcome::Delivered => format!("The {what} was delivered"),
        Outcome::Delayed => format!("The {what} is delayed; it is tried again"),
        Outcome::Failed if proven && letter == ACKNOWLEDGEMENT => "The acknowledgement did not reach them".to_owned(),
        Outcome::Failed if proven => format!("The {what} did not arrive"),
        Outcome::Failed => format!("A report that may be forged says: the {what} did not arrive"),
    }
}

fn shown(person: &Complainant) -> String {
    person.address.as_deref().map_or_else(|| "not named".to_owned(), shown_address)
}

/// What an officer wrote down about the complainant, and whose it was taken for.
fn described(person: &Complainant, was: &Complainant) -> String {
    let mut said = Vec::new();
    said.extend(person.address.as_ref().map(|address| format!("address: {}", shown_address(address))));
    said.extend(person.phone.as_ref().map(|phone| format!("telephone: {phone}")));
    said.extend(person.relationship.as_ref().map(|what| format!("what they are to the child: {what}")));
    said.extend(person.recorded_by.as_ref().map(|who| format!("taken down by {who}")));
    if person.answered.is_some() {
        said.push("letters go to whoever wrote for them".to_owned());
    }
    let mut text = if said.is_empty() { String::new() } else { capital(&format!("{}.", said.join("; "))) };
    if was.is_named() && (&was.name, &was.address) != (&person.name, &person.address) {
        let before = [was.name.clone(), was.address.as_deref().map(shown_address)];
        let before = before.into_iter().flatten().collect::<Vec<_>>().join(", ");
        text.push_str(&format!("{}It was: {before}.", if text.is_empty() { "" } else { " " }));
    }
    text
}

/// A letter's kind where a sentence goes on.
pub(super) fn letter_words(kind: &str) -> &str {
    match kind {
        "receipt" => "receipt for staff",
        "alert" => "safeguarding alert",
        "designated-officer" => "letter to the Designated Officer",
        "contribution-request" => "request for a contribution",
        "praise" => "thanks that were passed on",
        "extension" => "letter about more time",
        "status" => "answer to where it is up to",
        "track-link" => "new link to the family’s page",
        "track-code" => "code for the family’s page",
        "survey" => "letter with the questions after the end",
        "chat" => "message of the bot",
        "chat-code" => "code for the chat",
        other => match Notice::named(other) {
            Some(notice) => notice.words(),
            None => other,
        },
    }
}

fn in_short(nature: Nature) -> String {
    let risk = if nature.safeguarding { "; a child may be at risk" } else { "" };
    format!(
        "{}; procedure: {}; mainly about: {}{risk}",
        as_a(nature.act),
        lower_first(nature.procedure.shown()),
        lower_first(nature.theme.shown())
    )
}

fn messages_words(n: usize) -> String {
    if n == 1 { "A message".to_owned() } else { format!("{n} messages") }
}

pub(super) fn members_words(n: usize) -> String {
    if n == 1 { "one member".to_owned() } else { format!("{n} members") }
}

/// "A, B and C".
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.collect();
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default().to_owned(),
    }
}

/// An act in a sentence: "a complaint".
fn as_a(act: Act) -> &'static str {
    match act {
        Act::Complaint => "a complaint",
        Act::Concern => "a concern",
        Act::Compliment => "a compliment",
        Act::Enquiry => "an enquiry",
        Act::Routine => "a routine message",
        Act::Automated => "an automatic message",
        Act::StaffInternal => "a message between staff",
    }
}

pub(super) fn lower_first(text: &str) -> String {
    // A reference keeps its capitals.
    if text.chars().nth(1).is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
