-- Bank holidays that the council gave itself: each version holds all its years and days, the newest is in use.
CREATE TABLE holiday_version (
  number  INTEGER NOT NULL PRIMARY KEY,
  made_at TEXT    NOT NULL,
  made_by TEXT,
  what    TEXT    NOT NULL,
  body    TEXT    NOT NULL CHECK (json_valid(body))
) STRICT;
-- The calendar that the case's dates were counted with; NULL: before that was written down.
ALTER TABLE case_file ADD COLUMN calendar_version TEXT;
