-- The conflict ledger with both sides: what is open and lies ahead, or with $resolved everything. A side that made an
-- end of it changed in that very sync, and where it is no more its bookings say by which cause.
WITH ended AS (
    SELECT stay, arg_max(cause, valid_from) AS cause FROM bookings WHERE cause IS NOT NULL GROUP BY stay
)
SELECT
    conflict, certainty, first_night, last_night, conflicts.first_seen, resolved, resolution, verdict,
    stay_a, conflicts.listing AS listing_a, a.channel AS channel_a, a.connections AS connections_a, a.kind AS kind_a,
    a.code AS code_a, a.check_in AS check_in_a, a.check_out AS check_out_a, a.first_seen AS seen_a,
    stay_b, other_listing AS listing_b, b.channel AS channel_b, b.connections AS connections_b, b.kind AS kind_b,
    b.code AS code_b, b.check_in AS check_in_b, b.check_out AS check_out_b, b.first_seen AS seen_b,
    verdict IS NULL AND a.changed = resolved AS did_a, CASE WHEN NOT a.active THEN ended_a.cause END AS cause_a,
    verdict IS NULL AND b.changed = resolved AS did_b, CASE WHEN NOT b.active THEN ended_b.cause END AS cause_b
FROM conflicts
JOIN stays AS a ON a.stay = stay_a
JOIN stays AS b ON b.stay = stay_b
LEFT JOIN ended AS ended_a ON ended_a.stay = stay_a
LEFT JOIN ended AS ended_b ON ended_b.stay = stay_b
WHERE $resolved OR (resolved IS NULL AND last_night >= $today)
ORDER BY resolved IS NOT NULL, array_position(['certain', 'possible', 'to_confirm'], certainty), first_night, conflict;
