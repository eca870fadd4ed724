-- What is asked for on every page, or every few seconds, is found without reading a whole table, however many cases are kept.
-- A partial index serves only a question that holds its condition word for word, and a count best where the column itself is in it.
CREATE INDEX contact_address_contact ON contact_address (contact_id);
CREATE INDEX delivery_unread ON delivery (state, arrived_at, id) WHERE state = 'unread';
CREATE INDEX delivery_quarantined ON delivery (state, arrived_at, id) WHERE state = 'quarantined';
CREATE INDEX outbox_open ON outbox (queued_at, id) WHERE dropped_at IS NULL AND (state IN ('held','failed') OR delivery IN ('bounced','said-bounced'));
CREATE INDEX outbox_waiting ON outbox (queued_at) WHERE state = 'waiting';
CREATE INDEX case_file_untold ON case_file (acknowledgement, status) WHERE acknowledgement = 'by-hand' AND told_at IS NULL;
CREATE INDEX case_file_officer ON case_file (officer_id, status);
CREATE INDEX audit_sign_in ON audit (officer_id, at) WHERE what = 'signed in';
CREATE INDEX case_file_merged ON case_file (merged_into) WHERE merged_into IS NOT NULL;
