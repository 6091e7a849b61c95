-- The stays that each settlement is about. In: settlements (conflict, verdict, resolution).
SELECT stay_a, stay_b, settlements.verdict
FROM settlements
JOIN conflicts USING (conflict)
ORDER BY conflict;
