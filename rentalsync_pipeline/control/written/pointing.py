"""Where a connection points, without telling the address.

Belongs here: the host that may be shown, and the digest by which a connection that points elsewhere than
before is noticed. Does not: resolving the variable (`variables`), storing the result (`rows`).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from rentalsync_pipeline.control.written.variables import MissingVariable, Variables
from rentalsync_pipeline.core.secret import Secret

_DIGITS = 16
"""64 bits: enough to tell the connections of one portfolio apart, and keyed, so that none can be guessed."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """Knows the variables, and the key of the digests: the feed secret, which outlives key rotations."""

    key: bytes = field(repr=False)
    variables: Variables

    def at(self, channel: str, url: str | Secret | None, base_url: str | None) -> tuple[str, str] | None:
        """Host and digest; of an account (`url` is `None`) those of its server, or of its channel's own.

        `None` where `url` refers to a variable that is missing.
        """
        if url is None:
            target = Secret(base_url or "")
            return target.host if base_url else channel, self._digest(channel, target)
        try:
            target = url if isinstance(url, Secret) else Secret(self.variables.resolve(url))
        except MissingVariable:
            return None
        return target.host, self._digest(channel, target)

    def _digest(self, channel: str, target: Secret) -> str:
        text = f"source\0{channel}\0{target.reveal()}"
        return hmac.new(self.key, text.encode(), "sha256").hexdigest()[:_DIGITS]
