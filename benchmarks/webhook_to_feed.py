"""From a webhook to the calendar: `python benchmarks/webhook_to_feed.py [WEBHOOKS]`.

`rentalsync up` runs beside a simulated manager, all on this machine. A night is sold there, its webhook sent
at some moment between two looks of the daemon, and the clock runs until the owner's file has the booking.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from rentalsync_pipeline_tests.automation.alive import Alive, alive, until

WEBHOOKS = 20
BETWEEN_LOOKS = 5.0


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else WEBHOOKS
    dice = Random(1)
    with TemporaryDirectory() as folder, alive(Path(folder)) as here:
        measured = [measure(here, 10 + 2 * number, dice) for number in range(count)]
    table = Table("", "half", "95 of 100", "slowest", title=f"{count} webhooks, seconds")
    for name, times in zip(("answered", "published"), zip(*measured, strict=True), strict=True):
        ordered = sorted(times)
        shown = (ordered[count // 2], ordered[min(count * 95 // 100, count - 1)], ordered[-1])
        table.add_row(name, *(f"{each:.2f}" for each in shown))
    Console().print(table)


def measure(here: Alive, days: int, dice: Random) -> tuple[float, float]:
    """Seconds until the answer, and until the calendar has it."""
    time.sleep(dice.uniform(0, BETWEEN_LOOKS))
    sold, began = here.sell(days), time.monotonic()
    assert here.call(sold) == 200
    answered = time.monotonic() - began
    until(lambda: here.shows(sold))
    return answered, time.monotonic() - began


if __name__ == "__main__":
    main()
