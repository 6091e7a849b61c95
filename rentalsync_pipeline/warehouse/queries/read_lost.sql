-- Bookings of a connection by their keys, as they stand.
SELECT listing, kind, code, check_in, check_out
FROM bookings
WHERE connection = $connection AND list_contains($keys, key)
ORDER BY listing, check_in, key;
