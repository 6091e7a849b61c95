-- What a replay needs beside the answers: which steps each sync took, and with what configuration and decisions.
-- Only ever added to.

-- A sync that died is not in it with the steps that it did not come to.
CREATE TABLE steps (
    run_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL               -- operations.chronicle.Step
);

-- The portfolio, one row whenever one of its parts was not as before.
CREATE TABLE configurations (
    part VARCHAR NOT NULL,              -- 'settings', 'listing' or 'connection'
    name VARCHAR NOT NULL,
    value VARCHAR,                      -- JSON without secrets; null: taken away
    run_id VARCHAR NOT NULL             -- the first that worked with it
);

-- What people had decided and a sync carried out, by names that a replay gives again.
CREATE TABLE decisions (
    kind VARCHAR NOT NULL,              -- of the request
    subject VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,           -- JSON
    run_id VARCHAR NOT NULL
);

ALTER TABLE fetches ADD COLUMN as_of TIMESTAMP;     -- the clock of the sync that asked, which may have died since
