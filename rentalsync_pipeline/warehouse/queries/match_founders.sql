-- Groups without a stay yet, with the booking that founds it.
SELECT listing, party, connection, key
FROM members
ANTI JOIN inherited USING (listing, party)
WHERE founding = 1
ORDER BY listing, party;
