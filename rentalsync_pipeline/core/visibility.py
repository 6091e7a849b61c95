"""Which occupations a feed shows, and which of their fields.

Belongs here: the table of audiences. Does not: choosing words (`calendars.wording`).
A destination never gets back what it told us, so that no echo can form: publish, import, publish is a
fixpoint.
"""

from __future__ import annotations

from collections.abc import Collection

from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import FOR, OWNER, Blocks

_SHOWN = frozenset({Kind.RESERVATION, Kind.TENTATIVE, Kind.UNKNOWN, Kind.BLOCK})


def shows(audience: str, kind: Kind, channels: Collection[str], blocks: Blocks) -> bool:
    """Whether a feed shows an occupation that `channels` told us of by themselves.

    The tail behind a booking window is in no feed. With `Blocks.IGNORE` the owner's blocks stay in the
    owner's own feed.
    """
    if kind not in _SHOWN:
        return False
    if audience == OWNER:
        return True
    if kind is Kind.BLOCK and blocks is Blocks.IGNORE:
        return False
    return not (audience.startswith(FOR) and audience.removeprefix(FOR) in channels)
