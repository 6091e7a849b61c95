-- The stays that hold a night of a listing, its own and its relatives', whoever knew first at the top.
SELECT stay AS uid, stays.listing, kind, status, channel, code, guest_name, check_in, check_out, first_seen
FROM stays
JOIN kin ON kin.relative = stays.listing
WHERE active AND kin.listing = $listing AND check_in <= $night AND $night < check_out
ORDER BY first_seen, stay;
