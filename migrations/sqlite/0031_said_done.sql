-- What the council tells everybody that it changed because of complaints: written by a person for this page, about nobody. It is taken
-- out of no case and points at none.
CREATE TABLE said_done (
  id         BLOB    NOT NULL PRIMARY KEY,
  you_said   TEXT    NOT NULL,
  we_did     TEXT    NOT NULL,
  on_day     TEXT    NOT NULL,
  shown      INTEGER NOT NULL,
  by_officer BLOB    NOT NULL REFERENCES officer (id),
  changed_at TEXT    NOT NULL
) STRICT;
