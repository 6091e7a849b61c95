"""The vendor of docs/how-to/write-a-channel.md, as a real server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

KEY = "acme-canary"


@dataclass
class Acme:
    """Its bookings, by id; `changed` are those that it says have changed."""

    server: HTTPServer
    bookings: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request("/v2/homes").respond_with_handler(self._homes)
        self.server.expect_request("/v2/bookings").respond_with_handler(self._list)

    @property
    def url(self) -> str:
        return self.server.url_for("/v2")

    def sell(self, number: int, arrival: str, departure: str, **fields: Any) -> None:
        told = {"id": number, "home": 17, "status": "booked", "arrival": arrival, "departure": departure}
        self.bookings[number] = {"first_name": "Ivy", "last_name": "Smith"} | told | fields
        self.changed.append(number)

    def _homes(self, request: Request) -> Response:
        return self._answer(request, {"homes": [{"id": 17, "name": "Lake House", "zone": "Europe/Rome"}]})

    def _list(self, request: Request) -> Response:
        asked, found = request.args, list(self.bookings.values())
        if "changed_since" in asked:
            found = [booking for booking in found if booking["id"] in self.changed]
        else:
            first, last = asked["departure_from"], asked["departure_to"]
            found = [booking for booking in found if first <= booking["departure"] <= last]
        skip, take = int(asked["skip"]), int(asked["take"])
        return self._answer(request, {"bookings": found[skip : skip + take], "total": len(found)})

    def _answer(self, request: Request, document: object) -> Response:
        self.asked.append(request.full_path)
        if request.headers.get("X-Api-Key") != KEY:
            return Response(status=401)
        return Response(json.dumps(document), content_type="application/json")
