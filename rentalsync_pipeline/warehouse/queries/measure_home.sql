-- What the snapshot tells of all together; columns are metrics, as in every measure_*.sql.
SELECT
    (SELECT epoch(made) FROM making) AS snapshot_timestamp_seconds,
    (SELECT count(*) FROM runs) AS syncs_total,
    (
        SELECT epoch(max(ended) - min(started)) FROM fetches GROUP BY run_id ORDER BY max(ended) DESC LIMIT 1
    ) AS sync_fetching_seconds;
