-- The conflict ledger with both sides: what is open and lies ahead, or with $resolved everything.
WITH told AS (
    SELECT stay, list_sort(list(DISTINCT connection)) AS connections
    FROM bookings
    GROUP BY stay
)
SELECT
    conflict, conflicts.listing, certainty, first_night, last_night, conflicts.first_seen, resolved, resolution,
    stay_a, a.channel AS channel_a, told_a.connections AS connections_a, a.kind AS kind_a, a.code AS code_a,
    a.check_in AS check_in_a, a.check_out AS check_out_a, a.first_seen AS seen_a,
    stay_b, b.channel AS channel_b, told_b.connections AS connections_b, b.kind AS kind_b, b.code AS code_b,
    b.check_in AS check_in_b, b.check_out AS check_out_b, b.first_seen AS seen_b
FROM conflicts
JOIN stays AS a ON a.stay = stay_a
JOIN stays AS b ON b.stay = stay_b
LEFT JOIN told AS told_a ON told_a.stay = stay_a
LEFT JOIN told AS told_b ON told_b.stay = stay_b
WHERE $resolved OR (resolved IS NULL AND last_night >= $today)
ORDER BY resolved IS NOT NULL, array_position(['certain', 'possible', 'to_confirm'], certainty), first_night, conflict;
