-- Bookings of a listing and its relatives that held a night and do no longer, with what they became then, the latest
-- first; each with the last answer in which it held the night, and with the one that ended it.
WITH forms AS (
    FROM (SELECT *, NULL::TIMESTAMP AS valid_to FROM bookings UNION ALL BY NAME FROM booking_versions)
    WHERE listing IN (SELECT relative FROM kin WHERE kin.listing = $listing)
),
holding AS (
    FROM forms WHERE kind <> 'horizon' AND check_in <= $night AND $night < check_out
),
held AS (
    FROM holding
    WHERE state IN ('present', 'missing', 'orphaned', 'completed')
    QUALIFY row_number() OVER (
        PARTITION BY connection, key, listing ORDER BY valid_from DESC, valid_to DESC NULLS FIRST
    ) = 1
),
brought AS (
    SELECT connection, key, listing, arg_max(fetch_id, valid_from) AS fetch_id
    FROM holding
    WHERE state = 'present'
    GROUP BY ALL
)
SELECT
    held.listing, held.connection, held.channel, held.key, held.kind, held.uid, held.code, held.check_in,
    held.check_out, held.first_seen, held.valid_to AS held_until, became.cause, became.kind AS kind_now,
    became.check_in AS check_in_now, became.check_out AS check_out_now,
    ending.started AS asked, became.run_id, ending.content AS body,
    telling.started AS told_asked, telling.run_id AS told_run_id, telling.content AS told_body
FROM held
-- A record whose id was replaced lives on under the new one, and there is nothing here that it became.
JOIN forms AS became
    ON became.connection = held.connection
   AND became.key = held.key
   AND became.listing = held.listing
   AND became.valid_from = held.valid_to
LEFT JOIN brought
    ON brought.connection = held.connection
   AND brought.key = coalesce(held.part_of, held.key)
   AND brought.listing = held.listing
LEFT JOIN fetches AS ending ON ending.fetch_id = became.fetch_id
LEFT JOIN fetches AS telling ON telling.fetch_id = brought.fetch_id
-- Nights that a reservation had left and took back never were without it.
WHERE NOT (became.part_of IS NOT NULL AND became.state = 'released')
-- Two changes at one moment: the later of them counts.
QUALIFY row_number() OVER (
    PARTITION BY held.connection, held.key, held.listing ORDER BY became.valid_to DESC NULLS FIRST
) = 1
ORDER BY held_until DESC, held.connection, held.key;
