-- What each channel has closed, night by night, beside what everybody sold.
-- In: batch (listing, today), members, $now, $since, $longest (nights), $returns (interval).
-- Out: first_answers, closures (a night of a booking each), closed (a night of a connection each), sold, parties.

CREATE OR REPLACE TEMP TABLE first_answers AS
SELECT connection, min(started) AS asked
FROM fetches
WHERE verdict = 'accepted' AND connection IN (SELECT connection FROM members)
GROUP BY connection;

CREATE OR REPLACE TEMP TABLE closures AS
SELECT
    listing, connection, key, stay, channel, kind, stay IS NULL AND valid_from <= asked AS untimed,
    unnest(generate_series(greatest(check_in, $since), check_out - 1, INTERVAL 1 DAY))::DATE AS night
FROM members
LEFT JOIN first_answers USING (connection)
WHERE kind IN ('block', 'unknown') AND rule = 'distinct' AND check_out - check_in <= $longest;

CREATE OR REPLACE TEMP TABLE closed AS
SELECT
    listing, connection, night,
    any_value(closures.channel) AS channel,
    min(kind) AS kind,
    bool_and(untimed) AS untimed,
    coalesce(any_value(since), $now::TIMESTAMP) AS since,
    any_value(copy_until) AS copy_until,
    coalesce(bool_or(preparation), false) AS preparation,
    any_value(gone) IS NOT NULL AS is_back
FROM closures
-- What was gone for longer than channels lose things is closed anew.
LEFT JOIN (FROM closed_nights WHERE coalesce(gone + $returns > $now, true)) AS closed_nights
    USING (listing, connection, night)
GROUP BY listing, connection, night;

-- What everybody sold, as each listing sees it: its own and its relatives'. A relative's channel tells this listing of
-- it, too, where their connection is the same account.
CREATE OR REPLACE TEMP TABLE sold AS
SELECT
    members.* REPLACE (kin.listing AS listing),
    members.listing AS home,
    home = kin.listing OR served.connection IS NOT NULL AS is_told
FROM members
JOIN kin ON kin.relative = members.listing
LEFT JOIN (SELECT DISTINCT connection, listing FROM known_connections) AS served
    ON served.connection = members.connection AND served.listing = kin.listing;

CREATE OR REPLACE TEMP TABLE parties AS
SELECT
    listing, party, min(check_in) AS check_in, max(check_out) AS check_out,
    list_distinct(flatten([list(channel) FILTER (is_told), list(seller) FILTER (is_told)])) AS channels
FROM sold
GROUP BY listing, party;
