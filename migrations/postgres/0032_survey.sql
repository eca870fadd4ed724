-- What families are asked after the end of their case. An invitation is for one address or chat of one case; its code is made from the
-- council's key and the invitation's own key, and here is the code's SHA-256 alone. It does not say when it was answered.
CREATE TABLE survey_invitation (
  id        UUID NOT NULL PRIMARY KEY,
  case_id   UUID NOT NULL REFERENCES case_file (id),
  code_hash TEXT NOT NULL UNIQUE,
  address   TEXT NOT NULL,
  made_at   TIMESTAMPTZ NOT NULL,
  ends_at   TIMESTAMPTZ NOT NULL,
  used      BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (case_id, address)
);
-- Whether anybody is asked is decided once for each case.
CREATE TABLE survey_decided (
  case_id    UUID NOT NULL PRIMARY KEY REFERENCES case_file (id),
  decided_at TIMESTAMPTZ NOT NULL
);
-- The answers: how many of each were given in a month, and nothing else. No row is anybody's.
CREATE TABLE survey_tally (
  month  DATE NOT NULL,
  what   TEXT NOT NULL CHECK (what IN ('invited','answered','easy','known','heard','dealt','again')),
  answer TEXT NOT NULL CHECK (answer IN ('','1','2','3','4','5','none')),
  n      BIGINT NOT NULL,
  PRIMARY KEY (month, what, answer)
);
-- Whose time has come is looked for every minute among all that are closed.
CREATE INDEX case_file_closed ON case_file (closed_at) WHERE status = 'closed';
