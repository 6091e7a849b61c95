-- Sets each answer of this round beside the last accepted state of its connection, for gate 4: a calendar as a
-- whole (its upstream_listing is empty), an account listing by listing and as a whole (null).
-- Before any linking: a doubtful answer may not give its ids to what stands.
-- In: answers, incoming, unreadable, standing, gone.
-- Out: a row for each of them that gives any reason to think, few of all; an account before its listings.
WITH stood AS (
    SELECT
        standing.*, answers.today,
        standing.state = 'present' AND standing.kind IN ('reservation', 'tentative', 'unknown')
            AND standing.check_in > answers.today AS is_ahead,
        -- What an answer tells of another of its listings has moved there.
        gone.key IS NOT NULL AND NOT gone.unreadable AND NOT gone.said_cancelled AND NOT EXISTS (
            SELECT 1 FROM incoming
            WHERE incoming.connection = gone.connection
              AND (incoming.key = gone.key OR (
                  incoming.listing IS NOT DISTINCT FROM gone.listing
                  AND incoming.check_in < gone.check_out AND incoming.check_out > gone.check_in
              ))
        ) AS is_lost
    FROM standing
    JOIN answers USING (connection, source)
    LEFT JOIN gone
        ON gone.connection = standing.connection
       AND gone.key = standing.key
       AND gone.listing IS NOT DISTINCT FROM standing.listing
    WHERE answers.verdict = 'accepted' AND standing.state IN ('present', 'missing')
),
before AS (
    SELECT
        connection, upstream_listing,
        count(*) FILTER (check_out > today) AS known,
        count(*) FILTER (check_out > today AND NOT is_lost) AS kept,
        count(*) FILTER (is_ahead) AS future,
        list(key ORDER BY key) FILTER (is_ahead AND is_lost) AS lost
    FROM stood
    GROUP BY ALL
),
now_told AS (
    SELECT connection, upstream_listing, count(*) AS told, bool_or(kind = 'horizon') AS tail
    FROM incoming
    GROUP BY ALL
),
units AS (
    SELECT connection, upstream_listing FROM known_connections
    UNION
    SELECT connection, upstream_listing FROM before
    UNION
    SELECT connection, upstream_listing FROM now_told
),
last_told AS (
    SELECT
        connection,
        arg_max(made, started) FILTER (made IS NOT NULL) AS made,
        arg_max(tail, started) AS tail
    FROM fetches
    SEMI JOIN answers USING (connection)
    WHERE verdict = 'accepted'
    GROUP BY connection
),
by_listing AS (
    SELECT
        connection,
        upstream_listing,
        answers.asked,
        answers.partial,
        CASE
            WHEN upstream_listing = '' THEN answers.events
            ELSE greatest(coalesce(told, 0), coalesce(kept, 0))
        END AS events,
        coalesce(known, 0) AS known,
        coalesce(future, 0) AS future,
        coalesce(lost, []) AS lost,
        tail_is_sure AND coalesce(known > 0 AND last_told.tail, false) AS tail_before,
        coalesce(now_told.tail, false) AS tail_now,
        answers.made,
        last_told.made AS made_before,
        0 AS listings,
        0 AS listings_losing
    FROM units
    JOIN answers USING (connection)
    LEFT JOIN before USING (connection, upstream_listing)
    LEFT JOIN now_told USING (connection, upstream_listing)
    LEFT JOIN last_told USING (connection)
    WHERE answers.verdict = 'accepted'
),
accounts AS (
    SELECT
        connection, NULL AS upstream_listing, any_value(asked) AS asked, bool_or(partial) AS partial,
        sum(events) AS events, sum(known) AS known, sum(future) AS future, flatten(list(lost)) AS lost,
        false AS tail_before, false AS tail_now, NULL::TIMESTAMP AS made, NULL::TIMESTAMP AS made_before,
        count(*) AS listings, count(*) FILTER (len(lost) > 0) AS listings_losing
    FROM by_listing
    WHERE upstream_listing <> ''
    GROUP BY connection
)
SELECT compared.*, since, quarantines.lost AS lost_before, decision
FROM (FROM accounts UNION ALL BY NAME FROM by_listing) AS compared
LEFT JOIN quarantines
    ON quarantines.connection = compared.connection
   AND quarantines.upstream_listing IS NOT DISTINCT FROM compared.upstream_listing
   AND quarantines.resolved IS NULL
-- A partial answer says nothing of a quarantine, unless it has losses of its own or tells again of all that
-- were lost.
WHERE (since IS NOT NULL AND (
        NOT partial OR len(compared.lost) > 0 OR NOT EXISTS (
            SELECT 1 FROM stood
            WHERE stood.connection = compared.connection
              AND is_ahead AND list_contains(quarantines.lost, stood.key)
              AND NOT EXISTS (
                  SELECT 1 FROM incoming WHERE incoming.connection = stood.connection AND incoming.key = stood.key
              )
        )
   ))
   OR (events = 0 AND known > 0)
   OR len(compared.lost) >= 2
   OR (tail_before AND NOT tail_now)
   OR made < made_before
ORDER BY compared.connection, compared.upstream_listing NULLS FIRST;
