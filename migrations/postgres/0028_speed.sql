-- What is asked for on every page, or every few seconds, is found without reading a whole table, however many cases are kept.
CREATE INDEX contact_address_contact ON contact_address (contact_id);
-- A partial index serves only a condition that stands in the question as it stands here: "state = 'unread'", not "state <> 'read'".
CREATE INDEX delivery_unread ON delivery (arrived_at, id) WHERE state = 'unread';
CREATE INDEX outbox_state ON outbox (state, delivery);
CREATE INDEX case_file_acknowledgement ON case_file (acknowledgement, status);
