"""A doubtful answer on a real home: it is told everywhere, and a person ends it."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import dagster as dg
import pytest

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.definitions import build_defs
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import settle

pytestmark = pytest.mark.slow

LATER = ("--as-of", "2026-11-20T09:00:00+01:00")


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The example portfolio, in which one calendar has lost all but its first event."""
    shell = Shell(settle(tmp_path_factory.mktemp("doubtful") / "portfolio").path)
    shell("apply")
    shell("sync", "--as-of", "2026-11-20T08:00:00+01:00", code=2)
    (file,) = shell.folder.rglob("villa-abritel.ics")
    head, first, *_ = re.split(r"(?=BEGIN:VEVENT)", file.read_text(encoding="utf-8"))
    file.write_text(f"{head}{first}END:VCALENDAR\r\n", encoding="utf-8", newline="")
    shell("sync", *LATER, code=2)
    return shell


@pytest.fixture
def shell(doubtful: Shell, tmp_path: Path) -> Shell:
    """A copy of it for each test to decide in."""
    return Shell(copytree(doubtful.folder, tmp_path / "portfolio") / doubtful.home.name)


def test_it_is_told_by_every_command_and_in_the_ui(shell: Shell) -> None:
    said = shell("status", *LATER).stdout
    assert "villa-abritel: bookings would vanish" in said
    (held,) = shell.json("quarantine", "list")
    assert (held["connection"], held["decision"], held["resolved"]) == ("villa-abritel", None, None)
    assert "villa-abritel" in shell("quarantine", "list").stdout
    shown = shell.json("quarantine", "show", "1", *LATER)
    assert shown["changes"]
    assert {each["listing"] for each in shown["changes"]} == {"villa-etoile"}
    assert "on release" in shell("quarantine", "show", "1", *LATER).stdout
    with instance_of(Home(shell.home)) as instance:
        key = dg.AssetCheckKey(keys.key("bookings"), "no_quarantine")
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    evaluation = record.event.asset_check_evaluation
    assert evaluation is not None
    assert not evaluation.passed


@pytest.mark.parametrize(("decision", "stands"), [("release", 0), ("reject", 1)])
def test_a_person_decides_and_the_next_sync_carries_it_out(shell: Shell, decision: str, stands: int) -> None:
    assert shell.json("quarantine", decision, "1")["connection"] == "villa-abritel"
    said = shell("sync", "--due", *LATER, code=2 if stands else 0).stdout
    assert "more: `rentalsync status`" not in said
    assert len(shell.json("quarantine", "list")) == stands
    assert len(shell.json("quarantine", "list", "--all")) == 1


def test_what_does_not_stand_is_wrong_usage(shell: Shell) -> None:
    shell("quarantine", "release", "99", code=64)
    shell("quarantine", "show", "99", code=64)


def test_the_job_of_the_ui_queues_the_same_request(shell: Shell) -> None:
    said = {"connection": "villa-abritel", "decision": Decision.RELEASE.name, "home": str(shell.home)}
    job = build_defs().resolve_job_def(keys.DECIDE)
    with instance_of(Home(shell.home)) as instance:
        done = job.execute_in_process(
            run_config={"ops": {"queue_decision": {"config": said}}}, instance=instance
        )
    assert done.success
    control = ControlStore.open(Home(shell.home))
    (request,) = control.waiting()
    control.close()
    assert (request.kind, request.subject) == ("quarantine_release", "villa-abritel")
