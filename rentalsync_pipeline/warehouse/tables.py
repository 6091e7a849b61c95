"""The columns of the temporary tables that Python hands to the statements of `queries/`.

Belongs here: names and types, in the order in which rows give their values. Does not: lasting tables
(`schema/`).
"""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.string()
TEXTS = pa.list_(TEXT)
DAY = pa.date32()
MOMENT = pa.timestamp("us")
COUNT = pa.int32()
FLAG = pa.bool_()

SPOOLED = {"fetch_id": TEXT}

ANSWERS = {
    "connection": TEXT,
    "fetch_id": TEXT,
    "verdict": TEXT,
    "asked": MOMENT,
    "today": DAY,
    "source": TEXT,
    "events": COUNT,
    "made": MOMENT,
    "tail_is_sure": FLAG,
    "at_once": FLAG,
    "partial": FLAG,
}

INCOMING = {
    "connection": TEXT,
    "key": TEXT,
    "listing": TEXT,
    "channel": TEXT,
    "source": TEXT,
    "upstream_listing": TEXT,
    "kind": TEXT,
    "status": TEXT,
    "check_in": DAY,
    "check_out": DAY,
    "uid": TEXT,
    "code": TEXT,
    "origin": TEXT,
    "own": FLAG,
    "guest_name": TEXT,
    "phone_last4": TEXT,
    "guests": COUNT,
    "url": TEXT,
    "notes": TEXT,
    "extras": TEXT,
}

REJECTED = {"fetch_id": TEXT, "connection": TEXT, "uid": TEXT, "line": COUNT, "reason": TEXT}

UNREADABLE = {"connection": TEXT, "uid": TEXT}

ABSENT = {"connection": TEXT, "uid": TEXT, "is_cancelled": FLAG}

LOGGED = {
    "fetch_id": TEXT,
    "connection": TEXT,
    "channel": TEXT,
    "started": MOMENT,
    "ended": MOMENT,
    "verdict": TEXT,
    "reason": TEXT,
    "detail": TEXT,
    "http_status": COUNT,
    "bytes": pa.int64(),
    "content": TEXT,
    "dialect": TEXT,
    "made": MOMENT,
    "tail": FLAG,
    "events": COUNT,
    "rejected": COUNT,
    "as_of": MOMENT,
    "reason_before": TEXT,
}

CONFIGURED = {"part": TEXT, "name": TEXT, "value": TEXT}

DECISIONS_MADE = {"kind": TEXT, "subject": TEXT, "payload": TEXT}

SEEN_SHAPES = {"scope": TEXT, "what": TEXT, "shape": TEXT, "connection": TEXT, "has_table": FLAG}

RULINGS = {
    "connection": TEXT,
    "upstream_listing": TEXT,
    "verdict": TEXT,
    "is_proven": FLAG,
    "ending": TEXT,
    "since": MOMENT,
    "lost": TEXTS,
    "doubts": TEXTS,
    "decision": TEXT,
}

DECIDED = {"quarantine": COUNT, "decision": TEXT}

LINKS = {"connection": TEXT, "listing": TEXT, "old_key": TEXT, "new_key": TEXT}

FATES = {
    "connection": TEXT,
    "key": TEXT,
    "listing": TEXT,
    "state": TEXT,
    "misses": COUNT,
    "missing_since": MOMENT,
    "cause": TEXT,
}

LISTINGS = {"listing": TEXT, "timezone": TEXT, "enabled": FLAG, "config": TEXT}

CONNECTIONS = {"connection": TEXT, "channel": TEXT, "source": TEXT, "upstream_listing": TEXT, "listing": TEXT}

FREED = {"connection": TEXT}

KIN = {"listing": TEXT, "relative": TEXT}

BATCH = {"listing": TEXT, "today": DAY}

EDGES = {"listing": TEXT, "since": DAY}

NAMED = {"listing": TEXT, "party": TEXT, "stay": TEXT}

CERTAINTIES = {"kind_a": TEXT, "kind_b": TEXT, "certainty": TEXT}

IMPORTS = {"connection": TEXT, "mode": TEXT, "sources": pa.list_(TEXT)}

EARLIEST = {"channel": TEXT, "seconds": pa.float64()}

SETTLEMENTS = {"conflict": COUNT, "verdict": TEXT, "resolution": TEXT}

PRESENT = {"name": TEXT}

ROLLED_BACK = {"listing": TEXT, "audience": TEXT, "moment": MOMENT, "let_go": TEXTS}

STOOD = {"name": TEXT, "listing": TEXT, "audience": TEXT, "rendered": MOMENT}

WRITTEN_EVENTS = {
    "listing": TEXT,
    "audience": TEXT,
    "uid": TEXT,
    "check_in": DAY,
    "check_out": DAY,
    "summary": TEXT,
    "description": TEXT,
    "color": TEXT,
    "form": TEXT,
    "sequence": COUNT,
    "last_modified": MOMENT,
}

ENDED_EVENTS = {"listing": TEXT, "audience": TEXT, "uid": TEXT}

VERSIONS = {
    "listing": TEXT,
    "audience": TEXT,
    "name": TEXT,
    "sha256": TEXT,
    "events": COUNT,
    "bytes": pa.int64(),
}

RETIRED = {"name": TEXT}

ASKED_LISTINGS = {"listing": TEXT}
