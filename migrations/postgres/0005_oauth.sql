-- Sign-in by token: how each source is, and the refresh token it was given last, sealed. Whoever has the turn spends it.
CREATE TABLE token_source (
  name         TEXT    NOT NULL PRIMARY KEY,
  seed         TEXT,
  sealed       BYTEA,
  locked_by    TEXT,
  locked_until TIMESTAMPTZ,
  refreshed_at TIMESTAMPTZ,
  ends_at      TIMESTAMPTZ,
  fault        TEXT,
  code         TEXT,
  error        TEXT,
  error_since  TIMESTAMPTZ,
  failures     BIGINT  NOT NULL DEFAULT 0
);

-- The sort of a mailbox's fault: its words may hold an address, which an alert must not.
ALTER TABLE mailbox_health ADD COLUMN trouble TEXT;

-- How each way out is.
CREATE TABLE sending_health (
  channel         TEXT NOT NULL PRIMARY KEY,
  last_success_at TIMESTAMPTZ,
  trouble         TEXT,
  trouble_since   TIMESTAMPTZ
);

-- What somebody was told on another channel than mail, so that a restart does not tell it anew.
CREATE TABLE alert (
  about        TEXT    NOT NULL PRIMARY KEY,
  title        TEXT    NOT NULL,
  since        TIMESTAMPTZ    NOT NULL,
  told_at      TIMESTAMPTZ,
  locked_by    TEXT,
  locked_until TIMESTAMPTZ,
  attempts     BIGINT  NOT NULL DEFAULT 0
);
