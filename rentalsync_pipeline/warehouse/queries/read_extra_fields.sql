-- What else the channels of a listing deliver of its stays: names of fields alone.
FROM extra_fields
WHERE listing = $listing
ORDER BY name;
