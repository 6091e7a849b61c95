"""A home of one's own for each test: the example portfolio, applied, on a Dagster instance of its own.

Belongs here: what the tests of assets, automation and the UI share. Everything in it is real.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dagster as dg
import yaml

from rentalsync_pipeline.automation.running import Ran, run_sync
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.stores import Scope

EXAMPLES = Path(__file__).parent.parent / "examples"
MORNING = datetime.fromisoformat("2026-11-20T08:00:00+01:00")
"""The moment that the example calendars were made for."""


@dataclass(frozen=True)
class Estate:
    """One home and its Dagster instance."""

    home: Home
    instance: dg.DagsterInstance

    @property
    def feeds(self) -> Path:
        return self.home.folder / "feeds"

    def apply(self, at: datetime = MORNING) -> None:
        """Apply the configuration as it stands."""
        control = ControlStore.open(self.home)
        apply(control, self.home.config, channels=set(channels()), env=os.environ, who="a test", now=at)
        control.close()

    def sync(self, at: datetime = MORNING, scope: Scope | None = None) -> Ran:
        """Run the whole job here and now."""
        return run_sync(self.home, str(self.feeds), scope or Scope(), at, "a test")

    @contextmanager
    def sync_elsewhere(self) -> Iterator[subprocess.Popen[bytes]]:
        """A sync in a process of its own, ended when the block ends if it did not end by itself."""
        script = (
            "import sys; from datetime import datetime; from pathlib import Path;"
            "from rentalsync_pipeline.automation.running import run_sync;"
            "from rentalsync_pipeline.control.home import find_home;"
            "from rentalsync_pipeline.operations.stores import Scope;"
            "_, home, feeds, at = sys.argv;"
            "run_sync(find_home(home), feeds, Scope(), datetime.fromisoformat(at), 'a test')"
        )
        arguments = [str(self.home.path), str(self.feeds), MORNING.isoformat()]
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", script, *arguments])
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def point(self, connection: str, url: str) -> None:
        """Let a connection of the configuration point at another URL, on this machine if need be."""
        document = yaml.safe_load(self.home.config.read_text(encoding="utf-8"))
        document["settings"]["allow_private"] = ["127.0.0.1"]
        (entry,) = [entry for entry in document["connections"] if entry["id"] == connection]
        entry["url"] = url
        self.home.config.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")

    def calendar(self, name: str) -> Path:
        """The file of one of the example's calendars."""
        return self.home.folder / "calendars" / f"{name}.ics"

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Every published file with its bytes and modification time."""
        found = (path for path in self.feeds.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.feeds)): (path.read_bytes(), path.stat().st_mtime_ns) for path in found
        }

    def events(self, run_id: str, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
        """The events of that kind that a run logged."""
        records = self.instance.all_logs(run_id, of_type=kind)
        return [record.dagster_event for record in records if record.dagster_event]

    def partition_events(self, run_id: str) -> dict[str, str]:
        """Which partitions a run told: `channel/connection` or `listing_feed/slug` to the event's kind."""
        kinds = (dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.ASSET_OBSERVATION)
        return {
            f"{event.asset_key.path[-1]}/{event.partition}": kind.value
            for kind in kinds
            for event in self.events(run_id, kind)
            if event.partition and event.asset_key
        }

    def checks(self, run_id: str) -> dict[str, dg.AssetCheckEvaluation]:
        """The evaluated checks of a run, by name."""
        found = [
            event.asset_check_evaluation_data
            for event in self.events(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        ]
        return {evaluation.check_name: evaluation for evaluation in found}


def settle(folder: Path) -> Home:
    """Copy the example portfolio and make a home of it."""
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns(".rentalsync", "feeds"))
    return init(folder).home
