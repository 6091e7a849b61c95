"""`doctor` finds what would break, says what to do, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.watching.doctor import Check, examine
from rentalsync_pipeline.operations.watching.examining_files import Patient
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
MAY_BE_MISSING = {"dagster": Level.WARN, "public_url": Level.WARN}
"""A town has no Dagster, and nobody serves its feeds."""


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync(minutes=0)
    return town


def checks(town: Town, *, hours: float = 0, env: Mapping[str, str] | None = None) -> dict[str, Check]:
    patient = Patient(town.home, str(town.home.feeds), env or {}, town.now + timedelta(hours=hours))
    return {check.name: check for check in examine(patient)}


def test_a_home_in_order_passes_every_check(loft: Town) -> None:
    found = checks(loft)
    assert {name: check.level for name, check in found.items()} == {
        name: MAY_BE_MISSING.get(name, Level.OK) for name in found
    }
    assert all(bool(check.remedy) == (check.level is not Level.OK) for check in found.values())


def _open(*parts: str, mode: int = 0o755) -> Callable[[Town], None]:
    return lambda town: town.home.folder.joinpath(*parts).chmod(mode)


def _remove(*parts: str) -> Callable[[Town], None]:
    return lambda town: town.home.folder.joinpath(*parts).unlink()


def _write(text: str, *parts: str) -> Callable[[Town], object]:
    return lambda town: town.home.folder.joinpath(*parts).write_text(text)


BROKEN: list[tuple[str, Callable[[Town], object], Level, str]] = [
    ("home", _open(".rentalsync"), Level.WARN, "chmod 700"),
    ("keys", _open(".rentalsync", "feed.key", mode=0o644), Level.FAIL, "chmod 600"),
    ("keys", _remove(".rentalsync", "secret.key"), Level.FAIL, "backup"),
    ("keys", _write("no key", ".rentalsync", "feed.key"), Level.FAIL, ""),
    ("control store", _remove(".rentalsync", "secret.key"), Level.FAIL, ""),
    ("secrets", _open("secrets.env", mode=0o640), Level.FAIL, "chmod 600"),
    ("public feeds", _write("{}", "feeds", "public", "manifest.json"), Level.FAIL, "move"),
    ("private feeds", _open("feeds", "private"), Level.FAIL, "chmod o="),
    ("configuration", _write("version: 2", "rentalsync.yaml"), Level.FAIL, "correct"),
    ("configuration", lambda town: town.home.config.unlink(), Level.FAIL, "correct"),
    ("warehouse", _write("no database", ".rentalsync", "warehouse.duckdb"), Level.FAIL, ""),
]


@pytest.mark.parametrize(("name", "spoil", "level", "remedy"), BROKEN)
def test_what_is_broken_is_found_with_what_to_do(
    loft: Town, name: str, spoil: Callable[[Town], object], level: Level, remedy: str
) -> None:
    spoil(loft)
    found = checks(loft)[name]
    assert found.level is level
    assert found.said
    assert remedy in found.remedy


def test_a_change_of_the_file_that_is_not_applied_is_found_and_stays_unapplied(loft: Town) -> None:
    text = loft.home.config.read_text(encoding="utf-8").replace("name: Loft", "name: Attic")
    loft.home.config.write_text(text, encoding="utf-8")
    assert checks(loft)["configuration"].level is Level.WARN
    assert checks(loft)["configuration"].remedy == "`rentalsync apply`"
    assert loft.stores.control.portfolio().listings[0].name == "Loft"


def test_a_variable_that_is_not_set_is_named(loft: Town) -> None:
    url = "https://calendars.example.com/x.ics"
    loft.home.secrets.write_text(f"LOFT={url}\n", encoding="utf-8")
    loft.connections["loft-airbnb"]["url"] = "${LOFT}"
    loft.apply()
    loft.home.secrets.write_text("", encoding="utf-8")
    assert "LOFT" in checks(loft)["variables"].said
    assert checks(loft, env={"LOFT": url})["variables"].level is Level.OK


def test_a_variable_of_an_alert_that_is_not_set_is_named(loft: Town) -> None:
    loft.home.secrets.write_text("HOOK=https://hooks.example.com/1\n", encoding="utf-8")
    loft.document["alerts"] = [{"webhook": "${HOOK}"}]
    loft.apply()
    assert checks(loft)["variables"].level is Level.OK
    loft.home.secrets.write_text("", encoding="utf-8")
    assert "HOOK" in checks(loft)["variables"].said


def test_a_clock_that_went_back_is_found(loft: Town) -> None:
    assert checks(loft, hours=-1)["clock"].level is Level.FAIL


def test_that_nothing_starts_syncs_is_found(loft: Town) -> None:
    assert checks(loft, hours=0.9)["schedule"].level is Level.OK
    assert checks(loft, hours=1.1)["schedule"].level is Level.WARN


def test_a_connection_without_a_fresh_answer_is_named(loft: Town) -> None:
    assert "loft-airbnb" in checks(loft, hours=2)["connections"].said


def test_a_log_that_was_put_back_is_found(loft: Town) -> None:
    assert "all as written" in checks(loft)["audit log"].said
    loft.home.audit_head.write_text("5" * 64)
    found = checks(loft)["audit log"]
    assert (found.level, "a noted head is not there" in found.said) == (Level.FAIL, True)


def test_feeds_in_a_folder_that_a_web_server_shows_as_a_whole_are_found(loft: Town) -> None:
    patient = Patient(loft.home, str(loft.home.folder / "public_html" / "feeds"), {}, loft.now)
    found = {check.name: check for check in examine(patient)}
    assert found["feeds"].level is Level.WARN
    assert found["public feeds"].level is Level.OK


def test_a_bucket_is_not_looked_for_on_the_disk(loft: Town) -> None:
    patient = Patient(loft.home, "s3://calendars", {}, loft.now)
    assert {check.level for check in examine(patient) if "feeds" in check.name} == {Level.OK}


def test_a_warehouse_in_use_is_left_to_its_sync(loft: Town) -> None:
    with sync_lock(loft.home.lock):
        found = checks(loft)["warehouse"]
    assert (found.level, found.said) == (Level.OK, "in use: a sync is running")
