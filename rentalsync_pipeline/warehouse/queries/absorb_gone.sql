-- What is absent, for the rules to decide about each.
SELECT connection, key, listing, kind, check_in, check_out, misses, missing_since,
       asked, today, same_source, unreadable, behind_tail, said_cancelled, part_of IS NOT NULL AS given_up
FROM gone
ORDER BY connection, key;
