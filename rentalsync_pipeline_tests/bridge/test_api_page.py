"""docs/how-to/call-the-api.md, played from its first line to its last with real curl."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.bridge.jwts import SECRET, SWITCHED_ON
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.bridge.transcripts import steps, unlike
from rentalsync_pipeline_tests.operations.dialects import reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.world import World, village

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "call-the-api.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


@pytest.fixture
def vendor(town: Town) -> Iterator[Cloudbeds]:
    """Where a person has yet to agree to what the page's account lets us do."""
    cloudbeds = Cloudbeds(World(village(2, rooms=2), town.now))
    with cloudbeds.serving() as url:
        client = {"client_id": "nobody", "client_secret": "nothing"}
        town.connections["hotel"] = {
            "channel": "cloudbeds",
            "credentials": client,
            "base_url": url,
            "listings": {},
        }
        yield cloudbeds


@pytest.fixture
def served(town: Town, vendor: Cloudbeds) -> Iterator[Served]:
    """The page's portfolio, synced once; its calendars are where its API is, and a daemon looks for work."""
    loft = "downtown-loft"
    town.listing(loft, name="Downtown Loft", timezone="America/New_York", feed={"token": False})
    town.apply()
    for room in ("garden", "tower"):
        town.listing(room, feed={"token": False})
    town.listing("villa", rooms=["garden", "tower"])
    town.apply()
    town.listing("attic", enabled=False, feed={"token": False})
    calendar = vrbo(reservation("v1", "2026-12-05", 2, "Erika Musterfrau"))
    town.connect(f"{loft}-vrbo", calendar, channel="fewo_direkt", listing=loft)
    with serving(town, SWITCHED_ON) as served:
        town.document["public_url"] = served.url
        town.apply()
        town.sync(scope=Scope(connections=(f"{loft}-vrbo",)))
        town.stores.control.record_look(town.now)
        vendor.world.now = town.now
        yield served


@pytest.fixture
def env(served: Served, vendor: Cloudbeds, tmp_path: Path) -> dict[str, str]:
    """What the page takes for given: tokens, secrets, the code with which a vendor sends a browser back."""
    town, programs = served.town, tmp_path / "bin"
    programs.mkdir()
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    roles = {"TOKEN": Role.ADMIN, "GUEST": Role.READ}
    given = {
        name: grant(town.stores.control, name.lower(), role, "a test", town.now)[1].reveal()
        for name, role in roles.items()
    }
    return {
        **os.environ,
        **given,
        "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
        "SUPABASE_JWT_SECRET": SECRET,
        "CLIENT_SECRET": vendor.client["client_secret"],
        "CODE": vendor.codes.new(town.now),
    }


def test_every_answer_is_as_the_page_tells_it(served: Served, env: dict[str, str]) -> None:
    told = list(steps(PAGE, served.url.removeprefix("http://")))
    assert unlike(told, env) == {}
    assert len(told) > 40
