-- Whose complaint it is: a telephone number for people who have no address; whom letters go to in the complainant's place
-- (an advocate, a councillor); and why an officer must say whose it is before anybody is written to.
ALTER TABLE contact ADD COLUMN phone TEXT;
ALTER TABLE case_file ADD COLUMN answered_id UUID REFERENCES contact (id);
ALTER TABLE case_file ADD COLUMN unsure TEXT;
