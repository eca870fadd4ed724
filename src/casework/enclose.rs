//! What goes with a letter to a family: the same letter in the print that they want, and documents of the case. The outbox keeps what
//! each is; its bytes lie in the files folder, so that what was sent is kept.

use chrono::{DateTime, Utc};
use letterpress::Print;
use tokio_util::bytes::Bytes;

use super::{CaseworkError, Office};
use crate::{
    clock::london_date,
    ids::{CaseReference, Uuid},
    procedure::{
        case::CaseFile,
        decide::Refusal,
        documents::{DocumentKind, promised_reports, reports_are_there},
        event::Format,
    },
    replies::{
        courier::{Enclosure, Outgoing},
        press::{self, PrintFault},
        render::Rendered,
        tracking::shown,
    },
    store::{
        Tx,
        attachments::{self, NewFile},
        documents::{self, Document},
    },
};

/// Base64 in lines of 76 characters: so many bytes of a file are a line of the mail, and so many bytes of the mail are that.
const LINE: (u64, u64) = (57, 78);
/// Headers, texts in quoted-printable and boundaries, at most about.
const AROUND: u64 = 16_000;

/// In which print a PDF goes with every letter by mail; none where they want letters as everybody gets them.
#[must_use]
pub fn print_wanted(case: &CaseFile) -> Option<Print> {
    match case.course.needs.format {
        Format::Normal => None,
        Format::LargePrint => Some(Print::Large),
        Format::EasyRead => Some(Print::EasyRead),
    }
}

/// The letter as a PDF in the print that the family wants, kept; None where they want none.
pub(super) async fn printed(
    office: &Office,
    tx: &mut Tx,
    case: &CaseFile,
    (reference, kind, letter): (CaseReference, &str, &Rendered),
    now: DateTime<Utc>,
) -> Result<Option<Enclosure>, CaseworkError> {
    let Some(print) = print_wanted(case) else { return Ok(None) };
    let Some(store) = &office.files else {
        return Err(Refusal::NotPrinted("files cannot be kept here".to_owned()).into());
    };
    let council = office.letters.council_name().to_owned();
    // A file that goes with a letter is kept as it is: no link stands in it.
    let (text, html) = (shown(&letter.text), letter.html.as_deref().map(shown));
    let letter = Rendered { subject: letter.subject.clone(), text, html };
    let pdf = press::typeset(letter, council, reference, london_date(now), print).await;
    let pdf = pdf.map_err(|fault| match fault {
        PrintFault::Letter(why) => CaseworkError::Refused(Refusal::NotPrinted(why.to_string())),
        fault => CaseworkError::Print(fault),
    })?;
    let kept = store.put(Bytes::from(pdf)).await?;
    let file = NewFile { hash: kept.hash, media_type: "application/pdf", has_words: false };
    attachments::keep(tx, file, i64::try_from(kept.size).unwrap_or(i64::MAX), now).await?;
    Ok(Some(Enclosure {
        name: press::file_name(reference, kind, print),
        media_type: file.media_type.to_owned(),
        size: kept.size,
        sha256: kept.hash.to_string(),
        own: true,
        bytes: None,
    }))
}

/// The documents that an officer chose to go with a letter.
pub(super) async fn chosen(
    office: &Office,
    tx: &mut Tx,
    case: Uuid,
    wanted: &[Uuid],
) -> Result<Vec<Enclosure>, CaseworkError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known = documents::of_case(tx, case).await?;
    let mut enclosed: Vec<Enclosure> = Vec::new();
    for id in wanted {
        let Some(document) = known.iter().find(|one| one.id == *id) else { return Err(Refusal::NoDocument.into()) };
        if !document.is_open(office.scanner) {
            return Err(Refusal::DocumentNotClean(document.name.clone()).into());
        }
        // The same content twice is one file.
        if enclosed.iter().all(|one| one.sha256 != document.sha256) {
            enclosed.push(enclosure(document));
        }
    }
    Ok(enclosed)
}

fn enclosure(document: &Document) -> Enclosure {
    Enclosure {
        name: document.name.clone(),
        media_type: document.media_type.clone(),
        size: u64::try_from(document.size).unwrap_or_default(),
        sha256: document.sha256.clone(),
        own: false,
        bytes: None,
    }
}

/// The documents that the answer of the stage promises: of each report the newest.
///
/// # Errors
///
/// [`Refusal::Reports`] where one is missing or may not go; the database's faults.
pub async fn promised(office: &Office, tx: &mut Tx, id: Uuid, case: &CaseFile) -> Result<Vec<Document>, CaseworkError> {
    let reports = promised_reports(case);
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let known = documents::of_case(tx, id).await?;
    let newest = |kind: DocumentKind| known.iter().rev().find(|one| one.kind == kind.as_str());
    reports_are_there(case, |kind| newest(kind).map(|one| one.is_open(office.scanner)))?;
    Ok(reports.iter().filter_map(|report| newest(DocumentKind::Report(*report)).cloned()).collect())
}

/// Whether a mail server takes the letter with all that goes with it.
pub(super) fn fits(office: &Office, message: &Outgoing) -> Result<(), Refusal> {
    let (raw, mail) = LINE;
    let files: u64 = message.enclosures.iter().map(|one| one.size.div_ceil(raw).saturating_mul(mail)).sum();
    let texts = message.text.len() + message.html.as_ref().map_or(0, String::len);
    let size = files + AROUND + 2 * texts as u64;
    if message.enclosures.is_empty() || size <= office.largest_mail {
        return Ok(());
    }
    let most = office.largest_mail / 1_000_000;
    Err(Refusal::MailTooLarge { megabytes: size.div_ceil(1_000_000).max(most + 1), most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_base64_holds_fifty_seven_bytes() {
        let line = data_encoding::BASE64.encode(&[0; 57]);
        assert_eq!((line.len(), LINE.1), (76, 78));
    }
}
