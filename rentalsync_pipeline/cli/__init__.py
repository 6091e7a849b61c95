"""Floor 6: the command line.

Belongs here: commands, thin: options, one verb of a lower floor, and how its answer looks in a terminal.
Does not: any decision. A command is one module of this package and one line of `COMMANDS`.
"""

from __future__ import annotations

import sys
import warnings

import click

from rentalsync_pipeline import __version__
from rentalsync_pipeline.cli.group import Commands

COMMANDS = {
    "init": "Make a portfolio: configuration, keys and home.",
    "options": "A portfolio of a Home Assistant add-on's options.",
    "add": "Add a pasted calendar URL, or a file.",
    "apply": "Make rentalsync.yaml count; shows the plan first.",
    "sync": "From the channels to the feeds, now.",
    "up": "Live with it: syncs on schedule, Dagster's pages.",
    "serve": "Calendars and the API over HTTP.",
    "token": "Who may use the API.",
    "status": "How it stands with every connection.",
    "listings": "Listings, and the addresses of their feeds.",
    "explain": "Why a night is busy or free, down to the answer.",
    "changes": "Which nights became busy or free.",
    "conflicts": "Double bookings.",
    "connections": "Ask the channels for real; find an account's rooms.",
    "webhooks": "Have channels call when something happens.",
    "quarantine": "Answers that are not believed.",
    "feeds": "List feeds, rotate addresses, roll back.",
    "replay": "The feeds of any past moment, in a folder.",
    "backtest": "How policies would have done on a history.",
    "audit": "Who changed what, and proof of it.",
    "doctor": "What would break: keys, folders, clock, stores.",
    "maintenance": "Forget guests of the past, tidy up, win space.",
    "backup": "Everything of a home, in one file.",
    "restore": "A home out of a backup.",
    "demo": "Play the example portfolio, or days in a world.",
}
"""Each command with its line in the help; its module bears its name."""


@click.command(cls=Commands, commands_and_lines=COMMANDS, context_settings={"max_content_width": 100})
@click.version_option(__version__)
@click.option("--home", metavar="DIR", help="The home of the portfolio; see below.")
def cli(home: str | None) -> None:
    """Calendars of every booking channel in, one calendar per listing out.

    The home is `--home` (here or behind the command), else RENTALSYNC_HOME, else the `.rentalsync` beside the
    nearest rentalsync.yaml in this folder or above.

    Exit codes: 0 all is well, 2 in part (a connection failed or is
    quarantined), 1 failed, 64 wrong usage or configuration.
    """


def main() -> None:
    """The console script. Python's warnings are for developers, who ask for them with `-W`."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    cli.main(prog_name="rentalsync")
