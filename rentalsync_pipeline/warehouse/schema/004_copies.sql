-- What channels close because they imported it from elsewhere.

-- Since when each connection has closed each night, and whether as a copy of what another one sold.
CREATE TABLE closed_nights (
    listing VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    night DATE NOT NULL,
    since TIMESTAMP NOT NULL,           -- the sync that saw it first
    copy_until TIMESTAMP,               -- null: closed by itself; infinity: a copy; else its original is gone
    preparation BOOLEAN NOT NULL,       -- closed beside a copy in one block: a part of the echo
    gone TIMESTAMP,                     -- since when it is not closed any more; null while it is
    run_id VARCHAR NOT NULL
);

-- How long a destination took from our publishing of a stay to the first sight of its copy.
CREATE TABLE import_lags (
    listing VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    stay VARCHAR NOT NULL,
    seconds BIGINT NOT NULL,
    seen TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);

ALTER TABLE conflicts ADD COLUMN verdict VARCHAR;   -- core.conflicts.Verdict: what a person said, for good
