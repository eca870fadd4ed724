//! Files that came with messages, as the pages show them.

use serde::Serialize;

use crate::ids::Uuid;

/// A file that came with a message.
#[derive(Clone, Debug, Serialize)]
pub struct AttachmentView {
    /// Under this it is opened; `None` when it cannot be.
    pub id: Option<Uuid>,
    /// File name.
    pub name: String,
    /// The attached message or bundle it lies in.
    pub inside: Option<String>,
    /// What it is, in words.
    pub kind: String,
    /// Size in bytes.
    pub size: u64,
    /// Whether it can be opened.
    pub standing: FileStanding,
    /// What there is to know or do, in words; may be empty.
    pub note: String,
    /// Its words, where they are shown beside it; may be empty.
    pub shown: String,
}

/// Whether a file can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileStanding {
    /// Yes: the virus scanner found nothing.
    Clean,
    /// Yes, with a warning: there is no virus scanner.
    NotScanned,
    /// Not yet: it is still in its message.
    Waiting,
    /// Not yet: the virus scanner has not spoken.
    Closed,
    /// No: it was not kept.
    Refused,
    /// No: the virus scanner found something.
    Infected,
    /// Not here: the chat service has it.
    Elsewhere,
}

/// How files that come with messages are doing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FilesHealth {
    /// Messages with files still in them.
    pub waiting: u64,
    /// Messages whose files could not be taken out.
    pub failed: u64,
    /// A virus scanner is set up.
    pub scanner: bool,
    /// Files no scanner has looked at.
    pub not_scanned: u64,
    /// Files in which something was found.
    pub infected: u64,
    /// What is wrong, in words with a remedy.
    pub faults: Vec<String>,
}
