-- Models refitted with officers' decisions. Only names, dates and figures stand here: the weights are files, and the
-- messages are read where they lie. No row is 'live' while the shipped model is.
CREATE TABLE model (
  id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name            TEXT    NOT NULL,
  file            TEXT    NOT NULL,
  made_at         TEXT    NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('candidate','live','refused','retired')),
  shipped         TEXT    NOT NULL,
  base_messages   INTEGER NOT NULL,
  corrections     INTEGER NOT NULL,
  held_out        INTEGER NOT NULL,
  figures         TEXT    NOT NULL CHECK (json_valid(figures)),
  reason          TEXT,
  live_at         TEXT,
  ended_at        TEXT,
  rolled_back_at  TEXT,
  rolled_back_by  TEXT,
  rolled_back_why TEXT
) STRICT;
CREATE UNIQUE INDEX model_live ON model (state) WHERE state = 'live';
CREATE INDEX model_made ON model (made_at);
CREATE INDEX model_name ON model (name);

-- Work that one of several programs does at a time, and once a night.
CREATE TABLE turn (
  name         TEXT NOT NULL PRIMARY KEY,
  locked_by    TEXT,
  locked_until TEXT,
  last_on      TEXT
) STRICT;
