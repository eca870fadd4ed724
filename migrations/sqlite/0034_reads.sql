-- The language that a person reads, as they showed it by the page of their case, which only they can open. NULL: not known.
ALTER TABLE contact ADD COLUMN reads TEXT;
