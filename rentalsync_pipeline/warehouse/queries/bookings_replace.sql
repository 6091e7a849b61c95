-- Puts `after` in the place of what stands, keeps what stood as versions, and leaves work for matching.
INSERT INTO booking_versions BY NAME
SELECT bookings.*, after.valid_from AS valid_to
FROM bookings
JOIN after
    ON after.connection = bookings.connection
   AND after.key = bookings.key
   AND after.listing IS NOT DISTINCT FROM bookings.listing;

DELETE FROM bookings
USING after
WHERE after.connection = bookings.connection
  AND after.key = bookings.key
  AND after.listing IS NOT DISTINCT FROM bookings.listing;

INSERT INTO bookings BY NAME FROM after;

INSERT INTO work
SELECT DISTINCT 'stays', listing, $run_id FROM after WHERE listing IS NOT NULL;
