-- An officer may decide that a held or refused letter is not sent: it stays as it is, with the reason, and is listed no more.
ALTER TABLE outbox ADD COLUMN dropped_at TEXT;
-- Who looked at a case, and when last.
CREATE INDEX audit_case ON audit (case_id, officer_id, at);
