-- How producers were seen to write, beside what the tables of core.drift know of them.
CREATE TABLE shapes (
    scope VARCHAR NOT NULL,             -- the channel; for channels without a table, the connection
    what VARCHAR NOT NULL,              -- core.drift.What
    shape VARCHAR NOT NULL,             -- holds nothing that is a guest's: it is its own example
    connection VARCHAR NOT NULL,        -- that showed it first
    is_drift BOOLEAN NOT NULL,          -- it came as news, not with the first answer
    first_seen TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);
