-- Quarantines without which the night could be free: of answers that have lost a booking that holds it.
SELECT DISTINCT quarantine
FROM quarantines
JOIN bookings ON bookings.connection = quarantines.connection AND list_contains(quarantines.lost, bookings.key)
WHERE quarantines.resolved IS NULL AND listing IN (SELECT relative FROM kin WHERE kin.listing = $listing)
  AND check_in <= $night AND $night < check_out
ORDER BY quarantine;
