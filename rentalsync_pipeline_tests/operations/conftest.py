"""A town for each test, from a home that is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.operations.town import NewTown, Town


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    init(folder, env={})
    return folder


@pytest.fixture
def new_town(tmp_path: Path, template: Path) -> Iterator[NewTown]:
    """Makes towns, all with the same keys: new ones, or twins of another."""
    made: list[Town] = []

    def make(name: str, like: Town | None = None) -> Town:
        made.append(like.twin(tmp_path / name) if like else Town(tmp_path / name, template))
        return made[-1]

    yield make
    for town in made:
        town.close()


@pytest.fixture
def town(new_town: NewTown) -> Town:
    return new_town("town")
