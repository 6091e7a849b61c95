-- What each connection was asked and answered, for `backtest --archive`. An answer without a body of its own
-- said what the last one said.
SELECT
    connection,
    started,
    CASE
        WHEN verdict <> 'failed'
        THEN last_value(content IGNORE NULLS) OVER (PARTITION BY connection ORDER BY started)
    END AS content
FROM fetches
ORDER BY connection, started;
