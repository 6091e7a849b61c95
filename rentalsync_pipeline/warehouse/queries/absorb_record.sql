-- Writes the raw records that were never delivered in this form, the rejected events and the sync log.
-- In: logged (one row an answer, failed ones too; reason_before is that of the connection's answer before),
--     rejected (fetch_id, connection, uid, line, reason).
INSERT INTO records
SELECT fresh_form.connection, fresh_form.key, fresh_form.kind, fresh_form.check_in, fresh_form.check_out,
       fresh_form.hash, fresh_form.fetch_id, $run_id
FROM (
    SELECT
        incoming.*, answers.fetch_id,
        content_hash(kind, status, check_in, check_out, code, origin, guest_name, phone_last4, guests, url, notes, extras)
            AS hash
    FROM incoming
    JOIN answers USING (connection)
) AS fresh_form
WHERE NOT EXISTS (
    SELECT 1 FROM records
    WHERE records.connection = fresh_form.connection
      AND records.key = fresh_form.key
      AND records.hash = fresh_form.hash
);

INSERT INTO rejections
SELECT fetch_id, $run_id, connection, uid, line, reason FROM rejected;

INSERT INTO fetches BY NAME
WITH tally AS (
    SELECT
        connection,
        count(*) FILTER (old_state IS NULL AND state = 'present') AS created,
        count(*) FILTER (
            old_state IS NOT NULL AND state = 'present'
            AND (old_hash <> hash OR old_state IN ('cancelled', 'released'))
        ) AS updated,
        count(*) FILTER (state = 'cancelled' AND old_state IN ('present', 'missing', 'orphaned', 'completed'))
            AS cancelled,
        count(*) FILTER (state = 'present' AND old_hash = hash AND old_state NOT IN ('cancelled', 'released'))
            AS unchanged
    FROM met
    WHERE kind <> 'horizon'
    GROUP BY connection
),
lost AS (
    SELECT fates.connection, count(*) AS lost
    FROM fates
    JOIN gone
        ON fates.connection = gone.connection
       AND fates.key = gone.key
       AND fates.listing IS NOT DISTINCT FROM gone.listing
    WHERE fates.state IN ('cancelled', 'released') AND gone.kind <> 'horizon' AND gone.part_of IS NULL
    GROUP BY fates.connection
),
present AS (
    SELECT connection, count(*) AS present
    FROM bookings
    SEMI JOIN (FROM answers WHERE verdict = 'unchanged') AS unchanged USING (connection)
    WHERE state = 'present' AND kind <> 'horizon'
    GROUP BY connection
),
counted AS (
    SELECT
        logged.*,
        coalesce(tally.created, 0) AS created,
        coalesce(tally.updated, 0) AS updated,
        coalesce(tally.cancelled, 0) + coalesce(lost.lost, 0) AS cancelled,
        CASE logged.verdict
            WHEN 'unchanged' THEN coalesce(present.present, 0)
            ELSE coalesce(tally.unchanged, 0)
        END AS unchanged
    FROM logged
    LEFT JOIN tally ON logged.verdict <> 'failed' AND tally.connection = logged.connection
    LEFT JOIN lost ON logged.verdict <> 'failed' AND lost.connection = logged.connection
    LEFT JOIN present ON logged.verdict = 'unchanged' AND present.connection = logged.connection
)
SELECT
    * EXCLUDE (reason_before),
    $run_id AS run_id,
    reason IS DISTINCT FROM reason_before OR created + updated + cancelled + rejected > 0 AS news,
    NOT news AS reported
FROM counted;
