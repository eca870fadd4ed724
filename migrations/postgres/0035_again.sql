-- What goes into a chat may have arrived before: nothing said so, and nothing said that it did not. The next attempt says so.
ALTER TABLE outbox ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;
