-- The pages about settings count deliveries by mailbox, and list the audit by day: neither reads a message for it.
CREATE INDEX delivery_standing ON delivery (mailbox, state, representation_id, arrived_at);
CREATE INDEX delivery_newest ON delivery (mailbox, stored_at, arrived_at);
CREATE INDEX audit_at ON audit (at);
