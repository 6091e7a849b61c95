"""The exit codes, and nothing else: whoever ends a command imports this."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, for scripts and monitors."""

    SUCCESS = 0
    FAILED = 1
    PARTIAL = 2
    """A connection failed, or is quarantined; the others are done."""
    USAGE = 64
    """Wrong usage or configuration (EX_USAGE of sysexits.h); click's own 2 is taken."""
