//! The virus scanner: clamd, over TCP or a socket. Whatever is not its plain word that a file is clean, or what it found,
//! is no verdict: the file counts as not scanned.

use std::{io, path::PathBuf, time::Duration};

use clamav_client::{
    IoResult, PONG,
    tokio::{Socket, Tcp, get_version, ping, scan_stream},
};
use futures::{Stream, StreamExt};
use tokio_util::bytes::Bytes;

use crate::store::files::FilesError;

/// Sent at once (bytes).
const PIECE: usize = 64 * 1024;
/// A scanner that does not answer a greeting in this time is not there.
const GREETING_TIME: Duration = Duration::from_secs(10);
/// Large archives take their time.
const SCAN_TIME: Duration = Duration::from_secs(180);

/// What the scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// This was found.
    Infected(String),
}

/// Why there is no verdict. The file stays closed and is scanned another time.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The scanner is not there: no file can be scanned now.
    #[error(
        "the virus scanner at {place} does not answer ({cause}). Remedy: start clamd there, or correct [files] clamd; files \
         stay closed until they are scanned"
    )]
    NotThere {
        /// As configured.
        place: String,
        /// What the system said.
        cause: String,
    },
    /// It answers, but not on this file.
    #[error("{0}")]
    NotThisFile(String),
    /// The file could not be fetched.
    #[error(transparent)]
    File(FilesError),
}

/// The scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner(Place);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Tcp(String),
    Socket(PathBuf),
}

impl Scanner {
    /// At `host:port`, or at the socket with this path.
    #[must_use]
    pub fn at(place: &str) -> Self {
        Self(if place.starts_with('/') { Place::Socket(place.into()) } else { Place::Tcp(place.to_owned()) })
    }

    fn place(&self) -> String {
        match &self.0 {
            Place::Tcp(address) => address.clone(),
            Place::Socket(path) => path.display().to_string(),
        }
    }

    /// Its name and version.
    ///
    /// # Errors
    ///
    /// [`ScanError::NotThere`].
    pub async fn version(&self) -> Result<String, ScanError> {
        let ask = async {
            match &self.0 {
                Place::Tcp(address) => get_version(Tcp { host_address: address }).await,
                Place::Socket(path) => get_version(Socket { socket_path: path }).await,
            }
        };
        let said = self.within(GREETING_TIME, ask).await.map_err(|cause| self.not_there(cause))?;
        // `ClamAV 1.4.3/27000/Mon …`: the program, its signatures, their day.
        Ok(words(&said))
    }

    /// Scans a file.
    ///
    /// # Errors
    ///
    /// [`ScanError`]: no verdict.
    pub async fn scan(
        &self,
        pieces: impl Stream<Item = Result<Bytes, FilesError>> + Send,
    ) -> Result<Verdict, ScanError> {
        let mut unfetched = None;
        let pieces = pieces.map(|piece| {
            piece.map_err(|fault| {
                unfetched = Some(fault);
                io::Error::other("the file could not be read")
            })
        });
        let ask = async {
            match &self.0 {
                Place::Tcp(address) => scan_stream(pieces, Tcp { host_address: address }, Some(PIECE)).await,
                Place::Socket(path) => scan_stream(pieces, Socket { socket_path: path }, Some(PIECE)).await,
            }
        };
        let said = self.within(SCAN_TIME, ask).await;
        if let Some(fault) = unfetched {
            return Err(ScanError::File(fault));
        }
        let why = match said {
            Ok(answer) => match verdict(&answer) {
                Ok(verdict) => return Ok(verdict),
                Err(why) => why,
            },
            // A file above clamd's StreamMaxLength ends the connection without a word.
            Err(cause) => format!("the scanner broke off ({cause}); it may be larger than clamd's StreamMaxLength"),
        };
        let greeted = async {
            match &self.0 {
                Place::Tcp(address) => ping(Tcp { host_address: address }).await,
                Place::Socket(path) => ping(Socket { socket_path: path }).await,
            }
        };
        match self.within(GREETING_TIME, greeted).await {
            Ok(answer) if answer == PONG => Err(ScanError::NotThisFile(why)),
            Ok(answer) => Err(self.not_there(format!("it says \"{}\"", words(&answer)))),
            Err(cause) => Err(self.not_there(cause)),
        }
    }

    async fn within(&self, time: Duration, ask: impl Future<Output = IoResult>) -> Result<Vec<u8>, String> {
        match tokio::time::timeout(time, ask).await {
            Ok(answer) => answer.map_err(|cause| cause.to_string()),
            Err(_) => Err(format!("no answer within {} seconds", time.as_secs())),
        }
    }

    fn not_there(&self, cause: String) -> ScanError {
        ScanError::NotThere { place: self.place(), cause }
    }
}

fn words(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The verdict in clamd's answer (`man clamd`, INSTREAM), or why there is none. Pure.
fn verdict(answer: &[u8]) -> Result<Verdict, String> {
    let said = words(answer);
    match said.strip_prefix("stream: ").map(|rest| (rest, rest.strip_suffix(" FOUND"))) {
        Some(("OK", _)) => Ok(Verdict::Clean),
        Some((_, Some(name))) if !name.trim().is_empty() => Ok(Verdict::Infected(name.trim().to_owned())),
        _ if said.is_empty() => Err("the scanner hung up without a verdict".to_owned()),
        // Whether this is heard before the connection breaks is a matter of luck.
        _ if said.contains("size limit exceeded") => {
            Err(format!("the scanner says: {said}; the file is larger than clamd's StreamMaxLength"))
        }
        _ => Err(format!("the scanner says: {said}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_plain_word_is_a_verdict() {
        assert_eq!(verdict(b"stream: OK\0"), Ok(Verdict::Clean));
        assert_eq!(
            verdict(b"stream: Eicar-Test-Signature FOUND\0"),
            Ok(Verdict::Infected("Eicar-Test-Signature".into()))
        );
        for answer in [
            &b""[..],
            b"OK",
            b"stream: NOT OK\0",
            b"stream: OK OK",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: Can't allocate memory ERROR\0",
            b"stream:  FOUND",
            b"\xff\xfe",
        ] {
            assert!(verdict(answer).is_err(), "{answer:?}");
        }
    }

    #[tokio::test]
    async fn a_scanner_that_is_not_there_is_said_to_be_so() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for place in [format!("127.0.0.1:{port}"), "/nowhere/clamd.ctl".to_owned()] {
            let scanner = Scanner::at(&place);
            let one = || futures::stream::iter([Ok(Bytes::from_static(b"x"))]);
            for said in [scanner.scan(one()).await.unwrap_err(), scanner.version().await.unwrap_err()] {
                assert!(matches!(&said, ScanError::NotThere { place: at, .. } if *at == place), "{said}");
            }
        }
    }
}
