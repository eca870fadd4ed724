-- Names that a case's family is told by (folded words of authors' names and of children's), to find the cases that a message
-- may be about although it points at none.
CREATE TABLE case_name (
  name    TEXT NOT NULL,
  case_id BLOB NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (name, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX representation_author ON representation (author_address) WHERE author_address IS NOT NULL;
