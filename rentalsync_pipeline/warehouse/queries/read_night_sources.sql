-- The bookings behind the stays that cover a night, each with the answer that first brought its present form.
WITH forms AS (
    SELECT connection, key, hash, state, valid_from, fetch_id FROM bookings WHERE listing = $listing
    UNION ALL
    SELECT connection, key, hash, state, valid_from, fetch_id FROM booking_versions WHERE listing = $listing
),
delivered AS (
    SELECT connection, key, hash, arg_min(fetch_id, valid_from) AS fetch_id
    FROM forms
    WHERE state = 'present' AND fetch_id IS NOT NULL
    GROUP BY ALL
)
SELECT
    stay_sources.stay, bookings.connection, bookings.channel, bookings.uid, bookings.kind, bookings.state,
    bookings.check_in, bookings.check_out, stay_sources.rule, stay_sources.fields, bookings.first_seen,
    fetches.started AS asked, fetches.run_id, fetches.content AS body
FROM stay_sources
JOIN stays USING (stay)
JOIN bookings
    ON bookings.connection = stay_sources.connection
   AND bookings.key = stay_sources.key
   AND bookings.listing = stay_sources.listing
LEFT JOIN delivered
    ON delivered.connection = bookings.connection
   AND delivered.key = bookings.key
   AND delivered.hash = bookings.hash
LEFT JOIN fetches ON fetches.fetch_id = delivered.fetch_id
WHERE stays.active AND stays.listing = $listing AND stays.check_in <= $night AND $night < stays.check_out
ORDER BY bookings.first_seen, bookings.connection, bookings.key;
