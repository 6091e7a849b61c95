"""Answers on their way from the fetch to the warehouse, as files that survive a killed process.

Belongs here: writing an answer's facts and body, finding what was left, throwing away what is in the
warehouse. Does not: what an answer means (`operations.model`).
An entry is a JSON file of facts, written last, beside its body: an entry without facts never happened.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from rentalsync_pipeline.core.facts import facts
from rentalsync_pipeline.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Spooled:
    """One answer as it waits: times in UTC, `content` the digest of a body that lies beside it."""

    fetch_id: str
    run_id: str
    connection: str
    channel: str
    source: str
    as_of: datetime
    started: datetime
    ended: datetime
    verdict: str
    reason: str | None = None
    detail: str | None = None
    retry_at: datetime | None = None
    http_status: int | None = None
    content: str | None = None
    size: int = 0
    etag: str | None = None
    last_modified: str | None = None
    cursor: str | None = None
    windows: list[str] = field(default_factory=list)
    partial: bool = False


class Spool:
    """The folder of waiting answers, one sub-folder a run."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, entry: Spooled, body: bytes | None) -> None:
        """Keep one answer; it counts from the moment its facts are renamed into place."""
        folder = self._root / entry.run_id
        folder.mkdir(parents=True, exist_ok=True)
        if body is not None:
            self._body(entry).write_bytes(body)
        draft = folder / f"{entry.fetch_id}.draft"
        draft.write_text(json.dumps(facts(entry), default=datetime.isoformat), encoding="utf-8")
        draft.replace(folder / f"{entry.fetch_id}.json")

    def waiting(self) -> list[Spooled]:
        """All answers that wait, in the order in which they were asked for."""
        return sorted(self._entries(), key=lambda entry: (entry.as_of, entry.started, entry.fetch_id))

    def body(self, entry: Spooled) -> bytes:
        """The body of an entry that has one."""
        return self._body(entry).read_bytes()

    def clear(self, entries: list[Spooled]) -> None:
        """Forget answers that the warehouse holds now; a folder goes with its last answer."""
        for entry in entries:
            (self._root / entry.run_id / f"{entry.fetch_id}.json").unlink(missing_ok=True)
        for folder in self._root.glob("*"):
            if not any(folder.glob("*.json")):
                shutil.rmtree(folder, ignore_errors=True)

    def _entries(self) -> Iterator[Spooled]:
        for path in self._root.glob("*/*.json"):
            if entry := self._whole(path):
                yield entry
            else:
                path.unlink(missing_ok=True)

    def _whole(self, path: Path) -> Spooled | None:
        """An entry, unless a power cut left it without its facts or with half a body: it never happened."""
        try:
            entry = _parse(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, LookupError):
            return None
        if entry.verdict != Verdict.ACCEPTED:
            return entry
        body = self._body(entry)
        return entry if body.exists() and body.stat().st_size == entry.size else None

    def _body(self, entry: Spooled) -> Path:
        return self._root / entry.run_id / f"{entry.fetch_id}.body"


_MOMENTS = {field.name for field in fields(Spooled) if "datetime" in str(field.type)}


def _parse(facts: dict[str, Any]) -> Spooled:
    moments = {name: datetime.fromisoformat(facts[name]) for name in _MOMENTS if facts[name]}
    return Spooled(**{**facts, **moments})
