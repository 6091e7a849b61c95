-- How long each destination took to import what we published, in seconds: quantiles, as one import that waited for a
-- dead server must not speak for all.
SELECT
    channel, count(*) AS imports, quantile_disc(seconds, 0.5) AS median, quantile_disc(seconds, 0.9) AS nine_of_ten
FROM import_lags
GROUP BY channel
ORDER BY channel;
