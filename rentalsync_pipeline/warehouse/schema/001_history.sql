-- What was asked and answered, and what each connection says: everything before matching.
-- All TIMESTAMPs are UTC, all DATEs local to the listing. Every row bears the run that wrote it.
-- No primary keys: rows are written set-based inside one transaction a step, and DuckDB checks keys
-- against rows that the same transaction has deleted.

CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,           -- the clock of that sync
    asked_by VARCHAR NOT NULL
);

-- The sync log: one row a connection and sync.
CREATE TABLE fetches (
    fetch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    started TIMESTAMP NOT NULL,
    ended TIMESTAMP NOT NULL,
    verdict VARCHAR NOT NULL,           -- core.verdict.Verdict
    reason VARCHAR,                     -- core.verdict.Reason, where the verdict is not accepted
    detail VARCHAR,
    http_status INTEGER,
    bytes BIGINT NOT NULL,
    content VARCHAR,                    -- name of the body: sha256 of it without DTSTAMP
    dialect VARCHAR,
    made TIMESTAMP,                     -- the moment of the answer by the channel's clock, where it writes that
    tail BOOLEAN,                       -- it ended in the rolling tail behind a booking window; null: it was not read
    events INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    news BOOLEAN NOT NULL,              -- bookings that changed, events not read, trouble begun or ended
    reported BOOLEAN NOT NULL           -- whether Dagster has been told, where there is news
);

-- Events that could not be read, with the reason; never what a guest wrote.
CREATE TABLE rejections (
    fetch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    uid VARCHAR,
    line INTEGER,
    reason VARCHAR NOT NULL
);

-- Every form in which a record was ever delivered, and the first fetch that brought it.
CREATE TABLE records (
    connection VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    check_in DATE NOT NULL,
    check_out DATE NOT NULL,
    hash VARCHAR NOT NULL,
    fetch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);

-- One source's record as it stands now, with its life so far. Identity: connection, key, listing.
CREATE TABLE bookings (
    connection VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    part_of VARCHAR,                    -- key of the reservation whose nights these were, or may be
    listing VARCHAR,                    -- null: an upstream id that is mapped to no listing
    channel VARCHAR NOT NULL,
    source VARCHAR NOT NULL,            -- where the connection pointed when it was last read
    upstream_listing VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    check_in DATE NOT NULL,
    check_out DATE NOT NULL,
    uid VARCHAR,
    code VARCHAR,
    origin VARCHAR,
    own BOOLEAN NOT NULL,
    guest_name VARCHAR,
    phone_last4 VARCHAR,
    guests INTEGER,
    url VARCHAR,
    notes VARCHAR,
    extras VARCHAR,                     -- JSON object, keys sorted; null where there are none
    hash VARCHAR NOT NULL,              -- of all that was read
    state VARCHAR NOT NULL,             -- core.absence.State
    cause VARCHAR,                      -- core.absence.Cause, why it occupies no longer
    misses INTEGER NOT NULL,
    missing_since TIMESTAMP,
    first_seen TIMESTAMP NOT NULL,
    stay VARCHAR,                       -- the stay it is a source of, once matched
    valid_from TIMESTAMP NOT NULL,      -- since when the row has been as it is
    fetch_id VARCHAR,                   -- the fetch that made it so; null for a change of configuration
    run_id VARCHAR NOT NULL
);

-- What `bookings` held before; `valid_to` is the `valid_from` of the next version.
CREATE TABLE booking_versions AS SELECT *, NULL::TIMESTAMP AS valid_to FROM bookings LIMIT 0;

-- The configuration as the last sync saw it, so that a change of it is news like any other.
CREATE TABLE known_listings (
    listing VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL,
    config VARCHAR NOT NULL             -- digest of all that a feed shows of it
);

CREATE TABLE known_connections (
    connection VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    upstream_listing VARCHAR NOT NULL,
    listing VARCHAR NOT NULL
);

-- Whose stays hold a listing's nights: its own, and those of its relatives (a house and its rooms), row by row both
-- ways. What was taken away keeps its place: its orphans go on holding nights.
CREATE TABLE kin (
    listing VARCHAR NOT NULL,
    relative VARCHAR NOT NULL
);

-- What one step leaves for the next: a sync that was killed is continued from here.
CREATE TABLE work (
    step VARCHAR NOT NULL,              -- 'stays' or 'feeds'
    listing VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);

-- What of a record counts as its content: not its ids, which channels change without meaning anything.
CREATE MACRO content_hash(kind, status, check_in, check_out, code, origin, guest_name, phone_last4, guests, url, notes, extras) AS
    md5(concat_ws(
        chr(31), kind, status, check_in, check_out, coalesce(code, ''), coalesce(origin, ''), coalesce(guest_name, ''),
        coalesce(phone_last4, ''), coalesce(guests, -1), coalesce(url, ''), coalesce(notes, ''), coalesce(extras, '')
    ));
