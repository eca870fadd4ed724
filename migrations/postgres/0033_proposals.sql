-- What was done because of a complaint, in the words of the action without the names that we know, for an officer to make a line of "what
-- we changed" of, or to drop. Nobody else reads it. One for each action of a case; what was decided stays, so that it does not come back.
CREATE TABLE change_proposal (
  id         UUID        NOT NULL PRIMARY KEY,
  case_id    UUID        NOT NULL REFERENCES case_file (id),
  action     BIGINT      NOT NULL,
  we_did     TEXT        NOT NULL,
  made_at    TIMESTAMPTZ NOT NULL,
  decided_at TIMESTAMPTZ,
  decided_by UUID REFERENCES officer (id),
  how        TEXT CHECK (how IN ('used','dropped')),
  UNIQUE (case_id, action)
);
CREATE INDEX change_proposal_open ON change_proposal (made_at) WHERE decided_at IS NULL;
