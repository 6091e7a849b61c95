-- The guests' stays of a listing with what its owner's calendar says of them; one without any booking of its
-- own was found to be a copy of another.
SELECT
    stays.stay, active, status, stays.check_in, stays.check_out, code, guest_name, phone_last4, changed,
    sources.connections, said.description
FROM stays
JOIN (
    SELECT stay, list(DISTINCT connection ORDER BY connection) AS connections
    FROM bookings
    WHERE listing = $listing
    GROUP BY stay
) AS sources USING (stay)
LEFT JOIN feed_events AS said
    ON said.listing = stays.listing AND said.uid = stays.stay AND said.audience = 'owner' AND said.until IS NULL
WHERE stays.listing = $listing AND kind NOT IN ('block', 'horizon')
ORDER BY stays.check_in, stays.check_out, stays.stay;
