-- How long a case is kept: what was decided on it, in step with its events, and when everything that says who was taken out of it.
ALTER TABLE case_file ADD COLUMN retention TEXT CHECK (retention IN ('held','until','to-anonymise','anonymised'));
ALTER TABLE case_file ADD COLUMN anonymised_at TEXT;
CREATE INDEX case_file_retention ON case_file (retention) WHERE retention IS NOT NULL;
CREATE INDEX case_file_over ON case_file (opened_at) WHERE status IN ('closed','dismissed') AND anonymised_at IS NULL;
-- Files that nothing names any more: their bytes are removed from the files folder once that is committed.
CREATE TABLE file_to_remove (
  sha256 TEXT NOT NULL PRIMARY KEY,
  since  TEXT NOT NULL
) STRICT;
