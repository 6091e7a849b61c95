"""Errors that a user can do something about, and the exit code of each.

Belongs here: one table. What is not in it is a fault of this program, and shows where it happened.
"""

from __future__ import annotations

from rentalsync_pipeline.bridge.settings import BridgeError
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.control.home import HomeNotFound
from rentalsync_pipeline.control.store import ClockError
from rentalsync_pipeline.control.vault import VaultError
from rentalsync_pipeline.control.written.files import TooOpenError
from rentalsync_pipeline.control.written.merge import DanglingError
from rentalsync_pipeline.control.written.problems import ConfigError
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.operations.configuring.connect import AddError
from rentalsync_pipeline.operations.configuring.options import OptionsError
from rentalsync_pipeline.operations.configuring.setup import SetupError
from rentalsync_pipeline.operations.configuring.webhooks import NotOursError
from rentalsync_pipeline.operations.keeping.packing import ArchiveError
from rentalsync_pipeline.operations.lock import SyncRunning
from rentalsync_pipeline.operations.looking.versions import NoVersionError
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.replaying.replay import ReplayError
from rentalsync_pipeline.operations.syncing.settle import UnresolvableError
from rentalsync_pipeline.operations.trying.history_files import HistoryError
from rentalsync_pipeline.warehouse.version import OutdatedError
from rentalsync_pipeline.warehouse.warehouse import WarehouseBusy

_CODES: dict[type[Exception], Exit] = {
    AddError: Exit.USAGE,
    ArchiveError: Exit.FAILED,
    BridgeError: Exit.USAGE,
    ClockError: Exit.USAGE,
    ConfigError: Exit.USAGE,
    DanglingError: Exit.USAGE,
    HistoryError: Exit.USAGE,
    HomeNotFound: Exit.USAGE,
    MissingVariable: Exit.USAGE,
    NoVersionError: Exit.USAGE,
    NotOursError: Exit.USAGE,
    OptionsError: Exit.USAGE,
    ReplayError: Exit.USAGE,
    SetupError: Exit.USAGE,
    TooOpenError: Exit.USAGE,
    UnknownError: Exit.USAGE,
    UnresolvableError: Exit.USAGE,
    VaultError: Exit.USAGE,
    OutdatedError: Exit.FAILED,
    SyncRunning: Exit.FAILED,
    WarehouseBusy: Exit.FAILED,
}


def exit_of(error: Exception) -> Exit | None:
    """The exit code of an expected error; `None` for a fault."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
