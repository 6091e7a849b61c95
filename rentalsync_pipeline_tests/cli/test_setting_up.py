"""From an empty folder to a configuration that counts: `init`, `add`, `apply`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo

TOKEN = "s=canary-4f1c77"
PASTED = f"https://www.airbnb.com/calendar/ical/4711.ics?{TOKEN}"
ADDED = ("add", PASTED, "--listing", "loft")


@pytest.fixture
def calendar(shell: Shell) -> Path:
    path = shell.folder / "vrbo.ics"
    path.write_text(vrbo(reservation("ben", "2026-12-03", 4, "Ben")), encoding="utf-8", newline="")
    return path


def written(shell: Shell) -> dict[str, list[dict[str, str]]]:
    document: dict[str, list[dict[str, str]]] = yaml.safe_load((shell.folder / "rentalsync.yaml").read_text())
    return document


def test_init_makes_what_is_missing_and_says_what_that_was(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    shell = Shell(folder / ".rentalsync")
    made = shell.json("init", str(folder))
    assert made["home"] == str(shell.home)
    assert {Path(path).name for path in made["made"]} >= {
        "rentalsync.yaml",
        "secrets.env",
        "secret.key",
        "feed.key",
    }
    assert shell.json("init", str(folder))["made"] == []
    assert shell("init", "--home", str(shell.home)).stdout.startswith("Everything was there.")


def test_a_pasted_url_becomes_a_connection_that_counts(shell: Shell) -> None:
    added = shell.json(*ADDED)
    assert added["added"]["channel"] == "airbnb"
    assert {(change["action"], change["id"]) for change in added["changes"]} >= {
        ("add", "loft"),
        ("add", "loft-airbnb"),
    }
    assert written(shell)["connections"][0]["url"] == "${ICAL_LOFT_AIRBNB}"
    assert TOKEN in (shell.folder / "secrets.env").read_text()
    (connection,) = shell.json("status")["connections"]
    assert (connection["connection"], connection["host"]) == ("loft-airbnb", "www.airbnb.com")


def test_adding_the_same_calendar_again_is_refused(shell: Shell) -> None:
    shell(*ADDED)
    before = (shell.folder / "rentalsync.yaml").read_bytes()
    assert "asks this very calendar already" in shell(*ADDED, code=64).stderr
    assert (shell.folder / "rentalsync.yaml").read_bytes() == before


def test_no_part_of_adding_shows_the_url(shell: Shell) -> None:
    for said in (shell(*ADDED), shell(*ADDED, code=64), shell("apply"), shell("status"), shell("doctor")):
        assert TOKEN not in said.output


def test_a_file_is_added_by_its_path(shell: Shell, calendar: Path) -> None:
    shell("add", str(calendar), "--listing", "loft", "--id", "loft-vrbo")
    assert written(shell)["connections"] == [
        {"id": "loft-vrbo", "channel": "ical", "listing": "loft", "url": "vrbo.ics"}
    ]


def test_apply_shows_what_it_does_and_a_dry_run_does_nothing(shell: Shell, calendar: Path) -> None:
    config = shell.folder / "rentalsync.yaml"
    config.write_text(
        "version: 1\ndefaults: {timezone: Europe/Rome}\nlistings: [{slug: loft, name: Loft}]\n"
        f"connections: [{{id: loft-vrbo, channel: fewo_direkt, listing: loft, url: {calendar.name}}}]\n"
    )
    planned = shell("apply", "--dry-run")
    assert "loft-vrbo" in planned.stdout
    assert "this was a dry run" in planned.stdout
    assert shell.json("status")["connections"] == []
    assert shell.json("apply")["applied"] is True
    assert len(shell.json("status")["connections"]) == 1
    assert "Everything is as in the file." in shell("apply").stdout


def test_a_mistake_names_the_line_and_changes_nothing(shell: Shell) -> None:
    shell(*ADDED)
    config = shell.folder / "rentalsync.yaml"
    config.write_text(config.read_text() + "nonsense: 1\n")
    line = len(config.read_text().splitlines())
    for words in (["apply"], ["apply", "--dry-run"]):
        assert f"rentalsync.yaml:{line}: nonsense: unknown key" in shell(*words, code=64).stderr
    assert len(shell.json("status")["connections"]) == 1


def test_what_left_the_file_is_told_and_pruned_only_on_demand(shell: Shell) -> None:
    shell(*ADDED)
    config = shell.folder / "rentalsync.yaml"
    config.write_text("version: 1\nlistings: [{slug: loft, name: Loft, timezone: Europe/Rome}]\n")
    assert "`--prune` takes it away" in " ".join(shell("apply").stdout.split())
    (kept,) = [each for each in shell.json("apply")["changes"] if each["table"] == "connections"]
    assert kept["action"] == "keep"
    (gone,) = [each for each in shell.json("apply", "--prune")["changes"] if each["table"] == "connections"]
    assert gone["action"] == "remove"


@pytest.mark.slow
def test_the_plan_counts_the_nights_that_stay_when_a_connection_goes(shell: Shell) -> None:
    calendar = shell.folder / "airbnb.ics"
    far = reservation("HMANNA2345", "2099-12-01", 3)
    calendar.write_text(airbnb(far), encoding="utf-8", newline="")
    shell("add", str(calendar), "--listing", "loft")
    shell("sync")
    (shell.folder / "rentalsync.yaml").write_text("version: 1\n")
    expected = [{"listing": "loft", "connection": "loft-ical", "nights": 3}]
    shell("apply")
    assert shell.json("apply", "--prune", "--dry-run")["orphaned"] == expected
    assert shell.json("apply", "--prune", "--dry-run", "--free-nights")["orphaned"] == []
