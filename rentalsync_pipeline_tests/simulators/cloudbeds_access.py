"""Who Cloudbeds lets in: API keys, OAuth, scopes, the properties that an account may see, its webhooks.

developers.cloudbeds.com: *Quickstart Guide: Authentication*, *Common API errors & How to handle*.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from rentalsync_pipeline_tests.simulators.cloudbeds_records import Records
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.world import World

SCOPES = {
    "getHotels": "read:hotel",
    "getHotelDetails": "read:hotel",
    "getRooms": "read:room",
    "getReservations": "read:reservation",
    "getReservationsWithRateDetails": "read:reservation",
    "getReservation": "read:reservation",
    "getRoomBlocks": "read:roomblock",
}
ABOUT_ONE = {"getHotelDetails", "getRoomBlocks"}
"""Calls that need to know which property, where the account has several."""
BY_CODE = {"authorization_code", "urn:ietf:params:oauth:grant-type:api-key"}
_IN_TIME = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


class CloudbedsAccess(Simulator):
    """An account with every house of a world as a property; `lost` names houses that it may no longer see."""

    base = "/api/v1.3"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.records = Records(world)
        self.key = f"cbat_{hexadecimal('cloudbeds')}"
        self.client = {"client_id": "live1_310046_demo", "client_secret": hexadecimal("cloudbeds secret")}
        self.scopes = {"read:guest", *SCOPES.values()}
        self.lost: set[str] = set()
        self.codes = Tokens("code", timedelta(minutes=10))
        self.access = Tokens("access", timedelta(hours=8))
        self.refreshing = Tokens("refresh", timedelta(days=365))
        self.webhooks: dict[str, Record] = {}

    def answer(self, asked: Asked) -> Reply:
        return super().answer(asked).with_headers({"X-Request-ID": hexadecimal(len(self.asked))})

    def refusal(self, asked: Asked) -> Reply | None:
        call = asked.path.rpartition("/")[2]
        if call == "access_token":
            return None
        token = asked.bearer or asked.headers.get("x-api-key", "")
        known = token == self.key or self.access.valid(token, self.now)
        if not known or SCOPES.get(call, "read:hotel") not in self.scopes:
            denied = "The resource owner or authorization server denied the request."
            return Reply.json({"error": "access_denied", "message": denied}, 401)
        houses = self.houses(asked)
        if not houses:
            return failed("None of the included property id's match the access_token user's property id")
        if call in ABOUT_ONE and len(houses) > 1:
            return failed('Please specify "propertyID" parameter for this call')
        moments = (name for name in asked.query if name.endswith(("From", "To", "Date")))
        wrong = [name for name in moments if not _IN_TIME.fullmatch(asked.get(name))]
        return failed(f'Parameter "{wrong[0]}" is invalid') if wrong else None

    @property
    def seen(self) -> list[str]:
        """The houses that the account may see."""
        return [house for house in self.records.houses if house not in self.lost]

    def houses(self, asked: Asked) -> list[str]:
        """The houses that a call is about: those it names, or all."""
        named = asked.names("propertyID") | asked.names("propertyIDs")
        return [house for house in self.seen if not named or self.records.property_id(house) in named]

    def access_token(self, asked: Asked) -> Reply:
        form, grant = asked.form, asked.form.get("grant_type", "")
        if {name: form.get(name) for name in self.client} != self.client:
            return Reply.json({"error": "invalid_client", "message": "Client authentication failed"}, 401)
        if grant == "refresh_token" and not self.refreshing.spend(form.get("refresh_token", ""), self.now):
            wrong = "The refresh token is invalid."
            return Reply.json({"error": "invalid_request", "message": wrong}, 401)
        if grant in BY_CODE and not self.codes.spend(form.get("code", ""), self.now):
            wrong = "The authorization code is invalid or has expired."
            return Reply.json({"error": "server_error", "error_description": wrong}, 401)
        if grant not in BY_CODE | {"refresh_token"}:
            return Reply.json({"error": "unsupported_grant_type", "message": "Unsupported grant type"}, 400)
        return Reply.json({"access_token": self.key} if "api-key" in grant else self.granted())

    def granted(self) -> Record:
        """A new pair of tokens; a refresh token that was spent for it is good no more."""
        properties = (self.records.property_id(house) for house in self.seen)
        return {
            "access_token": self.access.new(self.now),
            "token_type": "Bearer",
            "expires_in": int(self.access.lifetime.total_seconds()),
            "refresh_token": self.refreshing.new(self.now),
            "resources": [{"type": "property", "id": each} for each in properties],
        }

    def metadata(self, asked: Asked) -> Reply:
        """Which address answers for this account."""
        url = f"http://{asked.headers['host']}{self.base}"
        return Reply.json({"success": "true", "data": {"api": {"url": url}}})

    def post_webhook(self, asked: Asked) -> Reply:
        number, form = str(4_001 + len(self.webhooks)), asked.form
        self.webhooks[number] = {
            "id": number,
            "key": {"type": "property", "id": form.get("propertyID", "")},
            "event": {"entity": form.get("object", ""), "action": form.get("action", "")},
            "owner": {"type": "client", "id": self.client["client_id"]},
            "subscriptionType": "webhook",
            "subscriptionData": {"endpoint": form.get("endpointUrl", "")},
        }
        return Reply.json({"success": True, "data": {"subscriptionID": number}})

    def get_webhooks(self, asked: Asked) -> Reply:
        return Reply.json({"success": True, "data": list(self.webhooks.values())})

    def delete_webhook(self, asked: Asked) -> Reply:
        known = self.webhooks.pop(asked.get("subscriptionID"), None)
        return Reply.json({"success": True}) if known else failed("Subscription not found")


def failed(message: str) -> Reply:
    """A refusal of this vendor: HTTP 200 that says it was no success."""
    return Reply.json({"success": False, "message": message})
