"""How one version of a published file is told from another without reading it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """A version: two of the same file never share it. `modified` is when it was written, `size` in bytes."""

    version: str
    modified: datetime
    size: int
