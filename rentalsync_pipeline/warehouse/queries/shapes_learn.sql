-- Remembers shapes that were never seen in their scope. Where a scope has neither a table nor a past, they are
-- how it writes; else they are a drift. In: seen_shapes (scope, what, shape, connection, has_table).
INSERT INTO shapes
SELECT
    scope, what, shape, min(connection),
    bool_or(has_table) OR scope IN (SELECT scope FROM shapes),
    $now, $run_id
FROM seen_shapes
ANTI JOIN shapes USING (scope, what, shape)
GROUP BY scope, what, shape;
