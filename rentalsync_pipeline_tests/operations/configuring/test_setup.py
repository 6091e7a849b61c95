from __future__ import annotations

import stat
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dotenv import dotenv_values

from rentalsync_pipeline.control.home import Home, find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import config
from rentalsync_pipeline.operations.configuring.setup import SetupError, init

CHANNELS = ("airbnb", "ical")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that people may read or edit, by name."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".db" not in path.name
    }


def test_a_fresh_folder_gets_everything_that_a_portfolio_needs(tmp_path: Path) -> None:
    setup = init(tmp_path / "portfolio", env={})

    assert setup.home == Home((tmp_path / "portfolio" / ".rentalsync").resolve())
    assert sorted(str(path.relative_to(tmp_path / "portfolio")) for path in setup.made) == [
        ".env",
        ".gitignore",
        ".rentalsync/dagster/dagster.yaml",
        ".rentalsync/feed.key",
        ".rentalsync/secret.key",
        "rentalsync.yaml",
        "secrets.env",
    ]
    assert find_home(env={}, cwd=tmp_path / "portfolio") == setup.home
    assert ControlStore.open(setup.home, {}).portfolio({}).listings == ()


def test_nothing_secret_can_be_read_by_others(tmp_path: Path) -> None:
    home = init(tmp_path, env={}).home
    private = (home.keys, home.feed_key, home.secrets, home.path, home.dagster)
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private} == {0}


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path, env={})
    before = contents(tmp_path)
    assert init(tmp_path, env={}).made == ()
    assert contents(tmp_path) == before


def test_what_users_have_written_stays_and_only_the_lines_that_lack_are_added(tmp_path: Path) -> None:
    (tmp_path / "rentalsync.yaml").write_text("version: 1\n")
    (tmp_path / "secrets.env").write_text("A=b\n")
    (tmp_path / ".gitignore").write_text("*.pyc\nsecrets.env")
    (tmp_path / ".env").write_text("DAGSTER_HOME=/elsewhere\n")
    made = init(tmp_path, env={}).made

    assert (tmp_path / "rentalsync.yaml").read_text() == "version: 1\n"
    assert (tmp_path / "secrets.env").read_text() == "A=b\n"
    assert (tmp_path / ".gitignore").read_text() == "*.pyc\nsecrets.env\n.rentalsync/\n.env\nfeeds/\n"
    assert dotenv_values(tmp_path / ".env") == {
        "DAGSTER_HOME": "/elsewhere",
        "RENTALSYNC_HOME": str(tmp_path / ".rentalsync"),
    }
    assert {path.name for path in made} >= {".env", ".gitignore", "secret.key"}
    assert not {path.name for path in made} & {"rentalsync.yaml", "secrets.env"}


def test_the_configuration_that_it_writes_is_right_as_it_stands(tmp_path: Path) -> None:
    document = config.load(init(tmp_path, env={}).home.config, channels=CHANNELS, env={})
    assert not document.rows("listings")
    assert not document.rows("connections")


def test_the_examples_in_its_comments_are_right_too(tmp_path: Path) -> None:
    file = init(tmp_path, env={}).home.config
    lines = [
        line.replace("  # ", "  ", 1) if line.startswith("  # ") else line
        for line in file.read_text().split("\n")
    ]
    file.write_text("\n".join(lines))
    document = config.load(file, channels=CHANNELS, env={"LOFT_AIRBNB": "x"})
    assert list(document.rows("connections")) == ["loft-airbnb"]


def test_dagster_takes_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "with space"
    home = init(folder, env={}).home
    environment = dotenv_values(folder / ".env")
    assert environment == {"DAGSTER_HOME": str(home.dagster), "RENTALSYNC_HOME": str(home.path)}

    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    with DagsterInstance.get() as instance:
        assert instance.telemetry_enabled is False
        assert instance.nux_enabled is False
        assert instance.run_monitoring_enabled is True
        assert instance.root_directory == str(home.dagster)
        assert instance.get_runs() == []


@pytest.mark.parametrize("lost", ["feed.key", "secret.key"])
def test_a_home_that_lost_a_key_gets_no_new_one(tmp_path: Path, lost: str) -> None:
    """A new feed key would change every feed's URL."""
    home = init(tmp_path, env={}).home
    (home.path / lost).unlink()
    with pytest.raises(SetupError, match="backup"):
        init(tmp_path, env={})
    assert not (home.path / lost).exists()


def test_a_key_of_the_environment_needs_no_file(tmp_path: Path) -> None:
    env = {"RENTALSYNC_SECRET_KEY": "ab" * 32}
    home = init(tmp_path, env=env).home
    assert not home.keys.exists()
    assert init(tmp_path, env=env).made == ()
    ControlStore.open(home, env).close()
