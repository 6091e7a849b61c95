-- Listings where an echo has outlived its original by so much that it counts by itself. In: $now.
INSERT INTO work
SELECT DISTINCT 'stays', listing, $run_id FROM closed_nights WHERE copy_until <= $now AND gone IS NULL;
