//! The file of a case as one download: what it could hold, and the bundle that is made of what was chosen.

mod made;
mod names;
pub(super) mod own_data;
mod texts;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use letterpress::Block;

use super::{Answer, StoreDesk, case, history};
use crate::{
    clock::{london_date, long_date},
    ids::{CaseReference, Uuid},
    intake::files::text,
    procedure::{
        case::CaseFile,
        event::{Event, Noted, Recorded, Step, standing},
    },
    replies::blackout::Names,
    store::{Tx, attachments, cases, documents, officers},
    web::{
        bundle_views::{BundleItem, BundleView},
        desk::DeskError,
        views::{AttachmentView, CaseView, Officer},
    },
};

/// Longest title of a thing, in characters.
const TITLE_CHARS: usize = 150;

/// Everything that a bundle of a case could hold.
struct Contents {
    case: Uuid,
    view: CaseView,
    file: CaseFile,
    history: Vec<Recorded>,
    things: Vec<Thing>,
}

/// One thing, in its place.
struct Thing {
    shown: BundleItem,
    /// What it is called in the bundle, without number; a file's with its ending.
    name: String,
    body: Body,
}

enum Body {
    /// Typeset from these.
    Text(Vec<Block>),
    /// A letter in the outbox.
    Letter(Uuid),
    /// A file, by its content.
    File(String),
    /// It cannot be put in.
    Closed,
}

impl Thing {
    fn new(part: &'static str, key: String, title: String, name: String, body: Body) -> Self {
        let title = title.chars().take(TITLE_CHARS).collect();
        let is_file = matches!(body, Body::File(_));
        let item =
            BundleItem { key, part, title, note: String::new(), ticked: true, is_file, holds_name: false, size: 0 };
        Self { shown: item, name, body }
    }

    /// It cannot be chosen.
    fn closed(part: &'static str, title: String, why: &str) -> Self {
        let mut thing = Self::new(part, String::new(), title, String::new(), Body::Closed);
        thing.shown.ticked = false;
        why.clone_into(&mut thing.shown.note);
        thing
    }
}

/// What the case holds, if `officer` may deal with it.
async fn contents(
    desk: &StoreDesk,
    tx: &mut Tx,
    (reference, officer): (CaseReference, &Officer),
    now: DateTime<Utc>,
) -> Answer<Contents> {
    let (id, view) = case::view(&desk.office, desk.files.as_ref(), tx, (reference, officer.id), now).await?;
    let history = cases::history(tx, id).await?;
    let file = CaseFile::fold(&history).ok_or(DeskError::NotFound)?;
    let names: history::Names = officers::all(tx).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let mut things = vec![Thing::new(
        "Chronology",
        "chronology".into(),
        "Chronology: what happened, in order".into(),
        "Chronology".into(),
        Body::Text(texts::chronology(&view.history, &history)),
    )];
    things.extend(view.messages.iter().map(|message| {
        let day = long_date(london_date(message.received_at));
        let subject = if message.subject.is_empty() { String::new() } else { format!(": {}", message.subject) };
        let title = format!("Message from {}, {day}{subject}", texts::author(message));
        let body = Body::Text(texts::message(&title, message));
        let mut thing =
            Thing::new("Messages", format!("message-{}", message.id), title, format!("Message of {day}"), body);
        if message.unverified {
            thing.shown.ticked = false;
            thing.shown.note = "Its sender is not known to belong to the case.".into();
        }
        thing
    }));
    things.extend(view.papers.iter().map(|letter| {
        let day = long_date(london_date(letter.at));
        let title = format!("Letter: {}, {day}", letter.what);
        if !letter.sent {
            return Thing::closed("Letters sent", title, "It has not gone.");
        }
        let name = format!("Letter, {}, {day}", letter.what);
        Thing::new("Letters sent", format!("letter-{}", letter.id), title, name, Body::Letter(letter.id))
    }));
    things.extend(files(tx, id, &view).await?);
    things.extend(standing(&history).filter_map(|recorded| note(recorded, &names)));
    if !view.answer.points.points.is_empty() {
        let (title, body) = ("Points of complaint and findings", texts::findings(&view.answer.points));
        things.push(Thing::new("Findings", "findings".into(), title.into(), title.into(), Body::Text(body)));
    }
    Ok(Contents { case: id, view, file, history, things })
}

/// The files that came with messages, then the documents.
async fn files(tx: &mut Tx, id: Uuid, view: &CaseView) -> Answer<Vec<Thing>> {
    let known: HashMap<Uuid, Option<String>> =
        attachments::of_case(tx, id).await?.into_iter().map(|file| (file.id, file.sha256)).collect();
    let mut things = Vec::new();
    for message in &view.messages {
        let day = long_date(london_date(message.received_at));
        things.extend(message.attachments.iter().map(|file: &AttachmentView| {
            let title = format!("{}, came with the message of {day}", file.name);
            let hash = file.id.and_then(|id| Some((id, known.get(&id)?.clone()?)));
            let Some((id, hash)) = hash else {
                return Thing::closed("Files that came with messages", title, &file.note);
            };
            let (key, body) = (format!("file-{id}"), Body::File(hash));
            let mut thing = Thing::new("Files that came with messages", key, title, file.name.clone(), body);
            thing.shown.size = file.size;
            thing.shown.ticked = !message.unverified;
            thing
        }));
    }
    let hashes: HashMap<Uuid, String> =
        documents::of_case(tx, id).await?.into_iter().map(|one| (one.id, one.sha256)).collect();
    for document in &view.documents.list {
        let title = format!("{}, {}", document.name, document.kind);
        let Some(hash) = hashes.get(&document.id).filter(|_| document.open) else {
            things.push(Thing::closed("Documents", title, &document.note));
            continue;
        };
        let (key, body) = (format!("document-{}", document.id), Body::File(hash.clone()));
        let mut thing = Thing::new("Documents", key, title, document.name.clone(), body);
        thing.shown.size = document.size;
        things.push(thing);
    }
    Ok(things)
}

/// A call, a visit or a note that was written down. A note is for whoever works on the case, and goes out only if it is chosen.
fn note(recorded: &Recorded, names: &history::Names) -> Option<Thing> {
    let Event::Step { step: Step::Noted { what, on, with, text }, .. } = &recorded.event else { return None };
    let day = long_date(*on);
    let by = recorded.by.and_then(|by| names.get(&by)).map_or("an officer", String::as_str);
    let title = if with.is_empty() {
        format!("{}, {day}", what.shown())
    } else {
        format!("{} with {with}, {day}", what.shown())
    };
    let body = Body::Text(texts::note(*what, &day, with, text, (by, recorded.at)));
    let name = format!("{}, {day}", what.shown());
    let mut thing = Thing::new("Notes and calls", format!("note-{}", recorded.seq), title, name, body);
    thing.shown.ticked = *what != Noted::Note;
    Some(thing)
}

/// Says of each file whether a name occurs in its words, one file in memory at a time.
async fn look_for(names: &Names, tx: &mut Tx, things: &mut [Thing]) -> Answer<()> {
    for thing in things {
        let Body::File(hash) = &thing.body else { continue };
        let words = attachments::words(tx, hash).await?;
        thing.shown.holds_name =
            names.occur_in(&thing.name) || words.as_deref().is_some_and(|words| names.occur_in(words));
        if thing.shown.holds_name {
            thing.shown.note = "It holds a name that is to be blacked out by hand.".into();
        } else if !names.is_empty() {
            let unread = match words.map_or(0, |words| words.len()) {
                0 => "Its words cannot be read here: look whether it names anybody.",
                // What is longer was cut, not within a letter.
                n if n + 4 > text::LONGEST => {
                    "Only its beginning can be read here: look whether the rest names anybody."
                }
                _ => "",
            };
            unread.clone_into(&mut thing.shown.note);
        }
    }
    Ok(())
}

impl StoreDesk {
    /// What a bundle could hold, with the files that hold one of the `names` marked: those that were typed, or those that are
    /// proposed. Whoever looks is written down.
    pub(super) async fn bundle_view(
        &self,
        (reference, officer): (CaseReference, &Officer),
        names: Option<(&[String], bool)>,
        now: DateTime<Utc>,
    ) -> Answer<BundleView> {
        let mut tx = self.store.begin_read().await?;
        let mut found = contents(self, &mut tx, (reference, officer), now).await?;
        let ids = (found.case, officer.id);
        let proposed = names::of_others(&self.office, &mut tx, ids, &found.file, &found.view).await?;
        let wanted = names.unwrap_or((&proposed, false));
        let remove = names::to_remove(&self.office, &mut tx, &found.history, wanted).await?;
        look_for(&remove, &mut tx, &mut found.things).await?;
        drop(tx);
        let mut tx = self.store.begin().await?;
        officers::audit(&mut tx, Some(officer.id), "opened case", Some(found.case), now).await?;
        tx.commit().await?;
        Ok(BundleView { items: found.things.into_iter().map(|thing| thing.shown).collect(), names: proposed })
    }
}
