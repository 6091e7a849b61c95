-- What is absent, for the rules to decide about each. Of what has moved to another room, its old one was given up.
SELECT connection, key, listing, kind, check_in, check_out, misses, missing_since,
       asked, today, same_source, unreadable, behind_tail, said_cancelled,
       part_of IS NOT NULL OR EXISTS (
           SELECT 1 FROM incoming WHERE incoming.connection = gone.connection AND incoming.key = gone.key
       ) AS given_up
FROM gone
ORDER BY connection, key;
