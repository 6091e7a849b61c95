-- Copies what readers need into the attached database `snapshot`: no notes, no extras (guests write
-- telephone numbers there), of telephone numbers the last four digits at most.
CREATE TABLE snapshot.making AS SELECT $now::TIMESTAMP AS made, $run_id AS run_id, $version AS version;
CREATE TABLE snapshot.runs AS FROM runs ORDER BY as_of;
CREATE TABLE snapshot.fetches AS SELECT * EXCLUDE (reported) FROM fetches ORDER BY started;
CREATE TABLE snapshot.quarantines AS FROM quarantines ORDER BY quarantine;
CREATE TABLE snapshot.rejections AS FROM rejections;
CREATE TABLE snapshot.bookings AS SELECT * EXCLUDE (notes, extras) FROM bookings;
CREATE TABLE snapshot.booking_versions AS SELECT * EXCLUDE (notes, extras) FROM booking_versions;
CREATE TABLE snapshot.stays AS SELECT * EXCLUDE (notes, extras) FROM stays ORDER BY listing, check_in;
CREATE TABLE snapshot.kin AS FROM kin ORDER BY listing, relative;
CREATE TABLE snapshot.stay_sources AS FROM stay_sources;
CREATE TABLE snapshot.conflicts AS FROM conflicts ORDER BY conflict;
CREATE TABLE snapshot.import_lags AS FROM import_lags ORDER BY seen, connection, stay;
CREATE TABLE snapshot.vacancies AS FROM vacancies;
CREATE TABLE snapshot.changes AS FROM changes ORDER BY changed, listing, first_night;
-- What the owner's calendar says now was cleaned when it was written.
CREATE TABLE snapshot.feed_events AS
SELECT * REPLACE (CASE WHEN audience = 'owner' AND until IS NULL THEN description END AS description)
FROM feed_events;
CREATE TABLE snapshot.extra_fields AS
SELECT DISTINCT listing, unnest(json_keys(extras)) AS name FROM stays WHERE extras IS NOT NULL;
CREATE TABLE snapshot.rollbacks AS FROM rollbacks;
CREATE TABLE snapshot.feed_versions AS SELECT * EXCLUDE (reported) FROM feed_versions ORDER BY rendered, name;
