-- What the bot knows of a chat: the language, the question that waits, and how far a burst of messages has been answered.
CREATE TABLE chat_state (
  chat         TEXT    NOT NULL PRIMARY KEY,
  language     TEXT,
  asking       TEXT CHECK (asking IN ('who','name','address','code','withdraw')),
  asking_since TIMESTAMPTZ,
  asked        TEXT    NOT NULL DEFAULT '',
  stopped_at   TIMESTAMPTZ,
  later        UUID,
  confirmed_at TIMESTAMPTZ,
  updated_at   TIMESTAMPTZ NOT NULL
);
-- A code on its way to an address that somebody in a chat says is theirs: one a chat. Only a keyed hash of it is kept.
CREATE TABLE chat_code (
  chat      TEXT    NOT NULL PRIMARY KEY,
  address   TEXT    NOT NULL,
  code_hash TEXT    NOT NULL,
  tries     BIGINT  NOT NULL DEFAULT 0,
  made_at   TIMESTAMPTZ NOT NULL,
  sent      BIGINT  NOT NULL DEFAULT 1,
  since     TIMESTAMPTZ NOT NULL
);
-- When the files of a message are fetched from the chat service again that could not be fetched.
ALTER TABLE representation ADD COLUMN files_after TIMESTAMPTZ;
