-- Message-IDs that messages of a case refer to, seen or not: what they name may come later than the answer to it.
CREATE TABLE thread_awaited (
  message_id TEXT NOT NULL,
  case_id    BLOB NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (message_id, case_id)
) STRICT;
