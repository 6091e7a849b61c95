-- The versions of the feeds of these $listings, numbered per feed from 1, each until the next. A rotation makes none.
WITH forms AS (
    SELECT
        listing, audience, rendered, any_value(sha256) AS sha256, any_value(events) AS events, any_value(bytes) AS bytes,
        any_value(run_id) AS run_id
    FROM feed_versions
    WHERE listing IN (SELECT unnest($listings)) AND published IS NOT NULL
    GROUP BY listing, audience, rendered
),
news AS (
    FROM forms
    QUALIFY sha256 IS DISTINCT FROM lag(sha256) OVER (PARTITION BY listing, audience ORDER BY rendered)
)
SELECT
    listing, audience, row_number() OVER feed AS version, rendered AS since, lead(rendered) OVER feed AS until, events, bytes,
    sha256, run_id
FROM news
WINDOW feed AS (PARTITION BY listing, audience ORDER BY rendered)
ORDER BY listing, audience, version;
