-- How long each destination took to import what we published, in seconds.
SELECT channel, count(*) AS imports, min(seconds) AS shortest, median(seconds)::BIGINT AS median, max(seconds) AS longest
FROM import_lags
GROUP BY channel
ORDER BY channel;
