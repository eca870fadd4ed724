-- Checks of what was left alone in a manager's mailbox: only numbers, and who agreed, asked and looked. No message leaves a
-- word, an address or its own number here. `last_rank` is a hash of the place of the message shown last; it goes when the
-- check ends.
CREATE TABLE mailbox_check (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  mailbox      TEXT NOT NULL,
  from_on      TEXT NOT NULL,
  to_on        TEXT NOT NULL,
  wanted       INTEGER NOT NULL,
  asked_by     BLOB NOT NULL REFERENCES officer (id),
  asked_at     TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('asked','agreed','declined','withdrawn','done')),
  -- Who agreed, and how: 'page' when the owner did so here, else in the words of the officer who wrote it down.
  consent_by   TEXT,
  consent_how  TEXT,
  consent_on   TEXT,
  consent_at   TEXT,
  recorded_by  BLOB REFERENCES officer (id),
  -- Who ended it, said no, or took the consent back.
  ended_by     TEXT,
  ended_at     TEXT,
  uid_validity INTEGER,
  last_rank    INTEGER,
  left_alone   INTEGER NOT NULL DEFAULT 0,
  counted      INTEGER NOT NULL DEFAULT 0,
  found        INTEGER NOT NULL DEFAULT 0,
  drawn        INTEGER NOT NULL DEFAULT 0,
  shown        INTEGER NOT NULL DEFAULT 0,
  answered     INTEGER NOT NULL DEFAULT 0,
  judged       INTEGER NOT NULL DEFAULT 0,
  missed       INTEGER NOT NULL DEFAULT 0,
  cases        INTEGER NOT NULL DEFAULT 0
) STRICT;
