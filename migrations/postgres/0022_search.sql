-- Full text over cases. One row for a case, or several where it holds many words: its people, its subjects and everything else, as
-- words are compared. Whatever writes something of that notes the case in case_words_due, and the program writes the row anew before
-- the same transaction ends. What is there already is done when this version starts (backlog).
-- "simple" throughout: the words come folded already, and English takes names such as Will, Don and May for words that say nothing.
CREATE TABLE case_words (
  id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id  UUID   NOT NULL REFERENCES case_file (id),
  part     BIGINT NOT NULL,
  people   TEXT   NOT NULL,
  subjects TEXT   NOT NULL,
  words    TEXT   NOT NULL,
  in_people TSVECTOR NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', people)) STORED,
  in_head   TSVECTOR NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', people) || to_tsvector('simple', subjects)) STORED,
  in_all    TSVECTOR NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', people) || to_tsvector('simple', subjects) || to_tsvector('simple', words)) STORED,
  UNIQUE (case_id, part)
);
-- What was written must be found at once, and a search must not read a list of what is not sorted in yet.
CREATE INDEX case_words_people ON case_words USING gin (in_people) WITH (fastupdate = off);
CREATE INDEX case_words_head ON case_words USING gin (in_head) WITH (fastupdate = off);
CREATE INDEX case_words_all ON case_words USING gin (in_all) WITH (fastupdate = off);
CREATE TABLE case_words_due (
  case_id UUID    NOT NULL,
  backlog BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX case_words_due_case ON case_words_due (case_id);

CREATE FUNCTION words_of_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO case_words_due (case_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_case AFTER INSERT ON case_file FOR EACH ROW EXECUTE FUNCTION words_of_case();

-- For every table whose rows name their case.
CREATE FUNCTION words_of_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP <> 'INSERT' THEN INSERT INTO case_words_due (case_id) VALUES (OLD.case_id); END IF;
  IF TG_OP <> 'DELETE' THEN INSERT INTO case_words_due (case_id) VALUES (NEW.case_id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_message AFTER INSERT OR DELETE OR UPDATE OF case_id ON case_message FOR EACH ROW EXECUTE FUNCTION words_of_row();
CREATE TRIGGER words_of_document AFTER INSERT OR DELETE ON case_document FOR EACH ROW EXECUTE FUNCTION words_of_row();
CREATE TRIGGER words_of_participant AFTER INSERT OR DELETE ON case_participant FOR EACH ROW EXECUTE FUNCTION words_of_row();
CREATE TRIGGER words_of_officer AFTER INSERT ON case_event FOR EACH ROW WHEN (NEW.officer_id IS NOT NULL) EXECUTE FUNCTION words_of_row();
CREATE TRIGGER words_of_contribution AFTER INSERT OR UPDATE OF answer ON contribution FOR EACH ROW EXECUTE FUNCTION words_of_row();

CREATE FUNCTION words_of_representation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message WHERE representation_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_representation AFTER UPDATE OF subject, visible_text, author_name, author_address, passed_on_by ON representation FOR EACH ROW EXECUTE FUNCTION words_of_representation();

CREATE FUNCTION words_of_attachment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message
    WHERE representation_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.representation_id ELSE NEW.representation_id END;
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_attachment AFTER INSERT OR DELETE OR UPDATE OF filename, sha256 ON attachment FOR EACH ROW EXECUTE FUNCTION words_of_attachment();

CREATE FUNCTION words_of_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO case_words_due (case_id) SELECT m.case_id FROM attachment t JOIN case_message m ON m.representation_id = t.representation_id WHERE t.sha256 = NEW.sha256;
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_document WHERE sha256 = NEW.sha256;
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_file AFTER UPDATE OF words ON kept_file FOR EACH ROW EXECUTE FUNCTION words_of_file();

-- Contacts of one person are found by the names and addresses of each.
CREATE FUNCTION words_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact e JOIN case_participant p ON p.contact_id = e.id WHERE e.person_id IN (OLD.person_id, NEW.person_id);
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_contact AFTER UPDATE OF name, phone, person_id ON contact FOR EACH ROW EXECUTE FUNCTION words_of_contact();

CREATE FUNCTION words_of_address() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact k JOIN contact e ON e.person_id = k.person_id JOIN case_participant p ON p.contact_id = e.id WHERE k.id = OLD.contact_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact k JOIN contact e ON e.person_id = k.person_id JOIN case_participant p ON p.contact_id = e.id WHERE k.id = NEW.contact_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER words_of_address AFTER INSERT OR DELETE OR UPDATE OF address, contact_id ON contact_address FOR EACH ROW EXECUTE FUNCTION words_of_address();

INSERT INTO case_words_due (case_id, backlog) SELECT id, TRUE FROM case_file;
