-- Joint complaints: cases of several families with one problem. Which cases are in one follows from their events.
CREATE TABLE joint (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  reference  TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  officer_id BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE TABLE joint_case (
  case_id  BLOB NOT NULL PRIMARY KEY REFERENCES case_file (id),
  joint_id BLOB NOT NULL REFERENCES joint (id)
) STRICT;
CREATE INDEX joint_case_joint ON joint_case (joint_id);
CREATE TABLE joint_counter (
  year INTEGER NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;
-- What the program takes for one problem, until an officer says.
CREATE TABLE joint_suggestion (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  title      TEXT NOT NULL,
  why        TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('open','refused','tied')),
  decided_at TEXT,
  officer_id BLOB REFERENCES officer (id)
) STRICT;
CREATE TABLE joint_suggestion_case (
  suggestion_id BLOB NOT NULL REFERENCES joint_suggestion (id),
  case_id       BLOB NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (suggestion_id, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX joint_suggestion_case_case ON joint_suggestion_case (case_id);
CREATE INDEX case_file_received ON case_file (received_at) WHERE status IN ('to-confirm','open');
