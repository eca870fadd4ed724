-- Files that come with messages. Taken out of the stored message after it is settled: a message that is forgotten leaves none.
ALTER TABLE representation ADD COLUMN files_state TEXT NOT NULL DEFAULT 'waiting' CHECK (files_state IN ('waiting','done','failed'));
-- How often the work on it was begun and not ended: by a program that was killed, perhaps by this very message.
ALTER TABLE representation ADD COLUMN files_attempts INTEGER NOT NULL DEFAULT 0;
UPDATE representation SET files_state = 'done' WHERE channel = 'chat' OR json_array_length(reading, '$.attachments') = 0;
CREATE INDEX representation_files_waiting ON representation (received_at, id) WHERE files_state = 'waiting';
CREATE INDEX representation_files_failed ON representation (id) WHERE files_state = 'failed';
-- The message that files are taken out of, and where it was found, are looked up by what was read of it.
CREATE INDEX delivery_representation ON delivery (representation_id);

-- One row a content, however often it came; the bytes lie in the files folder under the hash.
CREATE TABLE kept_file (
  sha256        TEXT    NOT NULL PRIMARY KEY,
  size          INTEGER NOT NULL,
  media_type    TEXT    NOT NULL,
  kept_at       TEXT    NOT NULL,
  scan          TEXT    NOT NULL DEFAULT 'not-scanned' CHECK (scan IN ('not-scanned','clean','infected')),
  scan_says     TEXT,
  scanned_at    TEXT,
  scan_attempts INTEGER NOT NULL DEFAULT 0,
  scan_after    TEXT,
  words_state   TEXT    NOT NULL CHECK (words_state IN ('waiting','read','none')),
  words         TEXT,
  shown         TEXT
) STRICT;
CREATE INDEX kept_file_unscanned ON kept_file (kept_at) WHERE scan = 'not-scanned';
CREATE INDEX kept_file_unread ON kept_file (kept_at) WHERE words_state = 'waiting';

CREATE TABLE attachment (
  id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  representation_id BLOB    NOT NULL REFERENCES representation (id),
  number            INTEGER NOT NULL,
  filename          TEXT    NOT NULL,
  inside            TEXT,
  said_type         TEXT    NOT NULL,
  size              INTEGER NOT NULL,
  state             TEXT    NOT NULL CHECK (state IN ('kept','refused')),
  why               TEXT,
  sha256            TEXT REFERENCES kept_file (sha256),
  UNIQUE (representation_id, number)
) STRICT;
CREATE INDEX attachment_file ON attachment (sha256);
