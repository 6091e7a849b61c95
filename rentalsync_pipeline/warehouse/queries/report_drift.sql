-- Shapes that came as news since $since.
SELECT scope, what, shape, connection, run_id
FROM shapes
WHERE is_drift AND first_seen >= $since
ORDER BY connection, what, shape;
