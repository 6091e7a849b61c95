-- Sets each answer of this round beside the last accepted state of its connection, for gate 4.
-- Before any linking: a doubtful answer may not give its ids to what stands.
-- In: answers (connection, fetch_id, verdict, asked, today, source, events, made, tail_is_sure), incoming,
--     standing, gone. Out: a row for each answer that gives any reason to think, few of all.
WITH bookings_ahead AS (
    SELECT standing.*
    FROM standing
    JOIN answers USING (connection, source)
    WHERE standing.state = 'present'
      AND standing.kind IN ('reservation', 'tentative', 'unknown')
      AND standing.check_in > answers.today
),
losses AS (
    SELECT gone.connection, list(gone.key ORDER BY gone.key) AS lost
    FROM gone
    SEMI JOIN bookings_ahead USING (connection, key)
    WHERE NOT gone.unreadable
      AND NOT EXISTS (
          SELECT 1 FROM incoming
          WHERE incoming.connection = gone.connection
            AND incoming.listing IS NOT DISTINCT FROM gone.listing
            AND incoming.check_in < gone.check_out
            AND incoming.check_out > gone.check_in
      )
    GROUP BY gone.connection
),
futures AS (
    SELECT connection, count(*) AS future FROM bookings_ahead GROUP BY connection
),
stood AS (
    SELECT
        standing.connection,
        count(*) FILTER (standing.check_out > answers.today) AS known,
        bool_or(standing.kind = 'horizon' AND standing.state = 'present') AS tail
    FROM standing
    JOIN answers USING (connection, source)
    WHERE standing.state IN ('present', 'missing')
    GROUP BY standing.connection
),
tails AS (
    SELECT DISTINCT connection FROM incoming WHERE kind = 'horizon'
),
last_made AS (
    SELECT connection, arg_max(made, started) AS made
    FROM fetches
    SEMI JOIN answers USING (connection)
    WHERE verdict = 'accepted' AND made IS NOT NULL
    GROUP BY connection
),
compared AS (
    SELECT
        answers.connection,
        answers.asked,
        answers.events,
        coalesce(stood.known, 0) AS known,
        coalesce(futures.future, 0) AS future,
        coalesce(losses.lost, []) AS lost,
        answers.tail_is_sure AND coalesce(stood.tail, false) AS tail_before,
        tails.connection IS NOT NULL AS tail_now,
        answers.made,
        last_made.made AS made_before,
        quarantines.since,
        quarantines.lost AS lost_before,
        quarantines.decision
    FROM answers
    LEFT JOIN stood USING (connection)
    LEFT JOIN futures USING (connection)
    LEFT JOIN losses USING (connection)
    LEFT JOIN tails USING (connection)
    LEFT JOIN last_made USING (connection)
    LEFT JOIN quarantines ON quarantines.connection = answers.connection AND quarantines.resolved IS NULL
    WHERE answers.verdict = 'accepted'
)
FROM compared
WHERE since IS NOT NULL
   OR (events = 0 AND known > 0)
   OR len(lost) >= 2
   OR (tail_before AND NOT tail_now)
   OR made < made_before
ORDER BY connection;
