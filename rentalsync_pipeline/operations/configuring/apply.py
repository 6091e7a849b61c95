"""`apply`: make the control store hold what a `rentalsync.yaml` says.

Belongs here: the one transaction around reading, merging and writing. Does not: the rules of each
(`control.written.config`, `control.written.merge`, `control.configuration`). A file with a problem changes
nothing, and neither does a dry run. Taking a connection away never frees a night (domain, absence): its
future nights stay until another source shows them, unless `free_nights` asks the next sync to let them go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from rentalsync_pipeline.control.configuration import Configuration
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import config, merge
from rentalsync_pipeline.control.written.document import CONNECTIONS
from rentalsync_pipeline.control.written.merge import Action, Plan
from rentalsync_pipeline.operations.asking import FREE_NIGHTS, RENAME


def apply(  # noqa: PLR0913 the options of one command
    store: ControlStore,
    path: Path,
    *,
    channels: Collection[str],
    env: Mapping[str, str],
    who: str,
    now: datetime,
    dry_run: bool = False,
    prune: bool = False,
    free_nights: bool = False,
) -> Plan:
    """Apply a file and return what that changed, or would change.

    Raises:
        ConfigError: the file has problems; all of them.
        DanglingError: it doesn't fit together with what was configured by other means.
    """
    document = config.load(path, channels=channels, env=env)
    with store.configuring(who, now, env) as configuration:
        stored = configuration.stored()
        plan = merge.plan(configuration.applied(), document, stored, prune=prune)
        if not dry_run:
            configuration.replace(stored, plan.result)
            configuration.remember(plan.remembered)
            _tell_the_next_sync(configuration, plan, free_nights)
    return plan


def _tell_the_next_sync(configuration: Configuration, plan: Plan, free_nights: bool) -> None:
    """Leave what only a sync can do, as it alone opens the warehouse."""
    for table, names in plan.result.renamed.items():
        for new, old in names.items():
            configuration.ask(RENAME, new, {"table": table, "old": old})
    for connection in plan.ids(Action.REMOVE, CONNECTIONS) if free_nights else ():
        configuration.decide(FREE_NIGHTS, connection)
