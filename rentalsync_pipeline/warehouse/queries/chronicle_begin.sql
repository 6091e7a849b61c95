-- Notes a run, and what of the configuration is not as the last one found it. In: configured (part, name, value).
INSERT INTO runs SELECT $run_id, $as_of, $asked_by WHERE $run_id NOT IN (SELECT run_id FROM runs);

INSERT INTO configurations
WITH known AS (
    FROM configurations
    QUALIFY row_number() OVER (PARTITION BY part, name ORDER BY rowid DESC) = 1
)
SELECT part, name, configured.value, $run_id
FROM configured
FULL JOIN known USING (part, name)
WHERE configured.value IS DISTINCT FROM known.value
ORDER BY part, name;
