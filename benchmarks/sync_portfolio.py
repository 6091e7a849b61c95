"""How long a sync takes, beside the nearest peer: `python benchmarks/sync_portfolio.py [LISTINGSxSTAYS …]`.

The whole job, as `rentalsync sync` runs it: Dagster's run, answers through all gates, matching, three feeds a
listing on the disk, the snapshot. Only the network is left out: calendars are files. Every sync has a
process of its own; its time counts from where the imports are done.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from rich.console import Console
from rich.table import Table

from rentalsync_pipeline.automation.running import run_sync
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.operations.dialects import Nights, airbnb, reservation

SIZES = ("50x365", "500x40")
PEER = {"50x365": {"first sync": "113", "nothing changed": "167"}}
"""Seconds of the nearest peer (peteroyce/rentalsync-bridge, SQLAlchemy rows one by one), measured on two
cores with the network faked by returning answers from memory."""
MORNING = datetime.fromisoformat("2026-11-20T08:00:00+00:00")


@dataclass(frozen=True)
class Cost:
    """What one sync took."""

    seconds: float
    cpu: float
    megabytes: float
    written: int


def main() -> None:
    """Print a table for each size."""
    for size in sys.argv[1:] or SIZES:
        columns = ("sync", "seconds", "CPU seconds", "peak MB", "feeds written", "the nearest peer")
        table = Table(*columns, title=f"Syncs, {size.replace('x', ' listings x ')} stays")
        for label, cost in syncs(*map(int, size.split("x"))):
            peer = PEER.get(size, {}).get(label, "")
            figures = f"{cost.seconds:.1f}", f"{cost.cpu:.1f}", f"{cost.megabytes:.0f}", f"{cost.written:,}"
            table.add_row(label, *figures, peer and f"{peer} s")
        Console().print(table)


def syncs(listings: int, stays: int) -> Iterator[tuple[str, Cost]]:
    """The syncs of one portfolio, one after the other."""
    with TemporaryDirectory() as folder:
        home = init(Path(folder)).home
        configure(home, listings)
        for nth, label in enumerate(("first sync", "nothing changed", "one booking changed")):
            moment = MORNING + timedelta(minutes=20 * nth)
            write_calendars(home.folder, listings, stays, moment, moved=label == "one booking changed")
            yield label, in_its_own_process(home, moment)


def configure(home: Home, listings: int) -> None:
    """A portfolio of listings with one calendar each."""
    document = {
        "version": 1,
        "defaults": {"timezone": "Europe/Rome"},
        "listings": [{"slug": f"home{n}", "name": f"Home {n}"} for n in range(listings)],
        "connections": [
            {"id": f"home{n}-airbnb", "channel": "airbnb", "listing": f"home{n}", "url": f"home{n}.ics"}
            for n in range(listings)
        ],
    }
    dump = yaml.dump(document, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
    home.config.write_text(dump, encoding="utf-8")
    control = ControlStore.open(home)
    apply(control, home.config, channels=channels().keys(), env={}, who="a benchmark", now=MORNING)
    control.close()


def write_calendars(folder: Path, listings: int, stays: int, moment: datetime, *, moved: bool) -> None:
    """The channel's exports, stamped anew; one stay of one listing is a night longer where one moved."""
    for home in range(listings):
        nights = [stay_of(home, stay) for stay in range(stays)]
        if moved and home == listings // 2:
            nights[-1] = nights[-1].moved(count=nights[-1].count + 1)
        calendar = airbnb(*nights).replace("{stamp}", f"{moment:%Y%m%dT%H%M%SZ}")
        (folder / f"home{home}.ics").write_text(calendar, encoding="utf-8", newline="")


def stay_of(home: int, stay: int) -> Nights:
    """Stays of two to six nights, with gaps, over the years to come."""
    first = MORNING.date() + timedelta(days=10 + 8 * stay)
    return reservation(f"HM{home:05}{stay:04}", first, 2 + (home + stay) % 5)


def in_its_own_process(home: Home, moment: datetime) -> Cost:
    """One sync in a fresh process, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as processes:
        return processes.submit(sync, home, moment).result()


def sync(home: Home, moment: datetime) -> Cost:
    """Run the whole job here, and measure it."""
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    began, cpu = time.perf_counter(), time.process_time()
    ran = run_sync(home, str(home.feeds), Scope(), moment, "a benchmark")
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    assert ran.success, ran.error
    assert not ran.outcome.troubled
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(seconds, spent, peak, ran.outcome.feeds_written)


if __name__ == "__main__":
    main()
