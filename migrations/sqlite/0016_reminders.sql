-- The next date of a case that is not done, and what is to be done then: what people are reminded of.
ALTER TABLE case_file ADD COLUMN next_on TEXT;
ALTER TABLE case_file ADD COLUMN next_what TEXT;
-- When it was closed, and how often its family was asked since how they are treated.
ALTER TABLE case_file ADD COLUMN closed_at TEXT;
ALTER TABLE case_file ADD COLUMN check_ins INTEGER NOT NULL DEFAULT 0;
-- The stage of the procedure that it is at, from 1.
ALTER TABLE case_file ADD COLUMN stage INTEGER NOT NULL DEFAULT 1;
UPDATE case_file SET next_on = due_on, next_what = 'Answer' WHERE status IN ('to-confirm','open') AND answered_at IS NULL;
CREATE INDEX case_next ON case_file (next_on) WHERE next_on IS NOT NULL;
CREATE INDEX case_closed ON case_file (closed_at) WHERE closed_at IS NOT NULL;
