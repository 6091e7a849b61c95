"""`sync` ends with what happened, in words, in JSON and as an exit code."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline_tests.cli.conftest import AS_OF
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.operations.dialects import Nights, airbnb, reservation

pytestmark = pytest.mark.slow

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
LATER = ("--as-of", "2026-11-20T08:15:00+01:00")


@pytest.fixture
def loft(shell: Shell) -> Shell:
    """One listing, one calendar."""
    show(shell, ANNA)
    shell("add", str(shell.folder / "airbnb.ics"), "--listing", "loft", "--id", "loft-airbnb")
    return shell


def show(shell: Shell, *nights: Nights) -> None:
    (shell.folder / "airbnb.ics").write_text(airbnb(*nights), encoding="utf-8", newline="")


def files(shell: Shell) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (shell.folder / "feeds").rglob("*.*")}


def counts(done: dict[str, Any]) -> dict[str, int]:
    (row,) = done["run"]["outcome"]["connections"]
    return {name: row[name] for name in ("created", "updated", "cancelled", "unchanged")}


def test_a_first_sync_publishes_and_a_second_changes_nothing(loft: Shell) -> None:
    first = loft.json("sync", *AS_OF)
    assert counts(first) == {"created": 1, "updated": 0, "cancelled": 0, "unchanged": 0}
    assert first["run"]["outcome"]["feeds_written"] == 3
    (changed,) = first["run"]["outcome"]["changes"]
    assert (changed["first_night"], changed["last_night"], changed["became"]) == (
        "2026-12-01",
        "2026-12-03",
        "busy",
    )
    before = files(loft)
    second = loft.json("sync", *LATER)
    assert counts(second) == {"created": 0, "updated": 0, "cancelled": 0, "unchanged": 1}
    assert second["run"]["outcome"]["feeds_written"] == 0
    assert files(loft) == before
    assert "No feed changed." in loft("sync", *LATER).stdout


def test_a_sync_ends_with_a_table_in_plain_text(loft: Shell) -> None:
    said = loft("sync", *AS_OF)
    assert "loft-airbnb" in said.stdout
    assert "2026-12-01 … 2026-12-03" in said.stdout
    assert "No double bookings." in said.stdout
    assert "3 feeds written." in said.stdout
    assert "\x1b" not in said.output
    assert said.stderr == f"home {loft.home}\n"


def test_a_connection_that_fails_makes_it_partial_and_says_why(loft: Shell) -> None:
    (loft.folder / "empty.ics").write_bytes(b"")
    loft("add", str(loft.folder / "empty.ics"), "--listing", "loft", "--id", "loft-empty")
    said = loft("sync", *AS_OF, code=2)
    assert "loft-empty: an empty answer" in said.stdout
    assert "3 feeds written." in said.stdout
    (broken, _) = loft.json("sync", *LATER, code=2)["run"]["outcome"]["connections"]
    assert (broken["connection"], broken["verdict"]) == ("loft-empty", "failed")


def test_only_what_is_named_is_asked(loft: Shell) -> None:
    loft("add", str(_copy(loft, "other.ics")), "--listing", "cabin", "--id", "cabin-other")
    assert asked(loft.json("sync", *AS_OF, "--connection", "cabin-other")) == ["cabin-other"]
    assert asked(loft.json("sync", *LATER, "--listing", "loft")) == ["loft-airbnb"]


def asked(done: dict[str, Any]) -> list[str]:
    return [row["connection"] for row in done["run"]["outcome"]["connections"]]


def _copy(shell: Shell, name: str) -> Path:
    path = shell.folder / name
    path.write_bytes((shell.folder / "airbnb.ics").read_bytes())
    return path


def test_when_nothing_is_due_no_run_is_started(loft: Shell) -> None:
    loft("sync", *AS_OF)
    soon = ("--as-of", "2026-11-20T08:05:00+01:00")
    assert loft.json("sync", "--due", *soon)["run"] is None
    assert "Nothing is due." in loft("sync", "--due", *soon).stdout
    assert loft.json("sync", "--due", *LATER)["run"]["success"] is True


def test_a_clock_before_the_last_sync_is_refused_before_there_is_a_run(loft: Shell) -> None:
    loft("sync", *LATER)
    runs = set((loft.home / "dagster" / "history" / "runs").iterdir())
    assert "later than" in loft("sync", *AS_OF, code=64).stderr
    assert set((loft.home / "dagster" / "history" / "runs").iterdir()) == runs
    loft("sync", *LATER)


def test_another_sync_is_waited_for(loft: Shell) -> None:
    held = sync_lock(Home(loft.home).lock)
    held.__enter__()
    said = loft("sync", *AS_OF, "--wait", "0", code=1)
    assert "another sync is running: waiting for it" in said.stderr
    assert "error: another sync of this home is running" in said.stderr
    threading.Timer(1, held.__exit__, (None, None, None)).start()
    loft("sync", *AS_OF, "--wait", "60")


def test_a_run_that_fails_says_so_in_one_message_without_a_traceback(loft: Shell) -> None:
    loft("sync", *AS_OF)
    (loft.folder / "feeds" / "private").rename(loft.folder / "kept")
    (loft.folder / "feeds" / "private").write_text("in the way")
    show(loft, ANNA, BEN)
    said = loft("sync", *LATER, code=1)
    errors = said.stderr.splitlines()
    assert [line.partition(" ")[0] for line in errors] == ["home", "error:", "The"]
    assert "rentalsync up" in errors[2]
    assert "Traceback" not in said.output
    failed = loft.json("sync", *LATER, code=1)["run"]
    assert (failed["success"], bool(failed["error"])) == (False, True)
    (loft.folder / "feeds" / "private").unlink()
    (loft.folder / "kept").rename(loft.folder / "feeds" / "private")
    assert loft.json("sync", *LATER)["run"]["success"] is True
    (owner,) = (loft.folder / "feeds" / "private").glob("*.ics")
    assert b"HMBENN2345" in owner.read_bytes()


def test_feeds_go_where_they_are_told_to(loft: Shell) -> None:
    elsewhere = loft.folder / "elsewhere"
    loft("sync", *AS_OF, "--feeds", str(elsewhere))
    assert len(list(elsewhere.glob("p*/*.ics"))) == 3
    (listing,) = loft.json("listings", "--feeds", str(elsewhere))
    assert all(Path(feed["address"]).is_file() for feed in listing["feeds"])


def test_a_rotated_feed_has_a_new_address_after_the_next_sync(loft: Shell) -> None:
    loft("sync", *AS_OF)
    old = {feed["name"] for feed in loft.json("feeds", "list")}
    assert loft.json("feeds", "rotate", "loft", "--at-once")["generation"] == 1
    rotated = loft.json("feeds", "list")
    assert old.isdisjoint(feed["name"] for feed in rotated)
    assert not any(feed["is_published"] for feed in rotated)
    outcome = loft.json("sync", *LATER)["run"]["outcome"]
    assert (outcome["feeds_written"], outcome["feeds_removed"]) == (3, 3)
    names = {
        str(path.relative_to(loft.folder / "feeds")) for path in (loft.folder / "feeds").glob("p*/*.ics")
    }
    assert names == {feed["name"] for feed in loft.json("feeds", "list")}
