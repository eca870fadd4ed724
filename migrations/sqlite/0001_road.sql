-- The road: deliveries as received, what was read, cases as the fold of their events, and what goes out.
-- Times are RFC 3339 UTC text cut to microseconds; booleans 0/1; ids 16-byte UUIDs (version 7).

CREATE TABLE cursor (
  mailbox      TEXT    NOT NULL PRIMARY KEY,
  uid_validity INTEGER NOT NULL,
  last_uid     INTEGER NOT NULL,
  moved_at     TEXT    NOT NULL
) STRICT;

CREATE TABLE mailbox_health (
  mailbox         TEXT    NOT NULL PRIMARY KEY,
  kind            TEXT    NOT NULL,
  last_success_at TEXT,
  waiting         INTEGER NOT NULL DEFAULT 0,
  error           TEXT,
  error_since     TEXT,
  failures        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE officer (
  id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  email         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at    TEXT    NOT NULL
) STRICT;

CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  officer_id BLOB NOT NULL REFERENCES officer (id),
  created_at TEXT NOT NULL,
  seen_at    TEXT NOT NULL,
  ends_at    TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  at         TEXT NOT NULL,
  officer_id BLOB REFERENCES officer (id),
  what       TEXT NOT NULL,
  case_id    BLOB
) STRICT;

CREATE TABLE contact (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE contact_address (
  address    TEXT NOT NULL PRIMARY KEY,
  contact_id BLOB NOT NULL REFERENCES contact (id)
) STRICT;

CREATE TABLE representation (
  id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  content_key    TEXT NOT NULL UNIQUE,
  words_key      TEXT,
  message_id     TEXT,
  channel        TEXT NOT NULL CHECK (channel IN ('email','chat','form')),
  mailbox        TEXT NOT NULL,
  received_at    TEXT NOT NULL,
  author_name    TEXT,
  author_address TEXT,
  passed_on_by   TEXT,
  subject        TEXT NOT NULL,
  visible_text   TEXT NOT NULL,
  quoted_text    TEXT NOT NULL,
  reading        TEXT NOT NULL CHECK (json_valid(reading)),
  automated      TEXT,
  state          TEXT NOT NULL CHECK (state IN ('in-case','filed')),
  why            TEXT NOT NULL,
  stored_at      TEXT NOT NULL
) STRICT;
CREATE INDEX representation_message_id ON representation (message_id);
CREATE INDEX representation_words ON representation (words_key);

CREATE TABLE delivery (
  id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  mailbox           TEXT    NOT NULL,
  uid_validity      INTEGER NOT NULL,
  uid               INTEGER NOT NULL,
  arrived_at        TEXT    NOT NULL,
  raw               BLOB    NOT NULL,
  cut_from          INTEGER,
  state             TEXT    NOT NULL CHECK (state IN ('unread','read','quarantined')),
  why               TEXT,
  representation_id BLOB REFERENCES representation (id),
  attempts          INTEGER NOT NULL DEFAULT 0,
  stored_at         TEXT    NOT NULL,
  UNIQUE (mailbox, uid_validity, uid)
) STRICT;
CREATE INDEX delivery_open ON delivery (state, arrived_at) WHERE state <> 'read';

-- A manager's mail that is not dissatisfaction: nothing but a keyed hash, and how many a day.
CREATE TABLE forgotten (
  mailbox    TEXT NOT NULL,
  keyed_hash TEXT NOT NULL,
  PRIMARY KEY (mailbox, keyed_hash)
) STRICT;
CREATE TABLE forgotten_count (
  mailbox TEXT    NOT NULL,
  on_day  TEXT    NOT NULL,
  n       INTEGER NOT NULL,
  PRIMARY KEY (mailbox, on_day)
) STRICT;

CREATE TABLE suggestion (
  representation_id BLOB NOT NULL PRIMARY KEY REFERENCES representation (id),
  model             TEXT NOT NULL,
  body              TEXT NOT NULL CHECK (json_valid(body)),
  made_at           TEXT NOT NULL
) STRICT;

CREATE TABLE reference_counter (
  year INTEGER NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;

CREATE TABLE case_file (
  id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  reference      TEXT    NOT NULL UNIQUE,
  status         TEXT    NOT NULL CHECK (status IN ('to-confirm','open','dismissed','closed')),
  act            TEXT    NOT NULL,
  procedure      TEXT    NOT NULL,
  theme          TEXT    NOT NULL,
  safeguarding   INTEGER NOT NULL CHECK (safeguarding IN (0,1)),
  complainant_id BLOB REFERENCES contact (id),
  passed_on_by   TEXT,
  channel        TEXT    NOT NULL,
  mailbox        TEXT    NOT NULL,
  received_at    TEXT    NOT NULL,
  due_on         TEXT    NOT NULL,
  due_duty       TEXT    NOT NULL,
  due_rule       TEXT    NOT NULL,
  decide_by      TEXT    NOT NULL,
  officer_id     BLOB REFERENCES officer (id),
  acknowledgement TEXT   NOT NULL,
  version        INTEGER NOT NULL,
  opened_at      TEXT    NOT NULL,
  updated_at     TEXT    NOT NULL
) STRICT;
CREATE INDEX case_file_queue ON case_file (status, due_on);
CREATE INDEX case_file_complainant ON case_file (complainant_id);

CREATE TABLE case_participant (
  case_id    BLOB NOT NULL REFERENCES case_file (id),
  contact_id BLOB NOT NULL REFERENCES contact (id),
  role       TEXT NOT NULL,
  PRIMARY KEY (case_id, contact_id)
) STRICT;

CREATE TABLE case_message (
  case_id           BLOB NOT NULL REFERENCES case_file (id),
  representation_id BLOB NOT NULL REFERENCES representation (id),
  relation          TEXT NOT NULL,
  why               TEXT NOT NULL,
  added_at          TEXT NOT NULL,
  PRIMARY KEY (case_id, representation_id)
) STRICT;
CREATE INDEX case_message_representation ON case_message (representation_id);

-- Message-IDs, theirs and ours, that lead to a case.
CREATE TABLE thread_id (
  message_id TEXT NOT NULL,
  case_id    BLOB NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (message_id, case_id)
) STRICT;

CREATE TABLE case_event (
  case_id    BLOB    NOT NULL REFERENCES case_file (id),
  seq        INTEGER NOT NULL,
  at         TEXT    NOT NULL,
  officer_id BLOB REFERENCES officer (id),
  body       TEXT    NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (case_id, seq)
) STRICT;

CREATE TABLE outbox (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  dedupe_key   TEXT    NOT NULL UNIQUE,
  case_id      BLOB REFERENCES case_file (id),
  kind         TEXT    NOT NULL,
  channel      TEXT    NOT NULL CHECK (channel IN ('email','chat')),
  recipient    TEXT    NOT NULL,
  message      TEXT    NOT NULL CHECK (json_valid(message)),
  state        TEXT    NOT NULL CHECK (state IN ('waiting','sent','held','failed')),
  why          TEXT,
  queued_at    TEXT    NOT NULL,
  run_at       TEXT    NOT NULL,
  locked_until TEXT,
  locked_by    TEXT,
  attempts     INTEGER NOT NULL DEFAULT 0,
  settled_at   TEXT
) STRICT;
CREATE INDEX outbox_ready ON outbox (run_at) WHERE state = 'waiting';
CREATE INDEX outbox_recipient ON outbox (recipient, queued_at);
CREATE INDEX outbox_case ON outbox (case_id);
