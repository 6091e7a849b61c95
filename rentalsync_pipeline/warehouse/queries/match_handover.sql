-- Hands orphans over to the records that show their nights by now. In: batch, $now.

-- What is plainly the same booking under another connection keeps the name of its stay.
UPDATE bookings SET stay = heirs.stay
FROM (
    SELECT orphan.stay, heir.connection, heir.key, heir.listing
    FROM bookings AS orphan
    JOIN batch USING (listing)
    JOIN bookings AS heir ON heir.listing = orphan.listing AND heir.state = 'present' AND heir.stay IS NULL
    WHERE orphan.state = 'orphaned' AND (
        heir.code = orphan.code
        OR (heir.channel, heir.kind, heir.check_in, heir.check_out)
         = (orphan.channel, orphan.kind, orphan.check_in, orphan.check_out)
    )
    QUALIFY row_number() OVER (PARTITION BY orphan.stay ORDER BY heir.connection, heir.key) = 1
        AND row_number() OVER (PARTITION BY heir.connection, heir.key ORDER BY orphan.first_seen, orphan.stay) = 1
) AS heirs
WHERE bookings.connection = heirs.connection AND bookings.key = heirs.key AND bookings.listing = heirs.listing;

-- Makes `after`. A closure on another channel is no proof: it may be a copy of this very booking, and would
-- go with it.
CREATE OR REPLACE TEMP TABLE after AS
SELECT bookings.* REPLACE (
    'released' AS state, 'shown_elsewhere' AS cause, $now AS valid_from, NULL AS fetch_id, $run_id AS run_id
)
FROM bookings
SEMI JOIN batch USING (listing)
WHERE state = 'orphaned' AND EXISTS (
    SELECT 1 FROM bookings AS other
    WHERE other.listing = bookings.listing
      AND other.state = 'present'
      AND (other.kind = 'reservation' OR (other.channel = bookings.channel AND other.kind = bookings.kind))
      AND other.check_in <= bookings.check_in
      AND other.check_out >= bookings.check_out
);
