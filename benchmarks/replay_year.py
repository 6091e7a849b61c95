"""A year of a portfolio, replayed from raw: the bytes must be those that were published.

`python benchmarks/replay_year.py --days 365`; two weeks without, as a year must be lived first: sync by sync,
with faults, moves, renamings, quarantines and killed syncs.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.replaying.replay import Rules, replay
from rentalsync_pipeline_tests.operations.eventful import Eventful
from rentalsync_pipeline_tests.operations.town import Town


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=50)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--hours", type=int, default=24, help="between two syncs, on average")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        init(Path(folder), env={})
        town = Town(Path(folder))
        life = Eventful(town, asked.listings, asked.seed, minutes=(15, 120 * asked.hours - 15))
        began, worked, end = perf_counter(), process_time(), town.now + timedelta(days=asked.days)
        while town.now < end:
            life.tick(things=asked.hours // 4)
        tell(f"lived {asked.days} days of {asked.listings} listings", began, worked)
        began, worked = perf_counter(), process_time()
        again = replay(town.stores.control, town.now, Rules.CURRENT, town.now)
        tell(f"replayed {again.syncs} syncs", began, worked)
        town.close()
    same = sum(feed.is_identical for feed in again.feeds)
    print(f"{same} of {len(again.feeds)} feeds are the very bytes, {len(again.differences)} differences")
    print(", ".join(f"{name} {count}" for name, count in Counter(life.happened).most_common()))
    sys.exit(same != len(again.feeds))


def tell(what: str, began: float, worked: float) -> None:
    print(f"{what} in {perf_counter() - began:.0f} s, of the processor {process_time() - worked:.0f} s")


if __name__ == "__main__":
    main()
