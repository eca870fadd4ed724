-- One person may write from several addresses: contacts of whom an officer said that they are one person bear one key.
ALTER TABLE contact ADD COLUMN person_id BLOB;
UPDATE contact SET person_id = id;
CREATE INDEX contact_person ON contact (person_id);
