-- Who may not deal with a case, by their work addresses: whom it is about, and their line managers.
CREATE TABLE case_barred (
  case_id UUID NOT NULL REFERENCES case_file (id),
  email   TEXT NOT NULL,
  why     TEXT NOT NULL CHECK (why IN ('subject','line-manager')),
  PRIMARY KEY (case_id, email)
);
