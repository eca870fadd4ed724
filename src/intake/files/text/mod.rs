//! The words in files, for the search. Files are anybody's, and readers of complicated formats crash or never end on some:
//! so a process of our own reads each one, with little memory and little time, and its end is no fault of ours.

pub mod calendar;
pub mod child;
mod documents;
mod pdf;
mod rtf;
mod sheets;

use std::{io, path::PathBuf, process::Stdio, time::Duration};

use futures::{Stream, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};
use tokio_util::bytes::Bytes;

use crate::{intake::body, store::files::FilesError};

/// Longest text that is kept of one file (bytes).
pub const LONGEST: usize = 200_000;
/// The word after `heard` that makes it read a file.
pub const COMMAND: &str = "extract-text";
/// What the process says first: whatever does not say it is not ours.
const GREETING: &[u8] = b"heard reads text 1\n";
/// What stands before the text: it stands in no text.
const BEGINS: u8 = 0x1e;
/// However busy the machine: it says so within this time, or it is not there.
const START_LIMIT: Duration = Duration::from_secs(120);
/// More than this is not read of what it says.
const MOST_OUTPUT: u64 = LONGEST as u64 + 64 * 1024;

/// Whether there may be words in this type of file.
#[must_use]
pub fn has_words(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/plain"
            | "text/csv"
            | "text/html"
            | "text/xml"
            | "text/calendar"
            | "text/vcard"
            | "message/rfc822"
            | "application/pdf"
            | "application/rtf"
            | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            | "application/vnd.ms-excel"
            | "application/vnd.oasis.opendocument.text"
            | "application/vnd.oasis.opendocument.presentation"
            | "application/vnd.oasis.opendocument.spreadsheet"
    )
}

/// Whether officers see the words beside the file: what they would otherwise need another program for.
#[must_use]
pub fn is_shown(media_type: &str) -> bool {
    media_type == "text/calendar"
}

/// The words as the search compares them: lower case, one blank between them.
#[must_use]
pub fn for_search(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    body::cut(&out, LONGEST).to_owned()
}

/// Why the words of a file were not read this time. Another time they may be.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The process could not be started, or is not Heard.
    #[error(
        "the words in files cannot be read: {program} {COMMAND} does not start ({cause}). Remedy: start Heard again after an \
         update, and let it start processes; files are kept and can be opened all the same",
        program = program.display()
    )]
    Process {
        /// The program.
        program: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file itself could not be fetched.
    #[error(transparent)]
    File(#[from] FilesError),
}

/// Starts the process that reads.
#[derive(Clone, Debug)]
pub struct TextReader {
    /// Heard itself.
    pub program: PathBuf,
    /// A file that takes longer has no words.
    pub time_limit: Duration,
}

impl TextReader {
    /// With this program.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, time_limit: Duration::from_secs(30) }
    }

    /// The words of a file; empty when none could be found.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when it is worth another try. A file that cannot be read is no error.
    pub async fn read(
        &self,
        media_type: &str,
        pieces: impl Stream<Item = Result<Bytes, FilesError>>,
    ) -> Result<String, ReadError> {
        if is_plain(media_type) {
            return Ok(plain(pieces).await?);
        }
        let mut command = Command::new(&self.program);
        // Nothing of ours goes with it: no secrets in variables, no open files, no terminal.
        command.arg(COMMAND).arg(media_type).env_clear().current_dir("/").kill_on_drop(true);
        if let Some(libraries) = std::env::var_os("LD_LIBRARY_PATH") {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let fault = |cause: String| ReadError::Process { program: self.program.clone(), cause };
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.map_err(|cause| fault(cause.to_string()))?;
        let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(fault("it has no input and output".into()));
        };
        let mut greeting = [0; GREETING.len()];
        let greeted = tokio::time::timeout(START_LIMIT, output.read_exact(&mut greeting)).await;
        if !matches!(greeted, Ok(Ok(_))) || greeting != GREETING {
            let _ = child.kill().await;
            return Err(fault("it is not Heard, or ended without a word".into()));
        }
        let feed = async move {
            let mut pieces = std::pin::pin!(pieces);
            while let Some(piece) = pieces.next().await {
                // Whoever closes its ears has heard enough.
                if input.write_all(&piece?).await.is_err() {
                    break;
                }
            }
            Ok::<_, ReadError>(())
        };
        let mut said = Vec::new();
        let listen = async {
            let heard: io::Result<usize> = output.take(MOST_OUTPUT).read_to_end(&mut said).await;
            drop(heard);
        };
        let both = async { tokio::join!(feed, listen).0 };
        let fed = tokio::time::timeout(self.time_limit, both).await;
        // Done, or too slow: in either case it is not needed any more. What it had said stands.
        let _ = child.kill().await;
        if let Ok(fed) = fed {
            fed?;
        }
        let text = said.iter().position(|byte| *byte == BEGINS).and_then(|at| said.get(at + 1..)).unwrap_or_default();
        Ok(body::cut(body::clean(&String::from_utf8_lossy(text)).trim(), LONGEST).to_owned())
    }
}

/// Nothing is read into these but letters: no process is needed.
fn is_plain(media_type: &str) -> bool {
    matches!(media_type, "text/plain" | "text/csv" | "text/xml" | "text/vcard")
}

/// The beginning of a text.
async fn plain(pieces: impl Stream<Item = Result<Bytes, FilesError>>) -> Result<String, FilesError> {
    let mut bytes = Vec::new();
    let mut pieces = std::pin::pin!(pieces);
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?);
        // In UTF-16 a letter has two bytes.
        if bytes.len() >= 2 * LONGEST {
            break;
        }
    }
    Ok(body::cut(body::clean(&body::charset_of_bytes(&bytes, None)).trim(), LONGEST).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_sees_words_not_layout() {
        assert_eq!(for_search("  The TAXI\n\twas  Late.\u{a0}ÉCOLE "), "the taxi was late. école");
        assert!(for_search(&"ab ".repeat(LONGEST)).len() <= LONGEST);
    }

    async fn read_with(program: &str) -> Result<String, ReadError> {
        let reader = TextReader { program: program.into(), time_limit: Duration::from_secs(5) };
        reader.read("text/html", futures::stream::iter([Ok(Bytes::from_static(b"words"))])).await
    }

    #[tokio::test]
    async fn what_is_not_heard_is_a_fault_and_no_text() {
        for program in ["/nowhere/heard", "/bin/echo", "/bin/false", "/bin/cat"] {
            let said = read_with(program).await.unwrap_err().to_string();
            assert!(said.contains(program) && said.contains("Remedy"), "{said}");
        }
    }
}
