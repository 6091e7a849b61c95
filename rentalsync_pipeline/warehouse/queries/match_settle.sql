-- Writes down what people said of double bookings. In: settlements (conflict, verdict, resolution), $now.
UPDATE conflicts
SET resolved = coalesce(resolved, $now::TIMESTAMP), resolution = settlements.resolution, verdict = settlements.verdict
FROM settlements
WHERE conflicts.conflict = settlements.conflict;

INSERT INTO work
SELECT DISTINCT 'stays', listing, $run_id FROM conflicts SEMI JOIN settlements USING (conflict);
