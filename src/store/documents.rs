//! Documents that officers add to a case. The bytes lie in the [`files`](super::files) folder.

use chrono::{DateTime, Utc};

use super::{Stored, Tx, execute, fetch, on, statements};
use crate::ids::Uuid;

/// A document to be added; its content is noted already ([`attachments::keep`](super::attachments::keep)).
pub struct NewDocument<'a> {
    /// Key.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// `investigation`, `independent` or `other`.
    pub kind: &'static str,
    /// What it is called, with its ending.
    pub name: &'a str,
    /// Its name in the files folder.
    pub sha256: &'a str,
    /// Who adds it.
    pub by: Uuid,
}

/// A document of a case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Document {
    /// Key.
    pub id: Uuid,
    /// `investigation`, `independent` or `other`.
    pub kind: String,
    /// What it is called, with its ending.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type by its bytes.
    pub media_type: String,
    /// Its name in the files folder.
    pub sha256: String,
    /// `not-scanned`, `clean` or `infected`.
    pub scan: String,
    /// What was found, or why it could not be scanned.
    pub scan_says: Option<String>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// The name of whoever added it.
    pub added_by: String,
}

impl Document {
    /// Whether it may be opened and sent; `scanner`: there is one, so that only its plain word opens a file.
    #[must_use]
    pub fn is_open(&self, scanner: bool) -> bool {
        self.scan == "clean" || (self.scan == "not-scanned" && !scanner)
    }
}

statements! {
    document_put = "INSERT INTO case_document (id, case_id, kind, name, sha256, added_at, added_by) VALUES ($1,$2,$3,$4,$5,$6,$7)";
    case_documents = "SELECT d.id, d.kind, d.name, f.size, f.media_type, d.sha256, f.scan, f.scan_says, d.added_at, o.name AS added_by
  FROM case_document d JOIN kept_file f ON f.sha256 = d.sha256 JOIN officer o ON o.id = d.added_by WHERE d.case_id = $1 ORDER BY d.added_at, d.id";
    file_scan = "SELECT scan FROM kept_file WHERE sha256 = $1";
}

/// Adds a document to a case.
pub async fn put(tx: &mut Tx, new: &NewDocument<'_>, now: DateTime<Utc>) -> Stored<()> {
    execute!(tx, document_put, new.id, new.case, new.kind, new.name, new.sha256, now, new.by).map(|_| ())
}

/// The documents of a case, the oldest first.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Stored<Vec<Document>> {
    fetch!(tx, case_documents, Document, all, case)
}

/// What a scanner said of the file with this hash: `not-scanned`, `clean` or `infected`; None when the file is not known.
pub async fn scan_of(tx: &mut Tx, sha256: &str) -> Stored<Option<String>> {
    Ok(fetch!(tx, file_scan, (String,), optional, sha256)?.map(|(scan,)| scan))
}
