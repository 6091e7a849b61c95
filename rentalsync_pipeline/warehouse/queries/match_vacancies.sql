-- Counts what the listings at hand have left to sell, and notes where all of it was closed at once.
-- In: batch (listing, today), stays, $ahead and $sudden (nights, core.vacancy), $now.
CREATE OR REPLACE TEMP TABLE counted AS
WITH closed AS (
    SELECT DISTINCT
        listing,
        unnest(generate_series(
            greatest(check_in, today), least(check_out, today + $ahead::INTEGER) - 1, INTERVAL 1 DAY
        )) AS night
    FROM stays
    JOIN batch USING (listing)
    WHERE active AND check_out > today AND check_in < today + $ahead::INTEGER
),
now_free AS (
    SELECT listing, $ahead - count(night) AS free
    FROM batch
    LEFT JOIN closed USING (listing)
    GROUP BY listing
)
SELECT
    listing,
    now_free.free,
    CASE WHEN now_free.free = 0 AND known.free >= $sudden THEN $now::TIMESTAMP WHEN now_free.free = 0 THEN shut_since END
        AS shut_since,
    CASE WHEN now_free.free = 0 AND known.free >= $sudden THEN known.free WHEN now_free.free = 0 THEN free_before END
        AS free_before
FROM now_free
LEFT JOIN vacancies AS known USING (listing)
WHERE now_free.free IS DISTINCT FROM known.free;

DELETE FROM vacancies USING counted WHERE vacancies.listing = counted.listing;
INSERT INTO vacancies SELECT listing, free, shut_since, free_before, $run_id FROM counted;
