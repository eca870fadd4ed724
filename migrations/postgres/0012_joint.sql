-- Joint complaints: cases of several families with one problem. Which cases are in one follows from their events.
CREATE TABLE joint (
  id         UUID NOT NULL PRIMARY KEY,
  reference  TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  made_at    TIMESTAMPTZ NOT NULL,
  officer_id UUID NOT NULL REFERENCES officer (id)
);
CREATE TABLE joint_case (
  case_id  UUID NOT NULL PRIMARY KEY REFERENCES case_file (id),
  joint_id UUID NOT NULL REFERENCES joint (id)
);
CREATE INDEX joint_case_joint ON joint_case (joint_id);
CREATE TABLE joint_counter (
  year BIGINT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);
-- What the program takes for one problem, until an officer says.
CREATE TABLE joint_suggestion (
  id         UUID NOT NULL PRIMARY KEY,
  title      TEXT NOT NULL,
  why        TEXT NOT NULL,
  made_at    TIMESTAMPTZ NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('open','refused','tied')),
  decided_at TIMESTAMPTZ,
  officer_id UUID REFERENCES officer (id)
);
CREATE TABLE joint_suggestion_case (
  suggestion_id UUID NOT NULL REFERENCES joint_suggestion (id),
  case_id       UUID NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (suggestion_id, case_id)
);
CREATE INDEX joint_suggestion_case_case ON joint_suggestion_case (case_id);
CREATE INDEX case_file_received ON case_file (received_at) WHERE status IN ('to-confirm','open');
