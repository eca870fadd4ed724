-- What managers are asked to say of a complaint, and what they said. The letter holds the link; here is the SHA-256 of its token alone.
-- The points stand as they were when they were asked: their numbers may be others later.
CREATE TABLE contribution (
  id           UUID NOT NULL PRIMARY KEY,
  case_id      UUID NOT NULL REFERENCES case_file (id),
  number       BIGINT NOT NULL,
  token_hash   TEXT NOT NULL UNIQUE,
  email        TEXT NOT NULL,
  name         TEXT NOT NULL,
  question     TEXT NOT NULL,
  points       JSONB NOT NULL,
  due          DATE NOT NULL,
  asked_at     TIMESTAMPTZ NOT NULL,
  asked_by     UUID NOT NULL REFERENCES officer (id),
  answer       TEXT,
  answered_at  TIMESTAMPTZ,
  withdrawn_at TIMESTAMPTZ,
  ends_at      TIMESTAMPTZ NOT NULL,
  UNIQUE (case_id, number)
);
