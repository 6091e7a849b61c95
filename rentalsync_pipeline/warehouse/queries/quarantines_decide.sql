-- What people decided. In: decided (quarantine, decision).
UPDATE quarantines SET decision = decided.decision, run_id = $run_id
FROM decided
WHERE quarantines.quarantine = decided.quarantine AND resolved IS NULL;
