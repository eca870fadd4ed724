//! This side of the process that reads: starts it, hands it one file after another, and ends it when it is slow.

use std::{path::PathBuf, process::Stdio, time::Duration};

use futures::{Stream, StreamExt};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};
use tokio_util::bytes::Bytes;

use super::{BEGINS, COMMAND, ENDS, ENDS_ALL, GREETING, LONGEST};
use crate::{intake::body, store::files::FilesError};

/// However busy the machine: it greets within this time, or it is not there.
const START_LIMIT: Duration = Duration::from_secs(120);
/// More than this is not read of what it says about one file.
const MOST_OUTPUT: u64 = LONGEST as u64 + 64 * 1024;

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

/// What starts the process.
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

    /// A process for some files: loading the program takes longer than most of them.
    #[must_use]
    pub fn session(&self) -> Session<'_> {
        Session { reader: self, running: None }
    }

    async fn start(&self) -> Result<Running, ReadError> {
        let fault = |cause: String| ReadError::Process { program: self.program.clone(), cause };
        let mut command = Command::new(&self.program);
        // Nothing of ours goes with it: no secrets in variables, no open files, no terminal.
        command.arg(COMMAND).env_clear().current_dir("/").kill_on_drop(true);
        if let Some(libraries) = std::env::var_os("LD_LIBRARY_PATH") {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.map_err(|cause| fault(cause.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(fault("it has no input and output".into()));
        };
        let mut output = BufReader::new(output);
        let mut greeting = [0; GREETING.len()];
        let greeted = tokio::time::timeout(START_LIMIT, output.read_exact(&mut greeting)).await;
        if !matches!(greeted, Ok(Ok(_))) || greeting != GREETING {
            return Err(fault("it is not Heard, or ended without a word".into()));
        }
        Ok(Running { _child: child, input, output })
    }
}

/// A process that reads, while it is well.
pub struct Session<'a> {
    reader: &'a TextReader,
    running: Option<Running>,
}

/// Dropped, it is killed.
struct Running {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session<'_> {
    /// The words of a file of `size` bytes; empty when none could be found.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when it is worth another try. A file that cannot be read is no error.
    pub async fn read(
        &mut self,
        media_type: &str,
        size: u64,
        pieces: impl Stream<Item = Result<Bytes, FilesError>>,
    ) -> Result<String, ReadError> {
        if is_plain(media_type) {
            return Ok(plain(pieces).await?);
        }
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.reader.start().await?,
        };
        let Running { input, output, .. } = &mut running;
        let feed = async move {
            // Whoever closes its ears has heard enough.
            if input.write_all(format!("{media_type} {size}\n").as_bytes()).await.is_err() {
                return Ok(());
            }
            let mut pieces = std::pin::pin!(pieces);
            while let Some(piece) = pieces.next().await {
                if input.write_all(&piece?).await.is_err() {
                    break;
                }
            }
            // A fault shows in what it says.
            let _ = input.flush().await;
            Ok::<_, ReadError>(())
        };
        let mut said = Vec::new();
        let listen = listen(output, &mut said);
        let both = async { tokio::join!(feed, listen) };
        let end = match tokio::time::timeout(self.reader.time_limit, both).await {
            Ok((fed, end)) => {
                fed?;
                end
            }
            // Too slow. What it had said stands.
            Err(_) => None,
        };
        if end == Some(ENDS) {
            self.running = Some(running);
        }
        let text = said.iter().position(|byte| *byte == BEGINS).and_then(|at| said.get(at + 1..)).unwrap_or_default();
        Ok(body::cut(body::clean(&String::from_utf8_lossy(text)).trim(), LONGEST).to_owned())
    }
}

/// What it says about one file, up to the mark behind it. The mark, if it came.
async fn listen(output: &mut BufReader<ChildStdout>, said: &mut Vec<u8>) -> Option<u8> {
    let mut left = output.take(MOST_OUTPUT);
    loop {
        let heard = left.fill_buf().await.ok()?;
        if heard.is_empty() {
            return None;
        }
        let end = heard.iter().position(|byte| matches!(*byte, ENDS | ENDS_ALL));
        let (length, mark) = match end {
            Some(at) => (at, heard.get(at).copied()),
            None => (heard.len(), None),
        };
        said.extend_from_slice(heard.get(..length).unwrap_or_default());
        left.consume(length + usize::from(mark.is_some()));
        if mark.is_some() {
            return mark;
        }
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

    #[tokio::test]
    async fn what_is_not_heard_is_a_fault_and_no_text() {
        for program in ["/nowhere/heard", "/bin/echo", "/bin/false"] {
            let reader = TextReader::new(program.into());
            let file = futures::stream::iter([Ok(Bytes::from_static(b"words"))]);
            let said = reader.session().read("text/html", 5, file).await.unwrap_err().to_string();
            assert!(said.contains(program) && said.contains("Remedy"), "{said}");
        }
    }
}
