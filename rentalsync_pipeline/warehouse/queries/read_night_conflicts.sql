-- The open conflicts about a night.
SELECT conflict
FROM conflicts
WHERE $listing IN (listing, other_listing)
  AND resolved IS NULL AND certainty <> 'to_confirm' AND $night BETWEEN first_night AND last_night
ORDER BY conflict;
