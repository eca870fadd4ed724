-- Since when a child may be at risk in a case and nobody has acknowledged it; when somebody was last written to about that, and
-- how many levels of those who hear next have had their turn.
ALTER TABLE case_file ADD COLUMN alert_unread_since TIMESTAMPTZ;
ALTER TABLE case_file ADD COLUMN alert_told_at TIMESTAMPTZ;
ALTER TABLE case_file ADD COLUMN alert_level BIGINT NOT NULL DEFAULT 0;
-- What was raised before anybody could acknowledge it comes first in the queue too, but is written to nobody again by itself.
UPDATE case_file SET alert_unread_since = opened_at WHERE safeguarding AND status IN ('to-confirm','open') AND merged_into IS NULL;
CREATE INDEX case_file_alert_unread ON case_file (alert_told_at) WHERE alert_unread_since IS NOT NULL;
-- Addresses that officers marked: what is written to one waits until an officer lets it go.
CREATE TABLE do_not_reply (
  mailbox TEXT PRIMARY KEY,
  marked_at TIMESTAMPTZ NOT NULL
);
