-- Models refitted with officers' decisions. Only names, dates and figures stand here: the weights are files, and the
-- messages are read where they lie. No row is 'live' while the shipped model is.
CREATE TABLE model (
  id              UUID        NOT NULL PRIMARY KEY,
  name            TEXT        NOT NULL,
  file            TEXT        NOT NULL,
  made_at         TIMESTAMPTZ NOT NULL,
  state           TEXT        NOT NULL CHECK (state IN ('candidate','live','refused','retired')),
  shipped         TEXT        NOT NULL,
  base_messages   BIGINT      NOT NULL,
  corrections     BIGINT      NOT NULL,
  held_out        BIGINT      NOT NULL,
  figures         JSONB       NOT NULL,
  reason          TEXT,
  live_at         TIMESTAMPTZ,
  ended_at        TIMESTAMPTZ,
  rolled_back_at  TIMESTAMPTZ,
  rolled_back_by  TEXT,
  rolled_back_why TEXT
);
CREATE UNIQUE INDEX model_live ON model (state) WHERE state = 'live';
CREATE INDEX model_made ON model (made_at);
CREATE INDEX model_name ON model (name);

-- Work that one of several programs does at a time, and once a night.
CREATE TABLE turn (
  name         TEXT NOT NULL PRIMARY KEY,
  locked_by    TEXT,
  locked_until TIMESTAMPTZ,
  last_on      DATE
);
