-- The bookings behind the stays that cover a night, each with the last answer in which it held it.
WITH family AS (
    SELECT relative AS listing FROM kin WHERE kin.listing = $listing
),
brought AS (
    SELECT connection, key, listing, arg_max(fetch_id, valid_from) AS fetch_id
    FROM (
        SELECT connection, key, listing, state, check_in, check_out, fetch_id, valid_from FROM bookings
        UNION ALL
        SELECT connection, key, listing, state, check_in, check_out, fetch_id, valid_from FROM booking_versions
    )
    SEMI JOIN family USING (listing)
    WHERE state = 'present' AND check_in <= $night AND $night < check_out
    GROUP BY ALL
)
SELECT
    stay_sources.stay, bookings.connection, bookings.channel, bookings.key, bookings.uid, bookings.kind, bookings.state,
    bookings.check_in, bookings.check_out, stay_sources.rule, stay_sources.fields, bookings.first_seen,
    bookings.missing_since,
    fetches.started AS asked, fetches.run_id, fetches.content AS body
FROM stay_sources
JOIN stays USING (stay)
JOIN bookings
    ON bookings.connection = stay_sources.connection
   AND bookings.key = stay_sources.key
   AND bookings.listing = stay_sources.listing
LEFT JOIN brought
    ON brought.connection = bookings.connection
   AND brought.key = coalesce(bookings.part_of, bookings.key)
   AND brought.listing = bookings.listing
LEFT JOIN fetches ON fetches.fetch_id = brought.fetch_id
SEMI JOIN family ON family.listing = stays.listing
WHERE stays.active AND stays.check_in <= $night AND $night < stays.check_out
ORDER BY bookings.first_seen, bookings.connection, bookings.key;
