from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.control.home import Home, HomeNotFound, find_feeds, find_home


def a_portfolio(folder: Path) -> Path:
    """A folder with a configuration and its home."""
    (folder / ".rentalsync").mkdir(parents=True)
    (folder / "rentalsync.yaml").write_text("version: 1\n")
    return folder / ".rentalsync"


def test_the_nearest_configuration_above_decides(tmp_path: Path) -> None:
    a_portfolio(tmp_path)
    nearest = a_portfolio(tmp_path / "hosts" / "anna")
    deeper = tmp_path / "hosts" / "anna" / "notes" / "2026"
    deeper.mkdir(parents=True)

    assert find_home(env={}, cwd=deeper).path == nearest
    assert find_home(env={}, cwd=tmp_path / "hosts").path == tmp_path / ".rentalsync"


def test_the_option_goes_before_the_variable_and_that_before_the_folder(tmp_path: Path) -> None:
    here, named, given = (a_portfolio(tmp_path / name) for name in ("here", "named", "given"))
    env = {"RENTALSYNC_HOME": str(named)}

    assert find_home(str(given), env=env, cwd=here.parent).path == given
    assert find_home(env=env, cwd=here.parent).path == named
    assert find_home(env={"RENTALSYNC_HOME": ""}, cwd=here.parent).path == here


def test_a_relative_option_counts_from_the_working_folder(tmp_path: Path) -> None:
    home = a_portfolio(tmp_path / "here")
    assert find_home("here/.rentalsync", env={}, cwd=tmp_path).path == home


@pytest.mark.parametrize("has_config", [True, False])
def test_without_a_home_the_error_says_how_to_make_one(tmp_path: Path, has_config: bool) -> None:
    if has_config:
        (tmp_path / "rentalsync.yaml").touch()
    with pytest.raises(HomeNotFound, match="rentalsync init"):
        find_home(env={}, cwd=tmp_path)


@pytest.mark.parametrize("variable", ["RENTALSYNC_DATABASE_URL", "DATABASE_URL"])
def test_another_database_is_named_by_the_environment_and_not_shown(tmp_path: Path, variable: str) -> None:
    path = a_portfolio(tmp_path)
    url = "postgresql+psycopg://me:hush@db/control"
    home = find_home(str(path), env={variable: url})

    assert home.control_url == url
    assert "hush" not in repr(home)


def test_everything_lies_in_the_home_or_beside_it() -> None:
    home = Home(Path("/srv/anna/.rentalsync"))

    assert home.control_url == "sqlite:////srv/anna/.rentalsync/control.db"
    inside = (home.warehouse, home.snapshot, home.bodies, home.spool, home.lock, home.keys, home.feed_key)
    assert {path.parent for path in inside} == {home.path}
    assert {home.config, home.secrets, home.feeds} == {
        Path("/srv/anna/rentalsync.yaml"),
        Path("/srv/anna/secrets.env"),
        Path("/srv/anna/feeds"),
    }


def test_feeds_go_where_they_are_sent() -> None:
    home = Home(Path("/srv/anna/.rentalsync"))

    assert find_feeds(home, env={}) == "/srv/anna/feeds"
    assert find_feeds(home, env={"RENTALSYNC_FEEDS": "s3://feeds"}) == "s3://feeds"
    assert find_feeds(home, "gs://mine", env={"RENTALSYNC_FEEDS": "s3://feeds"}) == "gs://mine"
