-- The families' page on which they see where their case stands. A link is for one address or chat of one case; its code is made from
-- the council's key and the link's own key, and here is the code's SHA-256 alone. The six figures that whoever opens it must know are
-- made of the key and of when they were asked for, and are kept nowhere.
CREATE TABLE track_link (
  id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  case_id        BLOB NOT NULL REFERENCES case_file (id),
  code_hash      TEXT NOT NULL UNIQUE,
  address        TEXT NOT NULL,
  channel        TEXT NOT NULL CHECK (channel IN ('email','chat')),
  made_at        TEXT NOT NULL,
  opened_at      TEXT,
  revoked_at     TEXT,
  revoked_by     BLOB REFERENCES officer (id),
  asked_at       TEXT,
  tries          INTEGER NOT NULL DEFAULT 0,
  asked_first_at TEXT,
  asked_times    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX track_link_open ON track_link (case_id, address) WHERE revoked_at IS NULL;
CREATE TABLE track_session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  link_id    BLOB NOT NULL REFERENCES track_link (id),
  created_at TEXT NOT NULL,
  seen_at    TEXT NOT NULL
) STRICT;
CREATE INDEX track_session_link ON track_session (link_id);
-- What they asked for on the page. What they wrote is a message of the case like any other.
CREATE TABLE track_request (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  case_id           BLOB NOT NULL REFERENCES case_file (id),
  link_id           BLOB NOT NULL REFERENCES track_link (id),
  kind              TEXT NOT NULL CHECK (kind IN ('add','next-stage','withdraw','contact')),
  asked_at          TEXT NOT NULL,
  representation_id BLOB NOT NULL REFERENCES representation (id)
) STRICT;
CREATE INDEX track_request_case ON track_request (case_id);
