"""What each channel's webhooks are known by: bodies in the shape that the vendors' documents show."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rentalsync_pipeline.channels.registry import channels, webhook_of
from rentalsync_pipeline.channels.webhooks import REPLAYED
from rentalsync_pipeline.channels.wire.proofs import Message, SharedSecret, Signature, SvixSignature
from rentalsync_pipeline.core.secret import Secret

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
CREATED = "2026-11-20T07:59:58Z"
SECRET = Secret("canary")


def message(told: Any, **headers: str) -> Message:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Message(named, json.dumps(told).encode(), SECRET.reveal())


KNOWN_BY_ID = {
    "hospitable": (
        message({"id": "01GTKD6ZYFVQMR0RWP4HBBHNZC", "action": "reservation.changed", "created": CREATED}),
        message({"id": "01GTKD6ZYFVQMR0RWP4HBBHNZD", "action": "reservation.changed", "created": CREATED}),
    ),
    "guesty": (
        message({"event": "reservation.updated.v2"}, svix_id="msg_1", svix_timestamp="1"),
        message({"event": "reservation.updated.v2"}, svix_id="msg_2", svix_timestamp="1"),
    ),
    "google": (
        message("", x_goog_channel_id="loft", x_goog_message_number="1"),
        message("", x_goog_channel_id="loft", x_goog_message_number="2"),
    ),
}
KNOWN_BY_DATE: dict[str, dict[str, Any]] = {
    "cloudbeds": {"event": "reservation/created", "timestamp": 1795161598.5, "reservationID": "1"},
    "beds24": {"timeStamp": "2026-11-20T07:59:58", "booking": {"id": 1}},
    "channex": {"event": "booking", "timestamp": "2026-11-20T07:59:58.571988Z", "property_id": "1"},
}
KNOWN_BY_NOTHING = {
    "lodgify": {"action": "booking_change", "booking": {"id": 1}},
    "hostaway": {"object": "reservation", "event": "reservation.updated", "data": {"id": 1}},
    "smoobu": {"action": "updateReservation", "data": {"id": 1}},
    "ownerrez": {"action": "entity_update", "entity_type": "booking", "entity_id": 1},
    "airbnb": {},
}


@pytest.mark.parametrize("channel", KNOWN_BY_ID)
def test_an_id_tells_one_from_another(channel: str) -> None:
    one, other = (webhook_of(channel).event(each) for each in KNOWN_BY_ID[channel])
    assert one[1]
    assert other[1]
    assert one != other


@pytest.mark.parametrize("channel", KNOWN_BY_DATE)
def test_where_there_is_no_id_a_body_with_a_date_does(channel: str) -> None:
    webhook, told = webhook_of(channel), KNOWN_BY_DATE[channel]
    assert webhook.event(message(told))[1]
    assert webhook.event(message(told)) != webhook.event(message(told | {"more": 1}))


@pytest.mark.parametrize("channel", KNOWN_BY_NOTHING)
def test_where_there_is_neither_the_same_may_mean_something_new(channel: str) -> None:
    event, is_once = webhook_of(channel).event(message(KNOWN_BY_NOTHING[channel]))
    assert event
    assert not is_once


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"id": ""}', b"[" * 100_000, b'{"created": "soon"}'])
def test_a_body_that_is_not_as_documented_is_known_by_its_bytes(body: bytes) -> None:
    event, is_once = webhook_of("hospitable").event(Message({}, body))
    assert len(event) == 64
    assert not is_once


@pytest.mark.parametrize("channel", KNOWN_BY_DATE)
def test_what_is_older_than_we_remember_is_refused(channel: str) -> None:
    webhook, sent = webhook_of(channel), message(KNOWN_BY_DATE[channel])
    assert webhook.proves(sent, SECRET, NOW)
    assert not webhook.proves(sent, SECRET, NOW + REPLAYED)
    assert not webhook.proves(sent, SECRET, NOW - REPLAYED - timedelta(minutes=1))


def test_who_signs_is_held_to_the_signature() -> None:
    signing = {
        name: type(webhook_of(name).proof)
        for name in channels()
        if type(webhook_of(name).proof) is not SharedSecret
    }
    assert signing == {"guesty": SvixSignature, "hospitable": Signature, "lodgify": Signature}
    assert not webhook_of("hospitable").proves(message({}, x_webhook_secret="canary"), SECRET, NOW)


def test_while_a_new_secret_takes_an_old_one_s_place_both_count() -> None:
    sent = message({})
    assert webhook_of("smoobu").proves(sent, Secret(f"new,{SECRET.reveal()}"), NOW)
    assert not webhook_of("smoobu").proves(sent, Secret("new,,"), NOW)
    assert not webhook_of("smoobu").proves(Message({}, b"{}"), Secret(",,"), NOW)
