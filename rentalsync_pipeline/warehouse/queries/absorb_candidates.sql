-- Records that vanished and records that appeared, where one could have become the other.
SELECT connection, listing, 'vanished' AS part, key, kind, check_in, check_out, code, guest_name
FROM gone
WHERE NOT unreadable AND EXISTS (
    SELECT 1 FROM fresh WHERE fresh.connection = gone.connection AND fresh.listing IS NOT DISTINCT FROM gone.listing
)
UNION ALL
SELECT connection, listing, 'appeared', key, kind, check_in, check_out, code, guest_name
FROM fresh
WHERE EXISTS (
    SELECT 1 FROM gone WHERE fresh.connection = gone.connection AND fresh.listing IS NOT DISTINCT FROM gone.listing
)
ORDER BY connection, listing;
