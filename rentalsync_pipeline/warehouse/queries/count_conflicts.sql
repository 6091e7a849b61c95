-- How many double bookings that lie ahead each listing has; one of a house and its room counts at both.
SELECT listing, count(*) AS conflicts
FROM (
    SELECT unnest(list_distinct([listing, other_listing])) AS listing
    FROM conflicts
    WHERE resolved IS NULL AND certainty <> 'to_confirm' AND last_night >= $today
)
GROUP BY listing;
