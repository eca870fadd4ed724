-- Message-IDs that messages of a case refer to, seen or not: what they name may come later than the answer to it.
CREATE TABLE thread_awaited (
  message_id TEXT NOT NULL,
  case_id    UUID NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (message_id, case_id)
);
-- A message above a mebibyte lies in the files folder under this hash, and `raw` holds its beginning.
ALTER TABLE delivery ADD COLUMN raw_file TEXT;
ALTER TABLE delivery ADD COLUMN raw_size BIGINT;
-- Only its beginning was fetched: the rest is 'wanted', or 'gone' from the mailbox.
ALTER TABLE delivery ADD COLUMN rest TEXT CHECK (rest IN ('wanted','gone'));
CREATE INDEX delivery_rest ON delivery (mailbox) WHERE rest = 'wanted';
