-- Files that come with messages. Taken out of the stored message after it is settled: a message that is forgotten leaves none.
ALTER TABLE representation ADD COLUMN files_state TEXT NOT NULL DEFAULT 'waiting' CHECK (files_state IN ('waiting','done','failed'));
-- How often the work on it was begun and not ended: by a program that was killed, perhaps by this very message.
ALTER TABLE representation ADD COLUMN files_attempts BIGINT NOT NULL DEFAULT 0;
UPDATE representation SET files_state = 'done' WHERE channel = 'chat' OR jsonb_array_length(reading->'attachments') = 0;
CREATE INDEX representation_files_waiting ON representation (received_at, id) WHERE files_state = 'waiting';
CREATE INDEX representation_files_failed ON representation (id) WHERE files_state = 'failed';
-- The message that files are taken out of, and where it was found, are looked up by what was read of it.
CREATE INDEX delivery_representation ON delivery (representation_id);

-- One row a content, however often it came; the bytes lie in the files folder under the hash.
CREATE TABLE kept_file (
  sha256        TEXT        NOT NULL PRIMARY KEY,
  size          BIGINT      NOT NULL,
  media_type    TEXT        NOT NULL,
  kept_at       TIMESTAMPTZ NOT NULL,
  scan          TEXT        NOT NULL DEFAULT 'not-scanned' CHECK (scan IN ('not-scanned','clean','infected')),
  scan_says     TEXT,
  scanned_at    TIMESTAMPTZ,
  scan_attempts BIGINT      NOT NULL DEFAULT 0,
  scan_after    TIMESTAMPTZ,
  words_state   TEXT        NOT NULL CHECK (words_state IN ('waiting','read','none')),
  words         TEXT,
  shown         TEXT
);
CREATE INDEX kept_file_unscanned ON kept_file (kept_at) WHERE scan = 'not-scanned';
CREATE INDEX kept_file_unread ON kept_file (kept_at) WHERE words_state = 'waiting';

CREATE TABLE attachment (
  id                UUID   NOT NULL PRIMARY KEY,
  representation_id UUID   NOT NULL REFERENCES representation (id),
  number            BIGINT NOT NULL,
  filename          TEXT   NOT NULL,
  inside            TEXT,
  said_type         TEXT   NOT NULL,
  size              BIGINT NOT NULL,
  state             TEXT   NOT NULL CHECK (state IN ('kept','refused')),
  why               TEXT,
  sha256            TEXT REFERENCES kept_file (sha256),
  UNIQUE (representation_id, number)
);
CREATE INDEX attachment_file ON attachment (sha256);
