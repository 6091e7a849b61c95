"""`rentalsync up` as a host lives with it, and an account of his at a simulated manager that calls.

All of it is real: the processes, the ports, the clock.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import yaml

from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.webhooks import SENDERS
from rentalsync_pipeline_tests.simulators.world import Room, World, village

SECRET = "canary-of-webhooks-0123456789"
PATIENCE = 120
_LOOK = 0.02


@dataclass
class Alive:
    """One listing, its account, and where webhooks go."""

    home: Path
    smoobu: Smoobu
    port: int

    def sell(self, days: int) -> int:
        """Sell a night so many days from now; gives the number of the booking."""
        world = self.smoobu.world
        world.now = datetime.now(UTC)
        arrival = date.today() + timedelta(days=days)  # noqa: DTZ011 a night of the future, whatever the zone
        return world.book("airbnb", Room("house-01", arrival, arrival + timedelta(days=1))).number

    def call(self, number: int) -> int:
        """Have the manager call because of a booking; gives the status of the answer."""
        url = f"http://127.0.0.1:{self.port}/api/integrations/smoobu/webhook"
        return SENDERS["smoobu"].call(self.smoobu, number, url, SECRET).send()

    def shows(self, number: int) -> bool:
        """Whether the owner's calendar has that booking."""
        found = list((self.home.parent / "feeds" / "private").glob("house-01-owner-*.ics"))
        code = self.smoobu.world.booking(number).code
        return bool(found) and code in found[0].read_text(encoding="utf-8").replace("\n ", "")

    def answers(self) -> bool:
        """Whether the HTTP side is there."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def until(happens: Callable[[], bool]) -> float:
    """The seconds until it has happened."""
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < PATIENCE, "it did not happen"
        time.sleep(_LOOK)
    return time.monotonic() - began


@contextmanager
def alive(folder: Path) -> Iterator[Alive]:
    """Live with it for the length of the block, once the first sync has published."""
    shell, smoobu = Shell(init(folder, env={}).home.path), Smoobu(World(village(1), datetime.now(UTC)))
    with smoobu.serving() as url, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = Alive(shell.home, smoobu, probe.getsockname()[1])
        probe.close()
        (folder / "rentalsync.yaml").write_text(yaml.safe_dump(_portfolio(smoobu, url)))
        shell("apply")
        first = here.sell(1)
        words = ("up", "--no-ui", "--http-port", str(here.port))
        with shell.started(*words, RENTALSYNC_API_KEY="0" * 32) as program:
            until(here.answers)
            until(lambda: here.shows(first))
            try:
                yield here
            finally:
                program.terminate()
                program.communicate(timeout=PATIENCE)


def _portfolio(smoobu: Smoobu, url: str) -> dict[str, object]:
    """Asked once an hour: what shows sooner, a webhook has brought."""
    account = {
        "id": "office",
        "channel": "smoobu",
        "credentials": {"api_key": smoobu.key},
        "base_url": url,
        "listings": {str(smoobu.apartment(home)["id"]): slug for slug, home in smoobu.world.listings.items()},
        "interval": "60m",
        "webhook_secret": SECRET,
    }
    listings = [{"slug": slug, "timezone": "Europe/Rome"} for slug in smoobu.world.listings]
    return {"version": 1, "listings": listings, "connections": [account]}
