-- Answers that are not believed where they take nights away (gate 4).

-- One row a quarantine; of those of a connection and upstream listing, one at the most is not resolved.
CREATE TABLE quarantines (
    quarantine INTEGER NOT NULL,
    connection VARCHAR NOT NULL,
    upstream_listing VARCHAR,           -- empty: of a calendar; null: of an account as a whole
    since TIMESTAMP NOT NULL,           -- since when answers have lost these bookings, or more of them
    lost VARCHAR[] NOT NULL,            -- keys of the bookings that the last doubtful answer had lost
    doubts VARCHAR[] NOT NULL,          -- core.plausibility.Doubt
    decision VARCHAR,                   -- core.plausibility.Decision, where a person has said something
    fetch_id VARCHAR NOT NULL,          -- the last doubtful answer
    resolved TIMESTAMP,
    ending VARCHAR,                     -- core.plausibility.Ending
    run_id VARCHAR NOT NULL
);
CREATE SEQUENCE quarantine_ids;

-- The nights from today on that one range of nights holds and another does not: up to two ranges.
CREATE MACRO nights_beyond(check_in, check_out, other_in, other_out, today) AS list_filter(
    [
        {'first': greatest(check_in, today), 'beyond': least(check_out, other_in)},
        {'first': greatest(check_in, other_out, today), 'beyond': check_out}
    ],
    lambda part: part.first < part.beyond
);
