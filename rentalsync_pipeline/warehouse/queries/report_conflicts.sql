-- Open conflicts whose nights still lie ahead, the most urgent first.
SELECT
    conflicts.conflict, conflicts.listing, certainty, first_night, last_night, conflicts.first_seen,
    a.channel AS channel_a, b.channel AS channel_b, a.code AS code_a, b.code AS code_b,
    a.check_in AS check_in_a, a.check_out AS check_out_a, b.check_in AS check_in_b, b.check_out AS check_out_b,
    a.first_seen AS seen_a, b.first_seen AS seen_b
FROM conflicts
JOIN stays AS a ON a.stay = stay_a
JOIN stays AS b ON b.stay = stay_b
WHERE resolved IS NULL AND last_night >= $today AND certainty <> 'to_confirm'
ORDER BY certainty = 'possible', first_night, conflicts.listing;
