-- A connection that was renamed keeps its bookings and its history. In: $old, $new.
UPDATE bookings SET connection = $new WHERE connection = $old;
UPDATE booking_versions SET connection = $new WHERE connection = $old;
UPDATE stays
SET connections = list_sort(list_append(list_filter(connections, lambda told: told <> $old), $new))
WHERE list_contains(connections, $old);
UPDATE stay_sources SET connection = $new WHERE connection = $old;
UPDATE records SET connection = $new WHERE connection = $old;
UPDATE rejections SET connection = $new WHERE connection = $old;
UPDATE fetches SET connection = $new WHERE connection = $old;
UPDATE closed_nights SET connection = $new WHERE connection = $old;
UPDATE import_lags SET connection = $new WHERE connection = $old;
UPDATE quarantines SET connection = $new WHERE connection = $old;
