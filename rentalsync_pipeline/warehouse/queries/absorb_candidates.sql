-- Records that vanished and records that appeared, where one could have become the other. Nights that a
-- reservation gave up are no record that could.
SELECT connection, listing, 'vanished' AS part, key, kind, check_in, check_out, code, guest_name
FROM gone
WHERE NOT unreadable AND part_of IS NULL AND EXISTS (
    SELECT 1 FROM fresh WHERE fresh.connection = gone.connection AND fresh.listing IS NOT DISTINCT FROM gone.listing
)
UNION ALL
SELECT connection, listing, 'appeared', key, kind, check_in, check_out, code, guest_name
FROM fresh
WHERE EXISTS (
    SELECT 1 FROM gone
    WHERE fresh.connection = gone.connection AND fresh.listing IS NOT DISTINCT FROM gone.listing AND part_of IS NULL
)
ORDER BY connection, listing;
