-- Who is appointed in which case, by address: whoever signs in with it sees the case while it is open.
CREATE TABLE case_appointed (
  case_id BLOB NOT NULL REFERENCES case_file (id),
  email   TEXT NOT NULL,
  post    TEXT NOT NULL,
  PRIMARY KEY (case_id, email, post)
) STRICT;
CREATE INDEX case_appointed_email ON case_appointed (email);

-- The second factor of an account (RFC 6238). The secret is sealed with the council's key. It counts once a code was entered; the
-- step of the last code is kept, so that none is taken twice.
CREATE TABLE second_factor (
  officer_id BLOB NOT NULL PRIMARY KEY REFERENCES officer (id),
  sealed     BLOB NOT NULL,
  begun_at   TEXT NOT NULL,
  since      TEXT,
  last_step  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Whoever gave the right password and has not given the code yet. Only the SHA-256 of the token in the cookie is kept.
CREATE TABLE half_signed_in (
  token_hash TEXT NOT NULL PRIMARY KEY,
  officer_id BLOB NOT NULL REFERENCES officer (id),
  ends_at    TEXT NOT NULL
) STRICT;

-- Whom the council's own directory means: its issuer and its key for the person, which never change, as an address may.
ALTER TABLE officer ADD COLUMN issuer TEXT;
ALTER TABLE officer ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX officer_subject ON officer (issuer, subject);
