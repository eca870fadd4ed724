-- The lists of cases stay quick however many are closed. news: a message or a contribution may have come that nobody has acted on or
-- seen; never false where one has, and looked into where it is true. work: the case may stand in a list other than that of all cases.
ALTER TABLE case_file ADD COLUMN news BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE case_file SET news = TRUE WHERE EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = case_file.id AND n.relation IN ('same-issue','unverified-sender')
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = n.case_id AND e.officer_id IS NOT NULL AND e.at >= n.added_at))
  OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = case_file.id AND n.answered_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = n.case_id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at));
ALTER TABLE case_file ADD COLUMN work BOOLEAN NOT NULL GENERATED ALWAYS AS (status IN ('to-confirm','open') OR next_on IS NOT NULL OR alert_unread_since IS NOT NULL OR news) STORED;
CREATE INDEX case_file_work ON case_file (id) WHERE work;
CREATE INDEX case_file_rest ON case_file (received_at, reference) WHERE NOT work;
CREATE INDEX case_file_by_received ON case_file (received_at, reference);
CREATE INDEX case_barred_email ON case_barred (email, case_id);

CREATE FUNCTION news_came() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  -- Also where it is true: whoever makes it false at this moment has to be waited for.
  UPDATE case_file SET news = TRUE WHERE id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER news_of_message AFTER INSERT OR UPDATE OF case_id, relation ON case_message FOR EACH ROW WHEN (NEW.relation IN ('same-issue','unverified-sender')) EXECUTE FUNCTION news_came();
CREATE TRIGGER news_of_contribution AFTER UPDATE OF answered_at ON contribution FOR EACH ROW WHEN (NEW.answered_at IS NOT NULL) EXECUTE FUNCTION news_came();
-- Another officer has not seen what the one before has.
CREATE FUNCTION news_of_officer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE case_file SET news = TRUE WHERE id = NEW.id AND NOT news AND (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = NEW.id AND n.relation IN ('same-issue','unverified-sender'))
    OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = NEW.id AND n.answered_at IS NOT NULL));
  RETURN NULL;
END $$;
CREATE TRIGGER news_of_officer AFTER UPDATE OF officer_id ON case_file FOR EACH ROW WHEN (NEW.officer_id IS DISTINCT FROM OLD.officer_id) EXECUTE FUNCTION news_of_officer();
CREATE FUNCTION news_acted_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  -- A message that is being stored at this moment is waited for, and then seen.
  PERFORM 1 FROM case_file WHERE id = NEW.case_id AND news FOR NO KEY UPDATE;
  UPDATE case_file SET news = FALSE WHERE id = NEW.case_id AND news
    AND NOT EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = NEW.case_id AND n.added_at > NEW.at)
    AND NOT EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = NEW.case_id AND n.answered_at > NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER news_acted_on AFTER INSERT ON case_event FOR EACH ROW WHEN (NEW.officer_id IS NOT NULL) EXECUTE FUNCTION news_acted_on();
CREATE FUNCTION news_seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  -- A message that is being stored at this moment is waited for, and then seen.
  PERFORM 1 FROM case_file WHERE id = NEW.case_id AND news FOR NO KEY UPDATE;
  UPDATE case_file SET news = FALSE WHERE id = NEW.case_id AND news AND officer_id = NEW.officer_id
    AND NOT EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = NEW.case_id AND n.added_at > NEW.at)
    AND NOT EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = NEW.case_id AND n.answered_at > NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER news_seen AFTER INSERT ON audit FOR EACH ROW WHEN (NEW.case_id IS NOT NULL AND NEW.officer_id IS NOT NULL) EXECUTE FUNCTION news_seen();

-- Lists that an officer keeps for themselves under a name: which cases, in which order.
CREATE TABLE saved_view (
  id         UUID        NOT NULL PRIMARY KEY,
  officer_id UUID        NOT NULL REFERENCES officer (id),
  name       TEXT        NOT NULL,
  filter     TEXT        NOT NULL,
  sorted     TEXT        NOT NULL,
  saved_at   TIMESTAMPTZ NOT NULL,
  UNIQUE (officer_id, name)
);
