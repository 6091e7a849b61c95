"""`demo --world`: a day in it, with the truth beside what is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.cli import cli, world


def demo(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ("demo", "--world", "--home", str(home), *words))


@pytest.mark.slow
def test_a_day_in_the_world_is_published_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "DAYS", 1)
    monkeypatch.setattr(windows, "AHEAD", 1)
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    home = tmp_path / "world" / ".rentalsync"
    played = demo(home, "--json")
    assert played.exit_code == 0, played.output
    (day,) = json.loads(played.stdout)["days"]
    assert day["bookings"] > 24
    assert (day["wrongly_free"], day["unseen"]) == (0, 0)
    assert len(list((tmp_path / "world" / "feeds" / "public").glob("*-busy-*.ics"))) == 9
    again = demo(home)
    assert again.exit_code == 64
    assert "is not empty" in again.stderr


def test_the_world_needs_a_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rentalsync_pipeline.cli.demo.CLONE", tmp_path)
    refused = demo(tmp_path / "world" / ".rentalsync")
    assert refused.exit_code == 64
    assert "needs a clone" in refused.stderr
