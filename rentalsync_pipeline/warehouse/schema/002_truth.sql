-- What is true of a listing's nights, and what was published of it.

CREATE TABLE stays (
    stay VARCHAR NOT NULL,              -- also the UID in every feed
    listing VARCHAR NOT NULL,
    active BOOLEAN NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    check_in DATE NOT NULL,
    check_out DATE NOT NULL,
    channel VARCHAR NOT NULL,           -- that sold it
    channels VARCHAR[] NOT NULL,        -- all that know of it by themselves
    connections VARCHAR[] NOT NULL,     -- that told us of it
    code VARCHAR,
    guest_name VARCHAR,
    phone_last4 VARCHAR,
    guests INTEGER,
    url VARCHAR,
    notes VARCHAR,
    extras VARCHAR,
    first_seen TIMESTAMP NOT NULL,
    changed TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);

-- Which bookings a stay was made from, by which rule, and which fields each gave.
CREATE TABLE stay_sources (
    stay VARCHAR NOT NULL,
    listing VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,              -- core.matching.Rule
    fields VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);

-- The conflict ledger: two distinct occupations that share a night.
CREATE TABLE conflicts (
    conflict INTEGER NOT NULL,
    listing VARCHAR NOT NULL,           -- of stay_a
    other_listing VARCHAR NOT NULL,     -- of stay_b: the same, or a relative
    stay_a VARCHAR NOT NULL,            -- the one that was known first
    stay_b VARCHAR NOT NULL,
    certainty VARCHAR NOT NULL,         -- core.conflicts.Certainty
    first_night DATE NOT NULL,
    last_night DATE NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    resolved TIMESTAMP,
    resolution VARCHAR,
    run_id VARCHAR NOT NULL
);
CREATE SEQUENCE conflict_ids;

-- Night-level history: ranges of nights that became busy or free.
CREATE TABLE changes (
    listing VARCHAR NOT NULL,
    first_night DATE NOT NULL,
    last_night DATE NOT NULL,
    busy BOOLEAN NOT NULL,
    changed TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);

-- How many nights of core.vacancy.AHEAD each listing had to sell when it last had news.
CREATE TABLE vacancies (
    listing VARCHAR NOT NULL,
    free INTEGER NOT NULL,              -- closed by nothing, by a channel's tail neither
    shut_since TIMESTAMP,               -- since when none is left, where many were closed at once
    free_before INTEGER,                -- how many those were
    run_id VARCHAR NOT NULL             -- that changed it last
);

-- Every event that a feed ever carried; `until` is null while it does.
CREATE TABLE feed_events (
    listing VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    uid VARCHAR NOT NULL,
    check_in DATE NOT NULL,
    check_out DATE NOT NULL,
    summary VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    color VARCHAR,
    form VARCHAR NOT NULL,              -- how nights are written: style, zone and times of day
    sequence INTEGER NOT NULL,
    last_modified TIMESTAMP NOT NULL,
    until TIMESTAMP,
    run_id VARCHAR NOT NULL
);

-- Every version of every feed; `published` is null until its file is in place.
CREATE TABLE feed_versions (
    listing VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    name VARCHAR NOT NULL,              -- of the file, with its token
    sha256 VARCHAR NOT NULL,
    events INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    rendered TIMESTAMP NOT NULL,
    published TIMESTAMP,
    retired TIMESTAMP,                  -- when the file was taken away: rotated, or no longer wanted
    reported BOOLEAN NOT NULL,
    run_id VARCHAR NOT NULL
);

-- When the snapshot for readers was made.
CREATE TABLE snapshots (
    made TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);
