-- Writes down which nights became busy since, and which free. In: nights_before, $now.
INSERT INTO changes
WITH nights_after AS MATERIALIZED (FROM held_nights),
turned AS (
    SELECT listing, night, true AS busy FROM (FROM nights_after EXCEPT FROM nights_before)
    UNION ALL
    SELECT listing, night, false AS busy FROM (FROM nights_before EXCEPT FROM nights_after)
),
islands AS (
    SELECT *, night - row_number() OVER (PARTITION BY listing, busy ORDER BY night)::INTEGER AS island
    FROM turned
)
SELECT listing, min(night), max(night), busy, $now, $run_id
FROM islands
GROUP BY listing, busy, island;
