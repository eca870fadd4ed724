-- What managers are asked to say of a complaint, and what they said. The letter holds the link; here is the SHA-256 of its token alone.
-- The points stand as they were when they were asked: their numbers may be others later.
CREATE TABLE contribution (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  case_id      BLOB NOT NULL REFERENCES case_file (id),
  number       INTEGER NOT NULL,
  token_hash   TEXT NOT NULL UNIQUE,
  email        TEXT NOT NULL,
  name         TEXT NOT NULL,
  question     TEXT NOT NULL,
  points       TEXT NOT NULL CHECK (json_valid(points)),
  due          TEXT NOT NULL,
  asked_at     TEXT NOT NULL,
  asked_by     BLOB NOT NULL REFERENCES officer (id),
  answer       TEXT,
  answered_at  TEXT,
  withdrawn_at TEXT,
  ends_at      TEXT NOT NULL,
  UNIQUE (case_id, number)
) STRICT;
