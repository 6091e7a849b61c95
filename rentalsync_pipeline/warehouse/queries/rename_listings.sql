-- A listing that was renamed keeps its bookings, its stays, their events and its files. In: $old, $new.
UPDATE bookings SET listing = $new WHERE listing = $old;
UPDATE booking_versions SET listing = $new WHERE listing = $old;
UPDATE stays SET listing = $new WHERE listing = $old;
UPDATE stay_sources SET listing = $new WHERE listing = $old;
UPDATE conflicts SET listing = $new WHERE listing = $old;
UPDATE conflicts SET other_listing = $new WHERE other_listing = $old;
UPDATE kin SET listing = $new WHERE listing = $old;
UPDATE kin SET relative = $new WHERE relative = $old;
UPDATE closed_nights SET listing = $new WHERE listing = $old;
UPDATE import_lags SET listing = $new WHERE listing = $old;
UPDATE changes SET listing = $new WHERE listing = $old;
UPDATE vacancies SET listing = $new WHERE listing = $old;
UPDATE rollbacks SET listing = $new WHERE listing = $old;
UPDATE feed_events SET listing = $new WHERE listing = $old;
UPDATE feed_versions SET listing = $new WHERE listing = $old;
UPDATE work SET listing = $new WHERE listing = $old AND step = 'stays';
