-- A connection that was renamed keeps its bookings and its history. In: $old, $new.
UPDATE bookings SET connection = $new WHERE connection = $old;
UPDATE booking_versions SET connection = $new WHERE connection = $old;
UPDATE stay_sources SET connection = $new WHERE connection = $old;
UPDATE records SET connection = $new WHERE connection = $old;
UPDATE rejections SET connection = $new WHERE connection = $old;
UPDATE fetches SET connection = $new WHERE connection = $old;
UPDATE closed_nights SET connection = $new WHERE connection = $old;
UPDATE import_lags SET connection = $new WHERE connection = $old;
UPDATE quarantines SET connection = $new WHERE connection = $old;
