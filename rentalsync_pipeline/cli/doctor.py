"""`doctor`."""

from __future__ import annotations

import os
from datetime import datetime

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, feeds_option, now
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.health import Level, worst
from rentalsync_pipeline.operations.watching.doctor import examine
from rentalsync_pipeline.operations.watching.examining_files import Patient


@command("doctor", "rentalsync doctor")
@feeds_option
@as_of_option("Examine as if it were this moment.")
def run(desk: Desk, feeds: str | None, as_of: datetime | None) -> Exit:
    """What would break: keys, folders, clock, stores, configuration; each with what to do.

    Asks no channel and changes nothing. Ends with 1 where something fails.
    """
    home = desk.home()
    checks = examine(Patient(home, find_feeds(home, feeds), os.environ, now(as_of)))
    rows = [(check.level, check.name, check.said, check.remedy) for check in checks]
    desk.answer(checks, lambda: output.show_table(("", "check", "found", "to do"), rows))
    is_broken = worst(check.level for check in checks) is Level.FAIL
    return Exit.FAILED if is_broken else Exit.SUCCESS
