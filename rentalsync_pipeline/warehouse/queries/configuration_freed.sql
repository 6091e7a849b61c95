-- Makes `after`: orphans that a person lets go. In: freed (connection).
CREATE OR REPLACE TEMP TABLE after AS
SELECT bookings.* REPLACE (
    'released' AS state, 'freed_by_person' AS cause, $now AS valid_from, NULL AS fetch_id, $run_id AS run_id
)
FROM bookings
SEMI JOIN freed USING (connection)
WHERE state = 'orphaned';
