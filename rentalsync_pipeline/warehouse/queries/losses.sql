-- Since when the connections that were asked have lost what is not yet believed to be gone. In: logged.
SELECT connection, missing_since AS since
FROM bookings
SEMI JOIN logged USING (connection)
WHERE state = 'missing' AND missing_since IS NOT NULL
UNION
SELECT connection, since
FROM quarantines
SEMI JOIN logged USING (connection)
WHERE resolved IS NULL;
