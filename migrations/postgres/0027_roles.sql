-- Who is appointed in which case, by address: whoever signs in with it sees the case while it is open.
CREATE TABLE case_appointed (
  case_id UUID NOT NULL REFERENCES case_file (id),
  email   TEXT NOT NULL,
  post    TEXT NOT NULL,
  PRIMARY KEY (case_id, email, post)
);
CREATE INDEX case_appointed_email ON case_appointed (email);

-- The second factor of an account (RFC 6238). The secret is sealed with the council's key. It counts once a code was entered; the
-- step of the last code is kept, so that none is taken twice.
CREATE TABLE second_factor (
  officer_id UUID NOT NULL PRIMARY KEY REFERENCES officer (id),
  sealed     BYTEA NOT NULL,
  begun_at   TIMESTAMPTZ NOT NULL,
  since      TIMESTAMPTZ,
  last_step  BIGINT NOT NULL DEFAULT 0
);

-- Whoever gave the right password and has not given the code yet. Only the SHA-256 of the token in the cookie is kept.
CREATE TABLE half_signed_in (
  token_hash TEXT NOT NULL PRIMARY KEY,
  officer_id UUID NOT NULL REFERENCES officer (id),
  ends_at    TIMESTAMPTZ NOT NULL
);

-- Whom the council's own directory means: its issuer and its key for the person, which never change, as an address may.
ALTER TABLE officer ADD COLUMN issuer TEXT;
ALTER TABLE officer ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX officer_subject ON officer (issuer, subject);
