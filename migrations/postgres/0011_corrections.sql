-- What officers correct in the sorting. A case that was merged into another is closed and names it: its reference, and the key
-- of its letters, lead there.
ALTER TABLE case_file ADD COLUMN merged_into UUID REFERENCES case_file (id);
-- The case that it may belong to, while an officer has not said.
ALTER TABLE case_file ADD COLUMN may_belong UUID REFERENCES case_file (id);
CREATE INDEX case_file_may_belong ON case_file (may_belong) WHERE may_belong IS NOT NULL;
-- Whose cases somebody is in: without it, every message that points at nothing would look at all of them.
CREATE INDEX case_participant_contact ON case_participant (contact_id);
CREATE INDEX thread_id_case ON thread_id (case_id);
CREATE INDEX thread_awaited_case ON thread_awaited (case_id);
CREATE INDEX case_name_case ON case_name (case_id);
-- Two messages, and whether an officer decided that they are about one matter of one family: what matching is measured on.
CREATE TABLE matter_pair (
  one        UUID        NOT NULL REFERENCES representation (id),
  other      UUID        NOT NULL REFERENCES representation (id),
  same       BOOLEAN     NOT NULL,
  decided_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (one, other)
);
