-- Groups without a stay yet, with the booking that founds it.
SELECT listing, party, connection, CASE WHEN part > 1 THEN concat_ws(chr(31), key, part) ELSE key END AS key
FROM weighed
ANTI JOIN inherited USING (listing, party)
WHERE founding = 1
ORDER BY listing, party;
