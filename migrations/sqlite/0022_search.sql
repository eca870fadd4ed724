-- Full text over cases. One row for a case, or several where it holds many words: its people, its subjects and everything else, as
-- words are compared. Whatever writes something of that notes the case in case_words_due, and the program writes the row anew before
-- the same transaction ends. What is there already is done when this version starts (backlog).
CREATE TABLE case_words (
  id       INTEGER NOT NULL PRIMARY KEY,
  case_id  BLOB    NOT NULL REFERENCES case_file (id),
  part     INTEGER NOT NULL,
  people   TEXT    NOT NULL,
  subjects TEXT    NOT NULL,
  words    TEXT    NOT NULL,
  UNIQUE (case_id, part)
) STRICT;
CREATE TABLE case_words_due (
  case_id BLOB    NOT NULL,
  backlog INTEGER NOT NULL DEFAULT 0 CHECK (backlog IN (0,1))
) STRICT;
CREATE INDEX case_words_due_case ON case_words_due (case_id);

CREATE VIRTUAL TABLE case_fts USING fts5 (people, subjects, words, content = 'case_words', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4');
-- What is deleted is taken out of the index too, not only marked.
INSERT INTO case_fts (case_fts, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER case_words_in AFTER INSERT ON case_words BEGIN
  INSERT INTO case_fts (rowid, people, subjects, words) VALUES (new.id, new.people, new.subjects, new.words);
END;
CREATE TRIGGER case_words_out AFTER DELETE ON case_words BEGIN
  INSERT INTO case_fts (case_fts, rowid, people, subjects, words) VALUES ('delete', old.id, old.people, old.subjects, old.words);
END;
CREATE TRIGGER case_words_anew AFTER UPDATE ON case_words BEGIN
  INSERT INTO case_fts (case_fts, rowid, people, subjects, words) VALUES ('delete', old.id, old.people, old.subjects, old.words);
  INSERT INTO case_fts (rowid, people, subjects, words) VALUES (new.id, new.people, new.subjects, new.words);
END;

CREATE TRIGGER words_of_case AFTER INSERT ON case_file BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.id);
END;
CREATE TRIGGER words_of_message_in AFTER INSERT ON case_message BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;
CREATE TRIGGER words_of_message_out AFTER DELETE ON case_message BEGIN
  INSERT INTO case_words_due (case_id) VALUES (old.case_id);
END;
CREATE TRIGGER words_of_message_moved AFTER UPDATE OF case_id ON case_message BEGIN
  INSERT INTO case_words_due (case_id) VALUES (old.case_id), (new.case_id);
END;
CREATE TRIGGER words_of_representation AFTER UPDATE OF subject, visible_text, author_name, author_address, passed_on_by ON representation BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message WHERE representation_id = new.id;
END;
CREATE TRIGGER words_of_attachment_in AFTER INSERT ON attachment BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message WHERE representation_id = new.representation_id;
END;
CREATE TRIGGER words_of_attachment_anew AFTER UPDATE OF filename, sha256 ON attachment BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message WHERE representation_id = new.representation_id;
END;
CREATE TRIGGER words_of_attachment_out AFTER DELETE ON attachment BEGIN
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_message WHERE representation_id = old.representation_id;
END;
CREATE TRIGGER words_of_file AFTER UPDATE OF words ON kept_file BEGIN
  INSERT INTO case_words_due (case_id) SELECT m.case_id FROM attachment t JOIN case_message m ON m.representation_id = t.representation_id WHERE t.sha256 = new.sha256;
  INSERT INTO case_words_due (case_id) SELECT case_id FROM case_document WHERE sha256 = new.sha256;
END;
CREATE TRIGGER words_of_document_in AFTER INSERT ON case_document BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;
CREATE TRIGGER words_of_document_out AFTER DELETE ON case_document BEGIN
  INSERT INTO case_words_due (case_id) VALUES (old.case_id);
END;
CREATE TRIGGER words_of_participant_in AFTER INSERT ON case_participant BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;
CREATE TRIGGER words_of_participant_out AFTER DELETE ON case_participant BEGIN
  INSERT INTO case_words_due (case_id) VALUES (old.case_id);
END;
-- Contacts of one person are found by the names and addresses of each.
CREATE TRIGGER words_of_contact AFTER UPDATE OF name, phone, person_id ON contact BEGIN
  INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact e JOIN case_participant p ON p.contact_id = e.id WHERE e.person_id IN (old.person_id, new.person_id);
END;
CREATE TRIGGER words_of_address_in AFTER INSERT ON contact_address BEGIN
  INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact k JOIN contact e ON e.person_id = k.person_id JOIN case_participant p ON p.contact_id = e.id WHERE k.id = new.contact_id;
END;
CREATE TRIGGER words_of_address_anew AFTER UPDATE OF address, contact_id ON contact_address BEGIN
  INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact k JOIN contact e ON e.person_id = k.person_id JOIN case_participant p ON p.contact_id = e.id WHERE k.id IN (old.contact_id, new.contact_id);
END;
CREATE TRIGGER words_of_address_out AFTER DELETE ON contact_address BEGIN
  INSERT INTO case_words_due (case_id) SELECT p.case_id FROM contact k JOIN contact e ON e.person_id = k.person_id JOIN case_participant p ON p.contact_id = e.id WHERE k.id = old.contact_id;
END;
CREATE TRIGGER words_of_officer AFTER INSERT ON case_event WHEN new.officer_id IS NOT NULL BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;
CREATE TRIGGER words_of_contribution_in AFTER INSERT ON contribution BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;
CREATE TRIGGER words_of_contribution_anew AFTER UPDATE OF answer ON contribution BEGIN
  INSERT INTO case_words_due (case_id) VALUES (new.case_id);
END;

INSERT INTO case_words_due (case_id, backlog) SELECT id, 1 FROM case_file;
