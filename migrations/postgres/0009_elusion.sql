-- Checks of what was left alone in a manager's mailbox: only numbers, and who agreed, asked and looked. No message leaves a
-- word, an address or its own number here. `last_rank` is a hash of the place of the message shown last; it goes when the
-- check ends.
CREATE TABLE mailbox_check (
  id           UUID NOT NULL PRIMARY KEY,
  mailbox      TEXT NOT NULL,
  from_on      DATE NOT NULL,
  to_on        DATE NOT NULL,
  wanted       BIGINT NOT NULL,
  asked_by     UUID NOT NULL REFERENCES officer (id),
  asked_at     TIMESTAMPTZ NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('asked','agreed','declined','withdrawn','done')),
  -- Who agreed, and how: 'page' when the owner did so here, else in the words of the officer who wrote it down.
  consent_by   TEXT,
  consent_how  TEXT,
  consent_on   DATE,
  consent_at   TIMESTAMPTZ,
  recorded_by  UUID REFERENCES officer (id),
  -- Who ended it, said no, or took the consent back.
  ended_by     TEXT,
  ended_at     TIMESTAMPTZ,
  uid_validity BIGINT,
  last_rank    BIGINT,
  left_alone   BIGINT NOT NULL DEFAULT 0,
  counted      BIGINT NOT NULL DEFAULT 0,
  found        BIGINT NOT NULL DEFAULT 0,
  drawn        BIGINT NOT NULL DEFAULT 0,
  shown        BIGINT NOT NULL DEFAULT 0,
  answered     BIGINT NOT NULL DEFAULT 0,
  judged       BIGINT NOT NULL DEFAULT 0,
  missed       BIGINT NOT NULL DEFAULT 0,
  cases        BIGINT NOT NULL DEFAULT 0
);
