-- What the bot knows of a chat: the language, the question that waits, and how far a burst of messages has been answered.
CREATE TABLE chat_state (
  chat         TEXT    NOT NULL PRIMARY KEY,
  language     TEXT,
  asking       TEXT CHECK (asking IN ('who','name','address','code','withdraw')),
  asking_since TEXT,
  asked        TEXT    NOT NULL DEFAULT '',
  stopped_at   TEXT,
  later        BLOB CHECK (length(later) = 16),
  confirmed_at TEXT,
  updated_at   TEXT    NOT NULL
) STRICT;
-- A code on its way to an address that somebody in a chat says is theirs: one a chat. Only a keyed hash of it is kept.
CREATE TABLE chat_code (
  chat      TEXT    NOT NULL PRIMARY KEY,
  address   TEXT    NOT NULL,
  code_hash TEXT    NOT NULL,
  tries     INTEGER NOT NULL DEFAULT 0,
  made_at   TEXT    NOT NULL,
  sent      INTEGER NOT NULL DEFAULT 1,
  since     TEXT    NOT NULL
) STRICT;
-- When the files of a message are fetched from the chat service again that could not be fetched.
ALTER TABLE representation ADD COLUMN files_after TEXT;
