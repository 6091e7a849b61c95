"""How a calendar of ours is known when it comes back.

Belongs here: the marks that the writer sets and the reader looks for. Does not: making UIDs.
"""

from __future__ import annotations

import re

PRODID = "-//RentalSync Pipeline//EN"

UID_FORM = re.compile(r"[a-z2-7]{26}")
"""The whole of a UID that we write: 130 bits in lower-case base32, no domain."""
