-- A child complains for themselves: such a case comes first in the queue. Kept in step with the case's events.
ALTER TABLE case_file ADD COLUMN childs_own BOOLEAN NOT NULL DEFAULT FALSE;
-- Said before the column was there, and not taken back: by the last word on by what right they complain.
UPDATE case_file SET childs_own = TRUE WHERE act IN ('complaint','concern') AND 'child' = (
  SELECT e.body -> 'step' ->> 'capacity' FROM case_event e WHERE e.case_id = case_file.id AND e.body ->> 'kind' = 'step'
    AND e.body -> 'step' ->> 'step' = 'standing'
    AND NOT EXISTS (SELECT 1 FROM case_event u WHERE u.case_id = e.case_id AND u.body ->> 'kind' = 'undone' AND CAST(u.body ->> 'seq' AS BIGINT) = e.seq)
  ORDER BY e.seq DESC LIMIT 1);
-- What nobody has looked at is due when it must be decided, which was not written down in all of them.
UPDATE case_file SET next_on = decide_by, next_what = 'Decide what it is' WHERE status = 'to-confirm' AND next_on > decide_by;
