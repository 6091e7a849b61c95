-- The listings whose relatives are not those that the last sync knew. In: kin_now (listing, relative).
CREATE OR REPLACE TEMP TABLE kin_next AS
FROM kin_now
UNION
FROM kin
WHERE listing NOT IN (SELECT listing FROM kin_now) OR relative NOT IN (SELECT listing FROM kin_now);

SELECT DISTINCT listing
FROM ((FROM kin_next EXCEPT FROM kin) UNION ALL (FROM kin EXCEPT FROM kin_next))
ORDER BY listing;
