-- Feeds that a person has rolled back; of those of a feed, one at the most has not ended.
CREATE TABLE rollbacks (
    listing VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    moment TIMESTAMP NOT NULL,          -- the feed shows again what it showed then
    let_go VARCHAR[] NOT NULL,          -- stays that are not shown, as the person knew them: uid, first night, end
    since TIMESTAMP NOT NULL,
    ended TIMESTAMP,
    run_id VARCHAR NOT NULL
);
