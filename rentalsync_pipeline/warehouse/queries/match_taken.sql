-- Names of new stays that are in use already: the same record lives on at another listing as an orphan.
-- In: named (listing, party, stay).
SELECT named.listing, named.party
FROM named
WHERE stay IN (SELECT stay FROM stays);
