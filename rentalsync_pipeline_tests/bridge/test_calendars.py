"""Calendars over HTTP, as calendar programs ask for them."""

from __future__ import annotations

import os
import random
from base64 import b32encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

BROWSER = {"Accept-Encoding": "gzip, br", "Origin": "https://example.com", "Accept": "text/html"}


@pytest.fixture
def street(town: Town) -> Town:
    """A listing with a token, one with a fixed slug, one that is disabled: all were published."""
    town.listing("loft", name="Dachgeschoß Süd")
    town.listing("cabin", name="Cabin", feed={"token": False})
    town.listing("attic")
    for slug in ("loft", "cabin", "attic"):
        town.connect(f"{slug}-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    return town


def _path(town: Town, slug: str, audience: str = "owner") -> str:
    file = town.path(slug, audience)
    assert file
    return f"/ical/{file.name}"


def _file(town: Town, slug: str) -> Path:
    file = town.path(slug, "owner")
    assert file
    return file


def test_a_calendar_is_served_as_it_lies_there(street: Town) -> None:
    with serving(street) as served:
        answer = served.get(_path(street, "loft"), headers=BROWSER)
    assert answer.content == _file(street, "loft").read_bytes()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "max-age=300"
    assert (
        answer.headers["Content-Disposition"]
        == "inline; filename=\"loft.ics\"; filename*=UTF-8''Dachgescho%C3%9F%20S%C3%BCd.ics"
    )


def test_a_fixed_slug_is_an_address_of_its_own(street: Town) -> None:
    with serving(street) as served:
        answer = served.get("/ical/cabin.ics")
        assert answer.headers["Content-Disposition"] == 'inline; filename="cabin.ics"'
        assert answer.content == served.get("/ical/cabin-owner.ics").content
        assert b"Not available" in served.get("/ical/cabin-busy.ics").content


def test_the_addresses_that_listings_prints_work_too(street: Town) -> None:
    with serving(street) as served:
        served.get(f"/private/{_file(street, 'loft').name}")
        served.get(_path(street, "loft", "busy").replace("/ical/", "/public/"))


def test_who_has_this_version_gets_304_although_the_bytes_cannot_be_read(street: Town) -> None:
    path, file = _path(street, "loft"), _file(street, "loft")
    with serving(street) as served:
        first = served.get(path)
        etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert not etag.startswith("W/")
        # What can't be read is not read: the name, its size and its times are all that is left of the file.
        stat = file.stat()
        with file.open("r+b") as opened:
            opened.write(b"\0" * stat.st_size)
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        for condition in (
            {"If-None-Match": etag},
            {"If-None-Match": f'"other", W/{etag}'},
            {"If-None-Match": "*"},
            {"If-Modified-Since": modified},
        ):
            answer = served.get(path, 304, headers=condition)
            assert answer.content == b""
            assert answer.headers["ETag"] == etag
        head = served.ask("HEAD", path)
    assert (head.headers["Content-Length"], head.headers["ETag"]) == (str(len(first.content)), etag)
    assert head.content == b""


def test_who_has_another_version_gets_this_one(street: Town) -> None:
    path = _path(street, "loft")
    with serving(street) as served:
        old = served.get(path).headers
        street.show(loft_airbnb=airbnb(reservation("HMAAAAAAA1", "2026-12-01", 4)))
        street.sync()
        for condition in (
            {"If-None-Match": old["ETag"]},
            {"If-None-Match": old["ETag"], "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
            {"If-Modified-Since": "Fri, 01 Jan 2010 00:00:00 GMT"},
            {"If-Modified-Since": "yesterday"},
        ):
            answer = served.get(path, headers=condition)
            assert answer.headers["ETag"] != old["ETag"]


def test_unknown_withdrawn_and_disabled_get_the_same_answer(street: Town) -> None:
    with serving(street, BridgeSettings(feeds_only=True)) as served:
        rotated, disabled = _path(street, "loft"), _path(street, "attic")
        served.get(rotated)
        served.get(disabled)
        street.stores.control.rotate("loft", "a test", street.now)
        street.listing("attic", enabled=False)
        street.apply()
        street.now += timedelta(minutes=1)  # a busy machine works names out anew more seldom
        answers = [
            served.get(path, 404) for path in (rotated, disabled, "/ical/never.ics", "/ical/loft-owner.ics")
        ]
    assert len({(answer.text, str(sorted(_without_date(answer).items()))) for answer in answers}) == 1
    assert answers[0].text == "Calendar not found or not enabled"
    assert answers[0].headers["Content-Type"].startswith("text/plain")


def _without_date(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


def test_a_room_has_a_calendar_behind_the_slug_of_its_house(town: Town) -> None:
    town.listing("villa", rooms=["east", "west"])
    town.listing("east", feed={"token": False})
    town.listing("west", enabled=False, feed={"token": False})
    town.connect("east-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    with serving(town) as served:
        assert served.get("/ical/villa/east.ics").content == served.get("/ical/east.ics").content
        assert b"20261201" in served.get(_path(town, "villa")).content
        for path in ("/ical/villa/west.ics", "/ical/villa/villa.ics", "/ical/east/east.ics"):
            served.get(path, 404)
        (villa,) = [each for each in _listings(served) if each["ical_url_slug"] == "villa"]
        rooms = served.get(f"/api/listings/{villa['id']}/rooms").json()
    assert [(room["ical_url_slug"], room["enabled"]) for room in rooms["rooms"]] == [
        ("east", True),
        ("west", False),
    ]


def _listings(served: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.get("/api/listings").json()["listings"]
    return found


def test_names_that_climb_are_no_names(street: Town) -> None:
    with serving(street) as served:
        for path in ("/ical/..%2Fmanifest.ics", "/ical/%2e%2e.ics", "/ical/.ics", "/public/../manifest.json"):
            served.get(path, 404)
        served.get("/ical/manifest.json", 404)


def test_the_old_address_works_during_its_overlap_and_ends_with_it(street: Town) -> None:
    old = _path(street, "loft")
    street.stores.control.rotate("loft", "a test", street.now, street.now + timedelta(hours=1))
    street.sync()
    with serving(street) as served:
        assert served.get(old).content
        street.now += timedelta(hours=2)
        served.get(old, 404)


def test_a_page_of_another_site_may_ask_for_a_calendar_and_for_nothing_else(street: Town) -> None:
    asking = {"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}
    with serving(street) as served:
        allowed = served.ask("OPTIONS", _path(street, "loft"), 204, headers=asking).headers
        assert allowed["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in allowed["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Origin" not in served.get("/api/status").headers
        assert "Disallow" not in served.get("/robots.txt").text


def test_a_million_random_names_find_nothing(street: Town) -> None:
    chance = random.Random(20261120)
    with serving(street) as served:
        look = served.app.state.bridge.shelf.look
        assert look("cabin")
        names = (b32encode(chance.randbytes(17))[:26].decode().lower() for _ in range(1_000_000))
        assert not any(look(f"loft-owner-{name}") for name in names)


def test_looking_for_what_never_was_takes_as_long_as_for_what_is_disabled(street: Town) -> None:
    disabled = _path(street, "attic").removeprefix("/ical/").removesuffix(".ics")
    unknown = disabled[:-1] + ("a" if disabled[-1] != "a" else "b")
    street.listing("attic", enabled=False)
    street.apply()
    with serving(street) as served:
        shelf = served.app.state.bridge.shelf
        times = [(_time(shelf.look, disabled), _time(shelf.look, unknown)) for _ in range(20_000)]
    assert 0.5 < median(a for a, _ in times) / median(b for _, b in times) < 2


def _time(look: Callable[[str], object], name: str) -> float:
    began = perf_counter()
    assert look(name) is None
    return perf_counter() - began
