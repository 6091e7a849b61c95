-- In: told (id).
UPDATE fetches SET reported = true FROM told WHERE fetches.fetch_id = told.id;
