-- How soon each channel was ever seen to have imported what we published, and how often.
SELECT channel, min(seconds) AS shortest, count(*) AS seen FROM import_lags GROUP BY channel ORDER BY channel;
