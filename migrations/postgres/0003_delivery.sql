-- What became of a letter after a mail server took it. NULL: nothing was heard, which is as it should be.
--   delayed       not yet delivered, and tried again
--   delivered     a mail system says that it lies in the mailbox
--   bounced       it did not arrive: the report names the letter by our keyed Message-ID
--   said-bounced  a report without that key says so
ALTER TABLE outbox ADD COLUMN delivery TEXT CHECK (delivery IN ('delayed','delivered','bounced','said-bounced'));
ALTER TABLE outbox ADD COLUMN delivery_code TEXT;
ALTER TABLE outbox ADD COLUMN delivery_fault TEXT;
ALTER TABLE outbox ADD COLUMN delivery_why TEXT;
ALTER TABLE outbox ADD COLUMN delivery_at TIMESTAMPTZ;
-- How an officer ended the matter of a letter that did not arrive; dropped_at says when, and takes it off the list.
ALTER TABLE outbox ADD COLUMN ended_how TEXT CHECK (ended_how IN ('arrived','told','dropped'));
ALTER TABLE outbox ADD COLUMN ended_why TEXT;
UPDATE outbox SET ended_how = 'dropped', ended_why = why WHERE dropped_at IS NOT NULL;
-- The Message-ID it bears now, in lower case: a report names it.
ALTER TABLE outbox ADD COLUMN message_id TEXT;
UPDATE outbox SET message_id = lower(message->>'message_id');
CREATE INDEX outbox_message_id ON outbox (message_id);
-- Under what letters are counted, so that a loop ends: the mailbox without what stands behind a plus; the domain, unless
-- strangers to each other have their addresses there. And the limit that held the letter back.
ALTER TABLE outbox ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN domain TEXT;
ALTER TABLE outbox ADD COLUMN held_by TEXT;
UPDATE outbox SET mailbox = recipient;
CREATE INDEX outbox_mailbox ON outbox (mailbox, queued_at);
CREATE INDEX outbox_domain ON outbox (domain, queued_at);
CREATE INDEX outbox_queued ON outbox (queued_at);
-- When an officer told the family that we have their complaint, in place of an acknowledgement that did not reach them.
ALTER TABLE case_file ADD COLUMN told_at TIMESTAMPTZ;
-- Mail to this address came back: another one of the same person comes first.
ALTER TABLE contact_address ADD COLUMN unreachable_at TIMESTAMPTZ;
-- The sign that told a machine's message.
ALTER TABLE representation ADD COLUMN automated_because TEXT;
CREATE INDEX representation_filed ON representation (received_at) WHERE state = 'filed';
