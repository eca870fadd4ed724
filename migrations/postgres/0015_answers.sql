-- When the family got the answer at stage 1: from then on the day of the case is the last one to ask for stage 2.
ALTER TABLE case_file ADD COLUMN answered_at TIMESTAMPTZ;
