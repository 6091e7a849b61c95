"""What a browser brings along: a cookie that the home's key seals, so that nobody else makes or reads one.

Belongs here: what is in it, and for how long. Does not: who that is (`frame`). Nothing is kept of it on this
side: it outlives a restart, and ends with its time, with the token behind it, or with the key of the home.
"""

from __future__ import annotations

import base64
import json
import secrets
from binascii import Error as NoBase64
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rentalsync_pipeline.control.vault import Vault, VaultError
from rentalsync_pipeline.operations.health import Level

LASTS = timedelta(hours=12)
_IDENTITY = "browser|session|1"
"""What sealed values of other places are not: none of them opens as a session."""
_MOST_SAID = 600
"""Characters of a message: a cookie has 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `proof` stands in each form that we gave it, so that no other site can send one.

    `token` is what its user signed in with; empty where they are let in by where they come from.
    """

    proof: str
    until: datetime
    token: str = field(default="", repr=False)
    said: str = ""
    """A message for the next page that it sees."""
    level: Level = Level.OK


class Sessions:
    """Makes sessions, and tells ours from others."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, now: datetime, token: str = "") -> Session:
        """A new one: also where somebody signs in, so that nothing of before counts for them."""
        return Session(secrets.token_urlsafe(18), now + LASTS, token)

    def write(self, session: Session) -> str:
        """The cookie's value."""
        said, until = session.said[:_MOST_SAID], session.until.isoformat()
        text = json.dumps([session.proof, until, session.token, said, session.level], ensure_ascii=False)
        return base64.urlsafe_b64encode(self._vault.seal(text, identity=_IDENTITY)).decode()

    def read(self, cookie: str, now: datetime) -> Session | None:
        """What a cookie says; `None` where it is not ours, or its time is over."""
        try:
            sealed = base64.b64decode(cookie, altchars=b"-_", validate=True)
            proof, until, token, said, level = json.loads(self._vault.open(sealed, identity=_IDENTITY))
        except (VaultError, NoBase64, ValueError):
            return None
        session = Session(proof, datetime.fromisoformat(until), token, said, Level(level))
        return session if now < session.until else None
