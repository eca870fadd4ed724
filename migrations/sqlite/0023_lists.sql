-- The lists of cases stay quick however many are closed. news: a message or a contribution may have come that nobody has acted on or
-- seen; never 0 where one has, and looked into where it is 1. work: the case may stand in a list other than that of all cases.
ALTER TABLE case_file ADD COLUMN news INTEGER NOT NULL DEFAULT 0 CHECK (news IN (0,1));
UPDATE case_file SET news = 1 WHERE EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = case_file.id AND n.relation IN ('same-issue','unverified-sender')
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = n.case_id AND e.officer_id IS NOT NULL AND e.at >= n.added_at))
  OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = case_file.id AND n.answered_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = n.case_id AND e.officer_id IS NOT NULL AND e.at >= n.answered_at));
ALTER TABLE case_file ADD COLUMN work INTEGER NOT NULL GENERATED ALWAYS AS (status IN ('to-confirm','open') OR next_on IS NOT NULL OR alert_unread_since IS NOT NULL OR news = 1) VIRTUAL;
CREATE INDEX case_file_work ON case_file (id) WHERE work;
CREATE INDEX case_file_rest ON case_file (received_at, reference) WHERE NOT work;
CREATE INDEX case_file_by_received ON case_file (received_at, reference);
CREATE INDEX case_barred_email ON case_barred (email, case_id);

CREATE TRIGGER news_of_message_in AFTER INSERT ON case_message WHEN new.relation IN ('same-issue','unverified-sender') BEGIN
  UPDATE case_file SET news = 1 WHERE id = new.case_id;
END;
CREATE TRIGGER news_of_message_anew AFTER UPDATE OF case_id, relation ON case_message WHEN new.relation IN ('same-issue','unverified-sender') BEGIN
  UPDATE case_file SET news = 1 WHERE id = new.case_id;
END;
CREATE TRIGGER news_of_contribution AFTER UPDATE OF answered_at ON contribution WHEN new.answered_at IS NOT NULL BEGIN
  UPDATE case_file SET news = 1 WHERE id = new.case_id;
END;
-- Another officer has not seen what the one before has.
CREATE TRIGGER news_of_officer AFTER UPDATE OF officer_id ON case_file WHEN new.officer_id IS NOT old.officer_id BEGIN
  UPDATE case_file SET news = 1 WHERE id = new.id AND (EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = new.id AND n.relation IN ('same-issue','unverified-sender'))
    OR EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = new.id AND n.answered_at IS NOT NULL));
END;
CREATE TRIGGER news_acted_on AFTER INSERT ON case_event WHEN new.officer_id IS NOT NULL BEGIN
  UPDATE case_file SET news = 0 WHERE id = new.case_id AND news = 1
    AND NOT EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = new.case_id AND n.added_at > new.at)
    AND NOT EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = new.case_id AND n.answered_at > new.at);
END;
CREATE TRIGGER news_seen AFTER INSERT ON audit WHEN new.case_id IS NOT NULL AND new.officer_id IS NOT NULL BEGIN
  UPDATE case_file SET news = 0 WHERE id = new.case_id AND news = 1 AND officer_id = new.officer_id
    AND NOT EXISTS (SELECT 1 FROM case_message n WHERE n.case_id = new.case_id AND n.added_at > new.at)
    AND NOT EXISTS (SELECT 1 FROM contribution n WHERE n.case_id = new.case_id AND n.answered_at > new.at);
END;

-- Lists that an officer keeps for themselves under a name: which cases, in which order.
CREATE TABLE saved_view (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id BLOB NOT NULL REFERENCES officer (id),
  name       TEXT NOT NULL,
  filter     TEXT NOT NULL,
  sorted     TEXT NOT NULL,
  saved_at   TEXT NOT NULL,
  UNIQUE (officer_id, name)
) STRICT;
