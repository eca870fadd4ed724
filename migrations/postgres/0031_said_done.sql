-- What the council tells everybody that it changed because of complaints: written by a person for this page, about nobody. It is taken
-- out of no case and points at none.
CREATE TABLE said_done (
  id         UUID        NOT NULL PRIMARY KEY,
  you_said   TEXT        NOT NULL,
  we_did     TEXT        NOT NULL,
  on_day     DATE        NOT NULL,
  shown      BOOLEAN     NOT NULL,
  by_officer UUID        NOT NULL REFERENCES officer (id),
  changed_at TIMESTAMPTZ NOT NULL
);
