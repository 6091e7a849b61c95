"""Webhooks over HTTP: the proof alone lets in, and nothing but a wish for a sync comes of one."""

from __future__ import annotations

import hmac
import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from rentalsync_pipeline.bridge.server import LARGEST_BODY
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town

SECRET = "canary-of-webhooks-0123456789"
ACCOUNTS = {
    "hospitable": {"token": "x"},
    "lodgify": {"api_key": "x"},
    "smoobu": {"api_key": "x"},
}
REFUSAL = {"error": "Not recognised", "detail": "the proof is missing or wrong, or too old"}


@pytest.fixture
def api(town: Town) -> Iterator[Served]:
    """An account of each kind, named as its channel, each with the same secret; nobody has a token."""
    town.listing("loft")
    for channel, credentials in ACCOUNTS.items():
        town.connections[channel] = {
            "channel": channel,
            "credentials": credentials,
            "listings": {"1": "loft"},
            "webhook_secret": SECRET,
        }
    town.connect("loft-booking-com", "", webhook_secret=SECRET)
    town.apply()
    with serving(town, BridgeSettings()) as served:
        yield served


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"Signature": hmac.new(secret.encode(), body, sha256).hexdigest()}


def event(api: Served, number: int = 1, **changed: Any) -> bytes:
    told = {
        "id": f"01GTKD6ZYFVQMR0RWP4HBBH{number:03d}",
        "action": "reservation.changed",
        "created": f"{api.town.now:%Y-%m-%dT%H:%M:%SZ}",
        "data": {"id": "a-guest-s-booking"},
    }
    return json.dumps(told | changed).encode()


def post(api: Served, path: str, body: bytes, status: int = 200, **options: Any) -> httpx.Response:
    return api.ask("POST", f"/api/integrations/{path}", status, content=body, **options)


def waiting(api: Served) -> list[Request]:
    return api.town.stores.control.waiting()


def test_a_signed_one_is_a_wish_for_a_sync_of_its_connection(api: Served) -> None:
    body = event(api)
    answer = post(api, "hospitable/webhook", body, headers=signed(body))
    assert answer.json() == {"status": "accepted"}
    (request,) = waiting(api)
    assert (request.subject, request.asked_by) == ("hospitable", "a webhook of Hospitable")


def test_a_doubled_one_is_answered_well_and_changes_nothing(api: Served) -> None:
    body = event(api)
    for status in ("accepted", "repeated", "repeated"):
        answer = post(api, "hospitable/webhook", body, headers=signed(body))
        assert answer.json() == {"status": status}
    assert len(waiting(api)) == 1


def test_fifty_at_once_are_one_wish(api: Served) -> None:
    for number in range(50):
        body = event(api, number)
        post(api, "hospitable/webhook?connection=hospitable", body, headers=signed(body))
    assert len(waiting(api)) == 1


def test_the_contract_s_name_of_booking_com_is_good(api: Served) -> None:
    for name in ("bookingcom", "booking_com"):
        post(api, f"{name}/webhook?key={SECRET}", b"{}")
    assert {request.subject for request in waiting(api)} == {"loft-booking-com"}


Sent = tuple[str, bytes, dict[str, str]]
FORGERIES: dict[str, Callable[[bytes, bytes], Sent]] = {
    "unsigned": lambda body, _: ("hospitable/webhook", body, {}),
    "another secret": lambda body, _: ("hospitable/webhook", body, signed(body, "another")),
    "the same in other bytes": lambda body, _: ("hospitable/webhook", respelt(body), signed(body)),
    "from long ago": lambda _, old: ("hospitable/webhook", old, signed(old)),
    "of another channel": lambda body, _: ("lodgify/webhook", body, signed(body)),
    "not signed as it should be": lambda body, _: (f"hospitable/webhook?key={SECRET}", body, {}),
    "an unknown connection": lambda body, _: ("hospitable/webhook?connection=attic", body, signed(body)),
    "another channel's connection": lambda body, _: (
        "hospitable/webhook?connection=smoobu",
        body,
        signed(body),
    ),
    "a channel without any": lambda body, _: ("guesty/webhook", body, signed(body)),
    "an empty secret": lambda body, _: ("smoobu/webhook?key=", body, {}),
}
"""What is wrong, made of a good body and of one that is two days old: a path, a body and headers."""


def respelt(body: bytes) -> bytes:
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


@pytest.mark.parametrize("wrong", FORGERIES)
def test_whatever_is_wrong_the_answer_is_the_same_and_nothing_happens(api: Served, wrong: str) -> None:
    two_days_ago = f"{api.town.now - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    path, body, headers = FORGERIES[wrong](event(api), event(api, created=two_days_ago))
    assert post(api, path, body, 401, headers=headers).json() == REFUSAL
    assert waiting(api) == []
    assert sum(count.refused for count in api.town.stores.control.inbox.counts()) == 1


def test_a_token_is_no_proof(api: Served) -> None:
    api.present(Role.ADMIN)
    post(api, "smoobu/webhook", b"{}", 401)


def test_a_channel_that_there_is_not_is_not_found(api: Served) -> None:
    assert post(api, "nothing/webhook", b"{}", 404).json() == {"error": "Channel not found"}


def test_too_many_wrong_ones_are_not_even_read(api: Served) -> None:
    for _ in range(10):
        post(api, "smoobu/webhook?key=wrong", b"{}", 401)
    assert post(api, f"smoobu/webhook?key={SECRET}", b"{}", 429).headers["retry-after"] == "61"
    (count,) = api.town.stores.control.inbox.counts()
    assert count.refused == 10
    api.town.now += timedelta(minutes=2)
    post(api, f"smoobu/webhook?key={SECRET}", b"{}")


def test_one_that_says_how_large_it_is_is_not_read(api: Served) -> None:
    """Only the head is sent: the answer comes all the same."""
    at = urlsplit(api.url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=30) as line:
        line.sendall(b"POST /api/integrations/smoobu/webhook HTTP/1.1\r\nHost: x\r\n")
        line.sendall(b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1))
        assert line.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_one_that_does_not_is_read_up_to_the_limit(api: Served) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // 50_000 + 1):
            yield b" " * 50_000

    answer = api.client.post(f"/api/integrations/smoobu/webhook?key={SECRET}", content=parts())
    assert answer.status_code == 413
    body = b" " * LARGEST_BODY
    post(api, f"smoobu/webhook?key={SECRET}", body)


def test_the_first_one_of_google_says_only_that_it_will_call(town: Town) -> None:
    """Its handshake (`X-Goog-Resource-State: sync`) wants no more than a 200."""
    keys = {"client_id": "x", "client_secret": "x", "refresh_token": "x"}
    town.listing("loft")
    town.connections["diary"] = {"channel": "google", "credentials": keys, "webhook_secret": SECRET}
    town.apply()
    head = {"X-Goog-Channel-Id": "loft", "X-Goog-Channel-Token": SECRET, "X-Goog-Message-Number": "1"}
    with serving(town, BridgeSettings()) as api:
        post(api, "google/webhook", b"", headers=head | {"X-Goog-Resource-State": "sync"})
        assert [request.subject for request in waiting(api)] == ["diary"]


def test_nothing_of_a_webhook_is_kept(api: Served) -> None:
    body = event(api)
    post(api, "hospitable/webhook", body, headers=signed(body))
    post(api, f"smoobu/webhook?key={SECRET}", b'{"data": {"guest": "a-guest-s-booking"}}')
    kept = b"".join(path.read_bytes() for path in api.town.home.path.rglob("*") if path.is_file())
    assert b"a-guest-s-booking" not in kept
    assert b"01GTKD6ZYFVQMR0RWP4HBBH" not in kept
    assert SECRET.encode() not in kept


def test_the_numbers_of_webhooks_are_in_the_store(api: Served) -> None:
    body = event(api)
    for _ in range(2):
        post(api, "hospitable/webhook", body, headers=signed(body))
    post(api, "hospitable/webhook", body, 401)
    with serving(api.town) as another:
        text = another.get("/metrics").text
    for what in ("received", "repeated", "refused"):
        assert f'rentalsync_webhooks_{what}_total{{channel="hospitable"}} 1.0\n' in text
    assert "rentalsync_webhooks_waiting 1.0\n" in text
    oldest = re.search(r"^rentalsync_oldest_webhook_timestamp_seconds (\S+)$", text, re.MULTILINE)
    assert oldest
    assert float(oldest[1]) == api.town.now.timestamp()
