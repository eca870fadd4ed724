-- Documents that officers add to a case: the reports of stage 2, and what else may go to a family with a letter. The bytes lie in
-- the files folder; kept_file says what a scanner found in them.
CREATE TABLE case_document (
  id       BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  case_id  BLOB NOT NULL REFERENCES case_file (id),
  kind     TEXT NOT NULL CHECK (kind IN ('investigation','independent','other')),
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL REFERENCES kept_file (sha256),
  added_at TEXT NOT NULL,
  added_by BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE INDEX case_document_case ON case_document (case_id, added_at);
CREATE INDEX case_document_file ON case_document (sha256);
