//! The files of a case: how each stands, in words, and handing one over.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};

use super::{Answer, StoreDesk, capital, count, sentence};
use crate::{
    ids::{CaseReference, Uuid},
    intake::{
        containers::Sealed,
        files::{FileKeeper, kinds},
        reading::Reading,
    },
    store::{
        Store, Tx,
        attachments::{self, Attachment},
        cases,
        files::{ContentHash, FilesError},
        officers,
    },
    web::{
        desk::{DeskError, Download},
        views::{AttachmentView, FileStanding, Officer},
        words::moment,
    },
};

/// The files of all messages of a case.
pub(super) struct CaseFiles {
    by_message: HashMap<Uuid, Vec<Attachment>>,
    states: HashMap<Uuid, String>,
    scanner: bool,
}

impl CaseFiles {
    /// Looks them up. `scanner`: a virus scanner is set up, so that nothing is open before it has spoken.
    pub(super) async fn of(tx: &mut Tx, case: Uuid, scanner: bool) -> Answer<Self> {
        let mut by_message: HashMap<Uuid, Vec<Attachment>> = HashMap::new();
        for file in attachments::of_case(tx, case).await? {
            by_message.entry(file.representation_id).or_default().push(file);
        }
        let states = attachments::states_of_case(tx, case).await?.into_iter().collect();
        Ok(Self { by_message, states, scanner })
    }

    /// Those of one message.
    pub(super) fn of_message(&mut self, id: Uuid, reading: &Reading, is_chat: bool) -> Vec<AttachmentView> {
        match self.by_message.remove(&id) {
            Some(files) => files.into_iter().map(|file| shown(file, self.scanner)).collect(),
            None => {
                let failed = self.states.get(&id).is_some_and(|state| state == "failed");
                let (standing, note) = match (is_chat, failed) {
                    (true, _) => (FileStanding::Elsewhere, "It lies with the chat service: look at it there."),
                    (false, true) => (
                        FileStanding::Refused,
                        "It could not be taken out of its message. The message is kept whole: open it in the mailbox, or ask \
                         whoever runs Heard.",
                    ),
                    (false, false) => {
                        (FileStanding::Waiting, "It is being taken out of the message. Look again in a minute.")
                    }
                };
                let listed = reading.attachments.iter();
                listed
                    .map(|file| AttachmentView {
                        id: None,
                        name: kinds::safe_name(&file.filename),
                        inside: None,
                        kind: kinds::in_words(&file.content_type).to_owned(),
                        size: file.size,
                        standing,
                        note: note.to_owned(),
                        shown: String::new(),
                    })
                    .collect()
            }
        }
    }
}

fn shown(file: Attachment, scanner: bool) -> AttachmentView {
    let (standing, note) = standing(&file, scanner);
    let open = matches!(standing, FileStanding::Clean | FileStanding::NotScanned);
    AttachmentView {
        id: open.then_some(file.id),
        kind: kinds::in_words(file.media_type.as_deref().unwrap_or(&file.said_type)).to_owned(),
        name: file.filename,
        inside: file.inside,
        size: count(file.size),
        // What is in a file that may not be opened is not shown either.
        shown: if open { file.shown.unwrap_or_default() } else { String::new() },
        standing,
        note,
    }
}

/// How a file stands, and what there is to know or do. Pure.
fn standing(file: &Attachment, scanner: bool) -> (FileStanding, String) {
    let said = || file.scan_says.as_deref().map(sentence).unwrap_or_default();
    if file.state != "kept" {
        let why = file.why.as_deref().unwrap_or("it could not be kept");
        let note = format!("Not kept: {why}. If it matters, ask for it in another form.");
        return (FileStanding::Refused, note);
    }
    match file.scan.as_deref() {
        Some("clean") => (FileStanding::Clean, String::new()),
        Some("infected") => {
            let at = file.scanned_at.map(|at| format!(" on {}", moment(at))).unwrap_or_default();
            let name = file.scan_says.as_deref().unwrap_or("something harmful");
            let note = format!(
                "The virus scanner found {name}{at}. It cannot be opened. Tell them that it did not reach you, and ask for it \
                 in another form."
            );
            (FileStanding::Infected, note)
        }
        _ if scanner => {
            let last = said();
            let last = if last.is_empty() { last } else { format!(" Last try: {last}") };
            (FileStanding::Closed, format!("It waits for the virus scanner, and stays closed until then.{last}"))
        }
        _ => (
            FileStanding::NotScanned,
            "No virus scanner has looked at it. Open it only if you expect it from this person.".to_owned(),
        ),
    }
}

/// What the page says of a message whose words are sealed.
pub(super) fn sealed_words(sealed: Sealed) -> &'static str {
    match sealed {
        Sealed::Smime | Sealed::Pgp => {
            "Encrypted: it cannot be read here. Ask the family to send it again without encryption, or open it in the mailbox \
             where it was found. Then decide what it is."
        }
        Sealed::Damaged => {
            "A part of it is signed or encrypted in a way that cannot be read here. Open it in the mailbox where it was found, \
             or ask the family to send it again."
        }
        Sealed::Winmail => {
            "Its words are in a format of Outlook's that cannot be read here (winmail.dat). Open it in the mailbox where it \
             was found, or ask them to send it again as plain text."
        }
    }
}

impl StoreDesk {
    /// A file of a case that the officer may deal with.
    pub(super) async fn open_file(
        &self,
        reference: CaseReference,
        id: Uuid,
        officer: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<Download> {
        let Some(keeper) = &self.files else {
            return Err(DeskError::Refused("Files cannot be opened here.".to_owned()));
        };
        // Whoever may not open the case may not open its files.
        self.unseen(reference, officer, now).await?;
        hand_over(&self.store, keeper, reference, id, officer, now).await
    }
}

/// Hands over a file of a case to an officer, who is written down before they get a byte.
async fn hand_over(
    store: &Store,
    keeper: &FileKeeper,
    reference: CaseReference,
    id: Uuid,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Answer<Download> {
    let mut tx = store.begin_read().await?;
    let case = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
    let file = attachments::one_of_case(&mut tx, case, id).await?.ok_or(DeskError::NotFound)?;
    drop(tx);
    let (standing, note) = standing(&file, keeper.scanner.is_some());
    if !matches!(standing, FileStanding::Clean | FileStanding::NotScanned) {
        return Err(DeskError::Refused(note));
    }
    let hash: ContentHash = file
        .sha256
        .as_deref()
        .and_then(|hash| hash.parse().ok())
        .ok_or_else(|| DeskError::Unavailable("a kept file has no name".to_owned()))?;
    let (size, pieces) = match keeper.store.get(hash).await {
        Ok(found) => found,
        Err(FilesError::Missing(_)) => {
            let mut tx = store.begin().await?;
            attachments::keep_again(&mut tx, hash).await?;
            tx.commit().await?;
            keeper.wake.notify_one();
            return Err(DeskError::Refused(
                "The file is not in the files folder any more. It is being taken out of its message again: try once more in a \
                 minute."
                    .to_owned(),
            ));
        }
        Err(fault) => return Err(DeskError::Unavailable(fault.to_string())),
    };
    let mut tx = store.begin().await?;
    officers::audit(&mut tx, Some(officer.id), &format!("opened a file: {id}"), Some(case), now).await?;
    tx.commit().await?;
    let media_type = kinds::told_type(file.media_type.as_deref().unwrap_or_default());
    Ok(Download { name: file.filename, media_type, size, pieces: pieces.map_err(std::io::Error::other).boxed() })
}

/// What is wrong with keeping files, for the health page.
pub(super) fn faults(keeper: &FileKeeper) -> Vec<String> {
    let faults = keeper.faults();
    [faults.keeping, faults.fetching, faults.scanning, faults.reading]
        .into_iter()
        .flatten()
        .map(|fault| capital(&fault))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(scan: &str, says: Option<&str>) -> Attachment {
        Attachment {
            id: Uuid::nil(),
            representation_id: Uuid::nil(),
            filename: "letter.pdf".into(),
            inside: None,
            said_type: "application/pdf".into(),
            size: 10,
            state: "kept".into(),
            why: None,
            sha256: Some("a".repeat(64)),
            media_type: Some("application/pdf".into()),
            scan: Some(scan.into()),
            scan_says: says.map(str::to_owned),
            scanned_at: Some("2026-11-20T10:30:00Z".parse().unwrap()),
            shown: Some("words".into()),
        }
    }

    #[test]
    fn a_file_is_open_only_when_the_scanner_says_clean_or_when_there_is_no_scanner() {
        let refused =
            Attachment { state: "refused".into(), why: Some("it is a script".into()), ..kept("not-scanned", None) };
        for (file, with, without) in [
            (kept("clean", None), FileStanding::Clean, FileStanding::Clean),
            (kept("not-scanned", None), FileStanding::Closed, FileStanding::NotScanned),
            (kept("not-scanned", Some("too large")), FileStanding::Closed, FileStanding::NotScanned),
            (kept("infected", Some("Eicar")), FileStanding::Infected, FileStanding::Infected),
            (kept("some new word", None), FileStanding::Closed, FileStanding::NotScanned),
            (refused, FileStanding::Refused, FileStanding::Refused),
        ] {
            for (scanner, wanted) in [(true, with), (false, without)] {
                let view = shown(file.clone(), scanner);
                assert_eq!(view.standing, wanted, "{:?} {scanner}", file.scan);
                let open = matches!(wanted, FileStanding::Clean | FileStanding::NotScanned);
                assert_eq!((view.id.is_some(), view.shown.is_empty()), (open, !open), "{:?}", file.scan);
                assert_eq!(view.note.is_empty(), wanted == FileStanding::Clean, "{}", view.note);
            }
        }
    }
}
