//! The documents that officers add to a case: added, listed, and handed over.

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};

use super::{Answer, StoreDesk, count};
use crate::{
    ids::{CaseReference, Uuid},
    intake::files::{FileKeeper, kinds, text},
    procedure::documents::DocumentKind,
    store::{
        Tx,
        attachments::{self, NewFile},
        cases,
        documents::{self, Document},
        files::{ContentHash, FilesError},
        officers,
    },
    web::{
        desk::{DeskError, Download, NewDocument},
        views::{DocumentView, DocumentsView, FileStanding, Officer},
    },
};

/// The most documents of one case.
const MOST: usize = 50;

/// What may be added, by its bytes, and how its name ends.
const TAKEN: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("text/plain", "txt"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/tiff", "tiff"),
    ("image/heif", "heic"),
];

/// What the case's page shows of them.
pub(super) async fn view(tx: &mut Tx, case: Uuid, files: Option<&FileKeeper>) -> Answer<DocumentsView> {
    let scanner = files.is_some_and(|keeper| keeper.scanner.is_some());
    let list: Vec<_> = documents::of_case(tx, case).await?.into_iter().map(|one| shown(one, scanner)).collect();
    Ok(DocumentsView {
        may_add: files.is_some() && list.len() < MOST,
        list,
        largest_mb: files.map_or(0, |keeper| keeper.rules.largest / 1_000_000),
        most: MOST,
        kinds: DocumentKind::ALL.map(|kind| (kind.as_str(), kind.shown())).to_vec(),
    })
}

fn shown(document: Document, scanner: bool) -> DocumentView {
    let (standing, note) = standing(&document, scanner);
    DocumentView {
        id: document.id,
        kind: DocumentKind::named(&document.kind).unwrap_or(DocumentKind::Other).shown(),
        is: kinds::in_words(&document.media_type),
        size: count(document.size),
        open: document.is_open(scanner),
        standing,
        note,
        at: document.added_at,
        by: document.added_by,
        name: document.name,
    }
}

/// How a document stands, and what there is to know or do. Pure.
fn standing(document: &Document, scanner: bool) -> (FileStanding, String) {
    match document.scan.as_str() {
        "clean" => (FileStanding::Clean, String::new()),
        "infected" => {
            let found = document.scan_says.as_deref().unwrap_or("something harmful");
            let note =
                format!("The virus scanner found {found}. It can be neither opened nor sent: ask for another copy.");
            (FileStanding::Infected, note)
        }
        _ if scanner => {
            let last = document.scan_says.as_deref().map(|said| format!(" Last try: {said}.")).unwrap_or_default();
            let note = format!("It waits for the virus scanner, and can be neither opened nor sent until then.{last}");
            (FileStanding::Closed, note)
        }
        _ => (FileStanding::NotScanned, "No virus scanner has looked at it.".to_owned()),
    }
}

/// The name that it gets: what the officer calls it, or what it is, with the ending of what its bytes are. Pure.
///
/// # Errors
///
/// What is wrong, in words for the officer.
fn judged(new: &NewDocument, endings: &[String]) -> Result<(&'static str, String), String> {
    if new.bytes.is_empty() {
        return Err("The file is empty: choose another".to_owned());
    }
    if let Some(why) = kinds::refusal(&new.bytes, &new.file_name, endings) {
        return Err(format!("This file cannot be added: {why}"));
    }
    // What the browser says that it is counts for nothing.
    let media_type = kinds::by_content(&new.bytes, "", &new.file_name);
    let Some((media_type, ending)) = TAKEN.iter().find(|(taken, _)| *taken == media_type) else {
        return Err(
            "The file must be a PDF, a Word document (DOCX), an OpenDocument text (ODT), a plain text or a picture, by what it \
             holds: save it as a PDF and add that"
                .to_owned(),
        );
    };
    let called = new.name.trim();
    let called = if called.is_empty() { new.kind.shown() } else { called };
    let bare = called.strip_suffix(&format!(".{ending}")).unwrap_or(called);
    Ok((*media_type, kinds::safe_name(&format!("{bare}.{ending}"))))
}

impl StoreDesk {
    /// Adds a document to a case that the officer may deal with, who is written down.
    pub(super) async fn keep_document(
        &self,
        reference: CaseReference,
        officer: &Officer,
        new: NewDocument,
        now: DateTime<Utc>,
    ) -> Answer<()> {
        let refused = |why: String| DeskError::Refused(why);
        let case = self.case_for(&mut self.store.begin_read().await?, reference, officer).await?;
        let Some(keeper) = &self.files else { return Err(refused("Files cannot be kept here.".to_owned())) };
        let most = keeper.rules.largest;
        if new.bytes.len() as u64 > most {
            return Err(refused(format!("The file must be smaller than {} MB", most / 1_000_000)));
        }
        let (media_type, name) = judged(&new, &keeper.rules.refuse).map_err(refused)?;
        // The bytes first: the database never names a file that is not there.
        let kept = keeper.store.put(new.bytes).await.map_err(|fault| DeskError::Unavailable(fault.to_string()))?;
        let mut tx = self.store.begin().await?;
        self.case_for(&mut tx, reference, officer).await?;
        if documents::of_case(&mut tx, case).await?.len() >= MOST {
            return Err(refused(format!("A case can have {MOST} documents at most")));
        }
        let size = i64::try_from(kept.size).unwrap_or(i64::MAX);
        let file = NewFile { hash: kept.hash, media_type, has_words: text::has_words(media_type) };
        attachments::keep(&mut tx, file, size, now).await?;
        let (id, sha256) = (Uuid::now_v7(), kept.hash.to_string());
        let document =
            documents::NewDocument { id, case, kind: new.kind.as_str(), name: &name, sha256: &sha256, by: officer.id };
        documents::put(&mut tx, &document, now).await?;
        officers::audit(&mut tx, Some(officer.id), &format!("added a document: {id}"), Some(case), now).await?;
        tx.commit().await?;
        keeper.wake.notify_one();
        Ok(())
    }

    /// A document of a case that the officer may deal with, who is written down before they get a byte.
    pub(super) async fn open_document(
        &self,
        reference: CaseReference,
        id: Uuid,
        officer: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<Download> {
        let mut tx = self.store.begin_read().await?;
        let case = self.case_for(&mut tx, reference, officer).await?;
        let known = documents::of_case(&mut tx, case).await?;
        drop(tx);
        let document = known.into_iter().find(|one| one.id == id).ok_or(DeskError::NotFound)?;
        let Some(keeper) = &self.files else {
            return Err(DeskError::Refused("Files cannot be opened here.".to_owned()));
        };
        if !document.is_open(keeper.scanner.is_some()) {
            return Err(DeskError::Refused(standing(&document, keeper.scanner.is_some()).1));
        }
        let hash: ContentHash =
            document.sha256.parse().map_err(|_| DeskError::Unavailable("a document has no name".to_owned()))?;
        let (size, pieces) = keeper.store.get(hash).await.map_err(|fault| match fault {
            FilesError::Missing(_) => DeskError::Refused(
                "The file is not in the files folder any more: ask whoever runs Heard to restore it from the backup."
                    .to_owned(),
            ),
            fault => DeskError::Unavailable(fault.to_string()),
        })?;
        let mut tx = self.store.begin().await?;
        officers::audit(&mut tx, Some(officer.id), &format!("opened a document: {id}"), Some(case), now).await?;
        tx.commit().await?;
        let media_type = kinds::told_type(&document.media_type);
        Ok(Download { name: document.name, media_type, size, pieces: pieces.map_err(std::io::Error::other).boxed() })
    }

    /// The key of a case, if the officer may deal with it.
    async fn case_for(&self, tx: &mut Tx, reference: CaseReference, officer: &Officer) -> Answer<Uuid> {
        let case = cases::by_reference(tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
        super::independence::may_deal_with(tx, case, officer.id).await?;
        Ok(case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::event::Report;

    fn new(kind: DocumentKind, name: &str, file_name: &str, bytes: &'static [u8]) -> NewDocument {
        NewDocument { kind, name: name.into(), file_name: file_name.into(), bytes: bytes.into() }
    }

    #[test]
    fn a_document_is_named_by_the_officer_and_ends_as_its_bytes_say() {
        let report = DocumentKind::Report(Report::Investigation);
        for (kind, name, file_name, bytes, expected) in [
            (report, "", "scan 4711.docx", &b"%PDF-1.7 x"[..], "Investigation report.pdf"),
            (DocumentKind::Other, " Plan.pdf ", "x", b"%PDF-1.7 x", "Plan.pdf"),
            (DocumentKind::Other, "../The plan: 2", "a.png", b"\x89PNG\r\n\x1a\n", "The plan_ 2.png"),
            (DocumentKind::Other, "", "a.doc", b"Only words", "Other document.txt"),
        ] {
            assert_eq!(judged(&new(kind, name, file_name, bytes), &[]).unwrap().1, expected);
        }
    }

    #[test]
    fn what_runs_or_cannot_be_read_by_a_family_is_not_taken() {
        let refused =
            |file_name, bytes| judged(&new(DocumentKind::Other, "", file_name, bytes), &["js".into()]).unwrap_err();
        assert!(refused("a.pdf", b"").contains("empty"));
        assert!(refused("a.pdf", b"#!/bin/sh\nrm").contains("a script"));
        assert!(refused("a.js", b"alert()").contains("can run"));
        for (file_name, bytes) in
            [("a.pdf", &b"PK\x03\x04zip"[..]), ("a.txt", b"<html><body>"), ("a.svg", b"<svg>"), ("a.csv", b"a,b")]
        {
            assert!(refused(file_name, bytes).contains("must be a PDF"), "{file_name}");
        }
    }

    #[test]
    fn without_the_scanners_word_it_is_closed_where_there_is_a_scanner() {
        let document = |scan: &str| Document {
            id: Uuid::nil(),
            kind: "other".into(),
            name: "a.pdf".into(),
            size: 1,
            media_type: "application/pdf".into(),
            sha256: "a".repeat(64),
            scan: scan.into(),
            scan_says: None,
            added_at: "2026-11-20T10:30:00Z".parse().unwrap(),
            added_by: "Rowan Bell".into(),
        };
        for (scan, scanner, expected, open) in [
            ("clean", true, FileStanding::Clean, true),
            ("not-scanned", true, FileStanding::Closed, false),
            ("not-scanned", false, FileStanding::NotScanned, true),
            ("infected", false, FileStanding::Infected, false),
            ("a new word", false, FileStanding::NotScanned, false),
        ] {
            let view = shown(document(scan), scanner);
            assert_eq!((view.standing, view.open), (expected, open), "{scan} {scanner}");
        }
    }
}
