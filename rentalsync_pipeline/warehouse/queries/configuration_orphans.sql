-- Makes `after`: bookings whose connection was taken away, disabled, or given to another listing.
-- They hold their nights until another source shows them, they end, or a person lets them go.
-- In: connections_now (connection, channel, source, upstream_listing, listing), $now.
CREATE OR REPLACE TEMP TABLE after AS
SELECT bookings.* REPLACE ('orphaned' AS state, $now AS valid_from, NULL AS fetch_id, $run_id AS run_id)
FROM bookings
WHERE state IN ('present', 'missing')
  AND check_out >= $now::DATE
  AND listing IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM connections_now AS c
    WHERE c.connection = bookings.connection
      AND c.upstream_listing = bookings.upstream_listing
      AND c.listing = bookings.listing
  );
