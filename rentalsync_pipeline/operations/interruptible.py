"""Asking many at once, so that whoever interrupts it is always heard.

Belongs here: what becomes of a signal while an event loop runs. Does not: who sends one, what an interrupt
means to whoever called (Dagster turns it into an error of the step).
An exception that a signal handler raises inside a loop is lost where it falls into one of the loop's own
callbacks, which only log it, and arrives as an exception group where it falls into a task of a group.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it to its end. A signal cancels it, and once the loop has ended reaches who listened before."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(coroutine)
    came: list[int] = []
    try:
        return asyncio.run(_cancelled_by_signals(coroutine, came))
    finally:
        if came:
            signal.raise_signal(came[0])


async def _cancelled_by_signals(coroutine: Coroutine[Any, Any, T], came: list[int]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 a coroutine runs in one

    def note(number: int, _frame: object) -> None:
        came.append(number)
        loop.call_soon_threadsafe(task.cancel)

    listening = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        return await coroutine
    finally:
        for number, handler in listening.items():
            signal.signal(number, handler or signal.SIG_DFL)
