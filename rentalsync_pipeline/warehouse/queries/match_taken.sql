-- Names of new stays that are in use already. In: named (listing, party, stay).
SELECT listing, party
FROM named
SEMI JOIN stays USING (stay)
UNION
SELECT listing, party
FROM named
QUALIFY row_number() OVER (PARTITION BY stay ORDER BY listing, party) > 1;
