//! Reads what goes with a letter, just before it is sent.

use super::{Engine, StepError};
use crate::{
    replies::courier::{Enclosure, Outgoing},
    store::{
        documents,
        files::{ContentHash, FilesError},
    },
};

/// Puts the bytes of its files into `message`. Why the letter must not go, if one of them is not there or may not go: in words for
/// officers, as it stands on their page and in no log.
///
/// # Errors
///
/// What passes: the database, or the disk.
pub(super) async fn read(engine: &Engine, message: &mut Outgoing) -> Result<Option<String>, StepError> {
    for enclosure in &mut message.enclosures {
        let scan = documents::scan_of(&mut engine.store.begin_read().await?, &enclosure.sha256).await?;
        if let Some(why) = forbidden(enclosure, scan.as_deref(), engine.files.scanner.is_some()) {
            return Ok(Some(format!("“{}” goes with it, and {why}", enclosure.name)));
        }
        let missing =
            || Ok(Some(format!("“{}” goes with it, and is not in the files folder any more", enclosure.name)));
        let Ok(hash) = enclosure.sha256.parse::<ContentHash>() else { return missing() };
        let bytes = match engine.files.store.read(hash).await {
            Ok(bytes) => bytes,
            Err(FilesError::Missing(_)) => return missing(),
            Err(fault) => return Err(fault.into()),
        };
        // What was damaged on the disk, or changed there by hand, is not what an officer chose.
        if ContentHash::of(&bytes) != hash {
            return Ok(Some(format!("“{}” goes with it, and was changed in the files folder", enclosure.name)));
        }
        enclosure.bytes = Some(bytes);
    }
    Ok(None)
}

/// Why a file may not go, after "and"; None if it may. Pure.
fn forbidden(enclosure: &Enclosure, scan: Option<&str>, scanner: bool) -> Option<&'static str> {
    match scan {
        Some("clean") => None,
        Some("not-scanned") if enclosure.own || !scanner => None,
        Some("infected") => Some("the virus scanner found something in it"),
        Some(_) => Some("the virus scanner has not looked at it yet"),
        None => Some("it is not known here any more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_scanner_found_clean_goes_but_what_the_program_made_itself() {
        let file = |own| Enclosure {
            name: "a.pdf".into(),
            media_type: "application/pdf".into(),
            size: 1,
            sha256: String::new(),
            own,
            bytes: None,
        };
        for (own, scan, scanner, goes) in [
            (false, Some("clean"), true, true),
            (false, Some("not-scanned"), true, false),
            (false, Some("not-scanned"), false, true),
            (true, Some("not-scanned"), true, true),
            (true, Some("infected"), true, false),
            (false, Some("infected"), false, false),
            (false, Some("some new word"), false, false),
            (true, None, false, false),
        ] {
            assert_eq!(forbidden(&file(own), scan, scanner).is_none(), goes, "{own} {scan:?} {scanner}");
        }
    }
}
