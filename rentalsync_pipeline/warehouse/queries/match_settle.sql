-- Writes down what people said of double bookings; what was taken back is open as if nobody had said anything.
-- In: settlements (conflict, verdict, resolution), $now, $run_id.

-- Nights that count as a copy because a person said so are looked at anew where that is taken back.
UPDATE closed_nights
SET copy_until = NULL
FROM settlements
JOIN conflicts USING (conflict)
JOIN stays ON stays.stay IN (stay_a, stay_b)
WHERE settlements.verdict IS NULL AND conflicts.verdict = 'echo' AND certainty <> 'to_confirm'
  AND closed_nights.listing = stays.listing AND list_contains(stays.connections, closed_nights.connection)
  AND night BETWEEN first_night AND last_night;

UPDATE conflicts
SET resolved = CASE WHEN settlements.verdict IS NOT NULL THEN coalesce(resolved, $now::TIMESTAMP) END,
    resolution = settlements.resolution,
    verdict = settlements.verdict,
    run_id = $run_id
FROM settlements
WHERE conflicts.conflict = settlements.conflict;

INSERT INTO work
SELECT DISTINCT 'stays', listing, $run_id FROM conflicts SEMI JOIN settlements USING (conflict);
