-- Sign-in by token: how each source is, and the refresh token it was given last, sealed. Whoever has the turn spends it.
CREATE TABLE token_source (
  name         TEXT    NOT NULL PRIMARY KEY,
  seed         TEXT,
  sealed       BLOB,
  locked_by    TEXT,
  locked_until TEXT,
  refreshed_at TEXT,
  ends_at      TEXT,
  fault        TEXT,
  code         TEXT,
  error        TEXT,
  error_since  TEXT,
  failures     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The sort of a mailbox's fault: its words may hold an address, which an alert must not.
ALTER TABLE mailbox_health ADD COLUMN trouble TEXT;

-- How each way out is.
CREATE TABLE sending_health (
  channel         TEXT NOT NULL PRIMARY KEY,
  last_success_at TEXT,
  trouble         TEXT,
  trouble_since   TEXT
) STRICT;

-- What somebody was told on another channel than mail, so that a restart does not tell it anew.
CREATE TABLE alert (
  about        TEXT    NOT NULL PRIMARY KEY,
  title        TEXT    NOT NULL,
  since        TEXT    NOT NULL,
  told_at      TEXT,
  locked_by    TEXT,
  locked_until TEXT,
  attempts     INTEGER NOT NULL DEFAULT 0
) STRICT;
