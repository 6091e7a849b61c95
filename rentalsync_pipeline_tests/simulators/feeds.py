"""What is published, as whoever imports it reads it: dates out of files, and nothing of our reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rentalsync_pipeline_tests.simulators.world import days

STAND_IN = "2030"
"""From when on an event only stands in for an empty calendar."""


@dataclass
class Feeds:
    """The folder of a portfolio's feeds. A file is read again when it was written again."""

    folder: Path
    _paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    _read: dict[Path, tuple[int, frozenset[date]]] = field(default_factory=dict)

    def nights(self, listing: str, audience: str) -> frozenset[date]:
        """The nights of a feed; none where there is no such feed yet."""
        path = self._paths.get((listing, audience)) or self._found(listing, audience)
        if not path:
            return frozenset()
        self._paths[listing, audience] = path
        written = path.stat().st_mtime_ns
        if self._read.get(path, (0,))[0] != written:
            self._read[path] = written, frozenset(_nights(path.read_bytes().decode()))
        return self._read[path][1]

    def _found(self, listing: str, audience: str) -> Path | None:
        return next(self.folder.glob(f"public/{listing}-{audience}-{'?' * 26}.ics"), None)


def _nights(calendar: str) -> Iterator[date]:
    for first, end in re.findall(r"DTSTART;VALUE=DATE:(\d{8})\r\nDTEND;VALUE=DATE:(\d{8})", calendar):
        if first < STAND_IN:
            yield from days(date.fromisoformat(first), date.fromisoformat(end))
