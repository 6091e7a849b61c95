"""The columns of the temporary tables that Python hands to the statements of `queries/`.

Belongs here: names and types, in the order in which rows give their values. Does not: lasting tables
(`schema/`).
"""

from __future__ import annotations

from enum import StrEnum


class Type(StrEnum):
    """Of a column, by its name among Arrow's types; `texts` is a list of texts."""

    TEXT = "string"
    TEXTS = "texts"
    DAY = "date32"
    MOMENT = "timestamp[us]"
    COUNT = "int32"
    SIZE = "int64"
    NUMBER = "float64"
    FLAG = "bool"


TEXT, TEXTS, DAY, MOMENT = Type.TEXT, Type.TEXTS, Type.DAY, Type.MOMENT
COUNT, SIZE, NUMBER, FLAG = Type.COUNT, Type.SIZE, Type.NUMBER, Type.FLAG

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
    "bytes": SIZE,
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

IMPORTS = {"connection": TEXT, "mode": TEXT, "sources": TEXTS}

EARLIEST = {"channel": TEXT, "seconds": NUMBER}

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
    "bytes": SIZE,
}

RETIRED = {"name": TEXT}

ASKED_LISTINGS = {"listing": TEXT}
