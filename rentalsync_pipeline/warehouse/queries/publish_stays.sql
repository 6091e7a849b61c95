-- What the feeds of the listings at hand may show, in the order in which they show it: `home` is the listing that it is
-- a stay of, `channels` those that told this listing of it, so that they know.
-- In: batch (listing, since).
SELECT stay, batch.listing, stays.listing AS home, kind, check_in, check_out, channel,
    CASE WHEN home = batch.listing THEN channels ELSE (
        -- A relative's channel doesn't, unless its connection is an account that serves this listing, too.
        SELECT coalesce(list(DISTINCT served.channel), [])
        FROM known_connections AS served
        WHERE served.listing = batch.listing AND list_contains(stays.connections, served.connection)
    ) END AS channels,
    code, guest_name, phone_last4, guests, url, notes, extras
FROM batch
JOIN kin USING (listing)
JOIN stays ON stays.listing = kin.relative
WHERE active AND kind <> 'horizon' AND check_out >= since
ORDER BY batch.listing, check_in, check_out, stay;
