"""The units, the crontab line and the bucket policy: read by the programs that they are for."""

from __future__ import annotations

import fnmatch
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from rentalsync_pipeline_tests.deploy.servers import DEPLOY

PROGRAM = "/opt/rentalsync/.venv/bin/rentalsync"
SERVICES = (
    "rentalsync-up.service",
    "rentalsync-sync.service",
    "rentalsync-maintenance.service",
    "rentalsync-serve.service",
)
TIMERS = ("rentalsync-sync.timer", "rentalsync-maintenance.timer")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with a program that is there on any machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    for name in SERVICES:
        unit = folder / name
        unit.write_text(unit.read_text().replace(PROGRAM, "/bin/true"))
    return folder


def _analyze(units: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments],
        env={"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_understands_every_line_of_a_unit(units: Path, name: str) -> None:
    said = _analyze(units, "verify", str(units / name))
    assert said.returncode == 0
    assert "rentalsync" not in said.stdout + said.stderr  # it has nothing to say about ours


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_touch_little_more_than_the_network_and_its_own_folder(units: Path, name: str) -> None:
    said = _analyze(units, "security", "--offline=true", "--threshold=20", str(units / name))
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    ("name", "rings"),
    [
        ("rentalsync-sync.timer", ("2026-11-20 08:15:00", "2026-11-20 08:30:00")),
        ("rentalsync-maintenance.timer", ("2026-11-21 03:30:00", "2026-11-22 03:30:00")),
    ],
)
def test_the_timers_ring_every_quarter_of_an_hour_and_every_night(
    units: Path, name: str, rings: tuple[str, ...]
) -> None:
    timer = (units / name).read_text()
    (calendar,) = [line.partition("=")[2] for line in timer.splitlines() if line.startswith("OnCalendar=")]
    said = _analyze(units, "calendar", "--base-time=2026-11-20 08:01:00 UTC", "--iterations=2", calendar)
    assert all(ring in said.stdout for ring in rings)


def _cron_lines() -> dict[str, tuple[str, str]]:
    """When, and the command, of each job, by what it does."""
    lines = (DEPLOY / "cron/rentalsync").read_text().splitlines()
    jobs = [line.split(None, 6) for line in lines if line[:1] not in {"#", "", "S"}]
    assert {user for *_, user, _ in jobs} == {"rentalsync"}
    named = {
        "maintenance" if "maintenance" in command else "sync": (when, command) for *when, _, command in jobs
    }
    return {name: (" ".join(when), command) for name, (when, command) in named.items()}


def test_cron_syncs_every_quarter_of_an_hour_and_looks_after_the_home_every_night() -> None:
    lines = _cron_lines()
    assert {name: when for name, (when, _) in lines.items()} == {
        "sync": "*/15 * * * *",
        "maintenance": "30 3 * * *",
    }
    assert not any("%" in command for _, command in lines.values())  # cron would end the command there


@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (2, ""), (1, "nothing went well\n")])
def test_cron_mails_only_a_sync_that_failed_altogether(tmp_path: Path, code: int, mailed: str) -> None:
    program = tmp_path / "rentalsync"
    program.write_text(f"#!/bin/sh\necho nothing went well\nexit {code}\n")
    program.chmod(0o755)
    command = _cron_lines()["sync"][1].replace(PROGRAM, shlex.quote(str(program)))
    command = command.replace("/var/lib/rentalsync", shlex.quote(str(tmp_path)))
    said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert said.stdout == mailed
    assert (tmp_path / "sync.log").read_text() == "nothing went well\n"


@pytest.mark.parametrize(
    ("key", "readable"),
    [
        ("public/loft-busy-a.ics", True),
        ("robots.txt", True),
        ("private/loft-owner-b.ics", False),
        ("manifest.json", False),
        ("public/", False),
    ],
)
def test_a_bucket_shows_the_world_its_public_feeds_alone(key: str, *, readable: bool) -> None:
    (statement,) = json.loads((DEPLOY / "s3/public-feeds.json").read_text())["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    allowed = [fnmatch.fnmatchcase(f"arn:aws:s3:::BUCKET/{key}", arn) for arn in statement["Resource"]]
    assert any(allowed) is readable
