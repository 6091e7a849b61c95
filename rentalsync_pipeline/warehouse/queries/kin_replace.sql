-- From now on these are the relatives: what that changes is news. In: kin_next, batch.
DELETE FROM kin;
INSERT INTO kin FROM kin_next;

INSERT INTO work
SELECT step, listing, $run_id
FROM batch, (VALUES ('stays'), ('feeds')) AS steps (step);
