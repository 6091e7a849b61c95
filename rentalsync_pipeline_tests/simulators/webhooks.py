"""Webhooks as vendors send them: what each says, and how it proves that it is the sender.

A call can be sent again, late, or by somebody who does not know the secret: that is what tests do with it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from rentalsync_pipeline_tests.simulators.hospitable import Hospitable
from rentalsync_pipeline_tests.simulators.lodgify import Lodgify
from rentalsync_pipeline_tests.simulators.messages import Record
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Status

_Api = TypeVar("_Api", bound=Simulator)
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def send(self) -> int:
        """Send it; gives the status of the answer."""
        at = urlsplit(self.url)
        line = HTTPConnection(at.hostname or "", at.port, timeout=_PATIENCE)
        try:
            line.request("POST", f"{at.path}?{at.query}", self.body, dict(self.headers))
            return line.getresponse().status
        finally:
            line.close()

    def to(self, url: str) -> Call:
        """The same for another address, of the same query."""
        return replace(self, url=f"{url}?{urlsplit(self.url).query}")


@dataclass(frozen=True, slots=True)
class Sender:
    """How one vendor calls: what a body says of a unit, and what proves it, as headers and a query."""

    told: Callable[[Any, Unit], Record]
    headers: Callable[[bytes, str], Mapping[str, str]] = lambda _body, _secret: {}
    query: Callable[[str], Mapping[str, str]] = lambda _secret: {}

    def call(self, api: Simulator, number: int, url: str, secret: str) -> Call:
        """What is sent when the booking of that number has changed."""
        unit = next(unit for unit in units(api.world) if unit.group == 10 * number)
        body = json.dumps(self.told(api, unit), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self.headers(body, secret)}
        return Call(f"{url}?{urlencode(self.query(secret))}", headers, body)


def signature(body: bytes, secret: str) -> str:
    """HMAC-SHA256 in hex."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def _hospitable(api: Hospitable, unit: Unit) -> Record:
    """developer.hospitable.com, "Webhooks": an id of its own for each call."""
    kind = "created" if unit.changed == unit.made else "changed"
    return {
        "id": f"01{hexadecimal(f'{unit.number} {unit.changed}')[:24].upper()}",
        "data": api.record(unit, {"guest", "properties"}),
        "action": f"reservation.{kind}",
        "created": utc(unit.changed, "%Y-%m-%dT%H:%M:%SZ"),
        "version": "1.0",
    }


def _lodgify(api: Lodgify, unit: Unit) -> Record:
    """docs.lodgify.com, "Webhooks": neither an id nor a date."""
    booking = {name: value for name, value in api.record(unit).items() if not name.endswith("_at")}
    return {"action": "booking_change", "booking": booking, "guest": booking.pop("guest")}


def _smoobu(api: Smoobu, unit: Unit) -> Record:
    """docs.smoobu.com, "Webhooks": the whole booking, unsigned."""
    changed = "newReservation" if unit.changed == unit.made else "updateReservation"
    action = "cancelReservation" if unit.status is Status.CANCELLED else changed
    return {"action": action, "user": 7, "data": api.record(unit)}


SENDERS: Mapping[str, Sender] = {
    "hospitable": Sender(_hospitable, lambda body, secret: {"Signature": signature(body, secret)}),
    "lodgify": Sender(_lodgify, lambda body, secret: {"ms-signature": f"sha256={signature(body, secret)}"}),
    "smoobu": Sender(_smoobu, query=lambda secret: {"key": secret}),
}
"""By channel."""
