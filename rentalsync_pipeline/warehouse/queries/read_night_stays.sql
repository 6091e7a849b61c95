-- The stays that cover a night, whoever knew first at the top.
SELECT stay AS uid, kind, status, channel, code, guest_name, check_in, check_out, first_seen
FROM stays
WHERE active AND listing = $listing AND check_in <= $night AND $night < check_out
ORDER BY first_seen, stay;
