-- The stays of a listing that hold nights, as a rollback lets them go.
SELECT stay, check_in, check_out
FROM stays
WHERE listing = $listing AND active AND kind <> 'horizon'
ORDER BY check_in, stay;
