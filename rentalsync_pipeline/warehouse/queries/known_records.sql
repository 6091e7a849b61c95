-- What stands of these accounts and has not ended. Nights that lie apart from a record are asked for as it is.
SELECT
    bookings.connection,
    coalesce(bookings.uid, whole.uid) AS id,
    bookings.upstream_listing AS unit,
    bookings.kind,
    bookings.check_in,
    bookings.check_out,
    bookings.state = 'missing' AS is_missing
FROM bookings
LEFT JOIN bookings AS whole
    ON whole.connection = bookings.connection
   AND whole.key = bookings.part_of
   AND whole.listing IS NOT DISTINCT FROM bookings.listing
WHERE list_contains($connections, bookings.connection)
  AND bookings.state IN ('present', 'missing')
  AND bookings.check_out > $today
  AND coalesce(bookings.uid, whole.uid) IS NOT NULL
ORDER BY bookings.connection, bookings.check_out;
