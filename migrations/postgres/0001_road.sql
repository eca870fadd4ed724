-- The road: deliveries as received, what was read, cases as the fold of their events, and what goes out.
-- Collation "C" everywhere it orders, so that both databases sort alike.

CREATE TABLE cursor (
  mailbox      TEXT    NOT NULL PRIMARY KEY,
  uid_validity BIGINT NOT NULL,
  last_uid     BIGINT NOT NULL,
  moved_at     TIMESTAMPTZ    NOT NULL
);

CREATE TABLE mailbox_health (
  mailbox         TEXT    NOT NULL PRIMARY KEY,
  kind            TEXT    NOT NULL,
  last_success_at TIMESTAMPTZ,
  waiting         BIGINT NOT NULL DEFAULT 0,
  error           TEXT,
  error_since     TIMESTAMPTZ,
  failures        BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE officer (
  id            UUID NOT NULL PRIMARY KEY,
  email         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  active        BOOLEAN NOT NULL DEFAULT TRUE,
  created_at    TIMESTAMPTZ    NOT NULL
);

CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  officer_id UUID NOT NULL REFERENCES officer (id),
  created_at TIMESTAMPTZ NOT NULL,
  seen_at    TIMESTAMPTZ NOT NULL,
  ends_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE audit (
  id         UUID NOT NULL PRIMARY KEY,
  at         TIMESTAMPTZ NOT NULL,
  officer_id UUID REFERENCES officer (id),
  what       TEXT NOT NULL,
  case_id    UUID
);

CREATE TABLE contact (
  id         UUID NOT NULL PRIMARY KEY,
  name       TEXT,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE contact_address (
  address    TEXT NOT NULL PRIMARY KEY,
  contact_id UUID NOT NULL REFERENCES contact (id)
);

CREATE TABLE representation (
  id             UUID NOT NULL PRIMARY KEY,
  content_key    TEXT NOT NULL UNIQUE,
  words_key      TEXT,
  message_id     TEXT,
  channel        TEXT NOT NULL CHECK (channel IN ('email','chat','form')),
  mailbox        TEXT NOT NULL,
  received_at    TIMESTAMPTZ NOT NULL,
  author_name    TEXT,
  author_address TEXT,
  passed_on_by   TEXT,
  subject        TEXT NOT NULL,
  visible_text   TEXT NOT NULL,
  quoted_text    TEXT NOT NULL,
  reading        JSONB NOT NULL,
  automated      TEXT,
  state          TEXT NOT NULL CHECK (state IN ('in-case','filed')),
  why            TEXT NOT NULL,
  stored_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX representation_message_id ON representation (message_id);
CREATE INDEX representation_words ON representation (words_key);

CREATE TABLE delivery (
  id                UUID NOT NULL PRIMARY KEY,
  mailbox           TEXT    NOT NULL,
  uid_validity      BIGINT NOT NULL,
  uid               BIGINT NOT NULL,
  arrived_at        TIMESTAMPTZ    NOT NULL,
  raw               BYTEA    NOT NULL,
  cut_from          BIGINT,
  state             TEXT    NOT NULL CHECK (state IN ('unread','read','quarantined')),
  why               TEXT,
  representation_id UUID REFERENCES representation (id),
  attempts          BIGINT NOT NULL DEFAULT 0,
  stored_at         TIMESTAMPTZ    NOT NULL,
  UNIQUE (mailbox, uid_validity, uid)
);
CREATE INDEX delivery_open ON delivery (state, arrived_at) WHERE state <> 'read';

-- A manager's mail that is not dissatisfaction: nothing but a keyed hash, and how many a day.
CREATE TABLE forgotten (
  mailbox    TEXT NOT NULL,
  keyed_hash TEXT NOT NULL,
  PRIMARY KEY (mailbox, keyed_hash)
);
CREATE TABLE forgotten_count (
  mailbox TEXT    NOT NULL,
  on_day  DATE    NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (mailbox, on_day)
);

CREATE TABLE suggestion (
  representation_id UUID NOT NULL PRIMARY KEY REFERENCES representation (id),
  model             TEXT NOT NULL,
  body              JSONB NOT NULL,
  made_at           TIMESTAMPTZ NOT NULL
);

CREATE TABLE reference_counter (
  year BIGINT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);

CREATE TABLE case_file (
  id             UUID NOT NULL PRIMARY KEY,
  reference      TEXT    NOT NULL UNIQUE,
  status         TEXT    NOT NULL CHECK (status IN ('to-confirm','open','dismissed','closed')),
  act            TEXT    NOT NULL,
  procedure      TEXT    NOT NULL,
  theme          TEXT    NOT NULL,
  safeguarding   BOOLEAN NOT NULL,
  complainant_id UUID REFERENCES contact (id),
  passed_on_by   TEXT,
  channel        TEXT    NOT NULL,
  mailbox        TEXT    NOT NULL,
  received_at    TIMESTAMPTZ    NOT NULL,
  due_on         DATE    NOT NULL,
  due_duty       TEXT    NOT NULL,
  due_rule       TEXT    NOT NULL,
  decide_by      DATE    NOT NULL,
  officer_id     UUID REFERENCES officer (id),
  acknowledgement TEXT   NOT NULL,
  version        BIGINT NOT NULL,
  opened_at      TIMESTAMPTZ    NOT NULL,
  updated_at     TIMESTAMPTZ    NOT NULL
);
CREATE INDEX case_file_queue ON case_file (status, due_on);
CREATE INDEX case_file_complainant ON case_file (complainant_id);

CREATE TABLE case_participant (
  case_id    UUID NOT NULL REFERENCES case_file (id),
  contact_id UUID NOT NULL REFERENCES contact (id),
  role       TEXT NOT NULL,
  PRIMARY KEY (case_id, contact_id)
);

CREATE TABLE case_message (
  case_id           UUID NOT NULL REFERENCES case_file (id),
  representation_id UUID NOT NULL REFERENCES representation (id),
  relation          TEXT NOT NULL,
  why               TEXT NOT NULL,
  added_at          TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (case_id, representation_id)
);
CREATE INDEX case_message_representation ON case_message (representation_id);

-- Message-IDs, theirs and ours, that lead to a case.
CREATE TABLE thread_id (
  message_id TEXT NOT NULL,
  case_id    UUID NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (message_id, case_id)
);

CREATE TABLE case_event (
  case_id    UUID    NOT NULL REFERENCES case_file (id),
  seq        BIGINT NOT NULL,
  at         TIMESTAMPTZ    NOT NULL,
  officer_id UUID REFERENCES officer (id),
  body       JSONB NOT NULL,
  PRIMARY KEY (case_id, seq)
);

CREATE TABLE outbox (
  id           UUID NOT NULL PRIMARY KEY,
  dedupe_key   TEXT    NOT NULL UNIQUE,
  case_id      UUID REFERENCES case_file (id),
  kind         TEXT    NOT NULL,
  channel      TEXT    NOT NULL CHECK (channel IN ('email','chat')),
  recipient    TEXT    NOT NULL,
  message      JSONB NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('waiting','sent','held','failed')),
  why          TEXT,
  queued_at    TIMESTAMPTZ    NOT NULL,
  run_at       TIMESTAMPTZ    NOT NULL,
  locked_until TIMESTAMPTZ,
  locked_by    TEXT,
  attempts     BIGINT NOT NULL DEFAULT 0,
  settled_at   TIMESTAMPTZ
);
CREATE INDEX outbox_ready ON outbox (run_at) WHERE state = 'waiting';
CREATE INDEX outbox_recipient ON outbox (recipient, queued_at);
CREATE INDEX outbox_case ON outbox (case_id);
