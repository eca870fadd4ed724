-- The families' page on which they see where their case stands. A link is for one address or chat of one case; its code is made from
-- the council's key and the link's own key, and here is the code's SHA-256 alone. The six figures that whoever opens it must know are
-- made of the key and of when they were asked for, and are kept nowhere.
CREATE TABLE track_link (
  id             UUID NOT NULL PRIMARY KEY,
  case_id        UUID NOT NULL REFERENCES case_file (id),
  code_hash      TEXT NOT NULL UNIQUE,
  address        TEXT NOT NULL,
  channel        TEXT NOT NULL CHECK (channel IN ('email','chat')),
  made_at        TIMESTAMPTZ NOT NULL,
  opened_at      TIMESTAMPTZ,
  revoked_at     TIMESTAMPTZ,
  revoked_by     UUID REFERENCES officer (id),
  asked_at       TIMESTAMPTZ,
  tries          BIGINT NOT NULL DEFAULT 0,
  asked_first_at TIMESTAMPTZ,
  asked_times    BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX track_link_open ON track_link (case_id, address) WHERE revoked_at IS NULL;
CREATE TABLE track_session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  link_id    UUID NOT NULL REFERENCES track_link (id),
  created_at TIMESTAMPTZ NOT NULL,
  seen_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX track_session_link ON track_session (link_id);
-- What they asked for on the page. What they wrote is a message of the case like any other.
CREATE TABLE track_request (
  id                UUID NOT NULL PRIMARY KEY,
  case_id           UUID NOT NULL REFERENCES case_file (id),
  link_id           UUID NOT NULL REFERENCES track_link (id),
  kind              TEXT NOT NULL CHECK (kind IN ('add','next-stage','withdraw','contact')),
  asked_at          TIMESTAMPTZ NOT NULL,
  representation_id UUID NOT NULL REFERENCES representation (id)
);
CREATE INDEX track_request_case ON track_request (case_id);
