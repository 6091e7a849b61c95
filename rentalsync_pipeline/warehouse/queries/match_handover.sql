-- Makes `after`: orphans whose nights another source shows by now. In: batch, $now.
-- A closure on another channel is no proof: it may be a copy of this very booking, and would go with it.
CREATE OR REPLACE TEMP TABLE after AS
SELECT bookings.* REPLACE (
    'released' AS state, 'shown_elsewhere' AS cause, $now AS valid_from, NULL AS fetch_id, $run_id AS run_id
)
FROM bookings
SEMI JOIN batch USING (listing)
WHERE state = 'orphaned' AND EXISTS (
    SELECT 1 FROM bookings AS other
    WHERE other.listing = bookings.listing
      AND other.state IN ('present', 'missing')
      AND (other.kind = 'reservation' OR (other.channel = bookings.channel AND other.kind = bookings.kind))
      AND other.check_in <= bookings.check_in
      AND other.check_out >= bookings.check_out
);
