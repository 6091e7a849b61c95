"""A signal that comes while many are asked at once is never lost."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from threading import Thread
from typing import Any

import pytest

from rentalsync_pipeline.operations import interruptible


class Interrupted(BaseException):
    """What a listener makes of a signal, as Dagster does."""


@pytest.fixture(autouse=True)
def listener() -> Iterator[Callable[..., None]]:
    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGINT, interrupt)
    yield interrupt
    signal.signal(signal.SIGINT, before)


def send() -> None:
    signal.raise_signal(signal.SIGINT)


async def in_a_callback() -> None:
    asyncio.get_running_loop().call_soon(send)
    await asyncio.sleep(60)


async def in_a_task_of_a_group() -> None:
    async def interrupted() -> None:
        send()
        await asyncio.sleep(60)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupted())
        group.create_task(asyncio.sleep(60))


async def while_waiting() -> None:
    """From without, as a terminal or a service manager sends it."""
    sender = Thread(target=os.kill, args=(os.getpid(), signal.SIGINT))
    asyncio.get_running_loop().call_later(0.01, sender.start)
    await asyncio.sleep(60)


async def at_the_very_end() -> None:
    send()


@pytest.mark.parametrize("interrupted", [in_a_callback, in_a_task_of_a_group, while_waiting, at_the_very_end])
def test_a_signal_ends_it_wherever_it_falls_and_is_heard(
    interrupted: Callable[[], Coroutine[Any, Any, None]], listener: Callable[..., None]
) -> None:
    with pytest.raises(Interrupted):
        interruptible.run(interrupted())
    assert signal.getsignal(signal.SIGINT) is listener


def test_without_a_signal_it_is_a_plain_run() -> None:
    assert interruptible.run(asyncio.sleep(0, "done")) == "done"


def test_beside_the_main_thread_nobody_else_s_signals_are_touched() -> None:
    found: list[str] = []
    thread = Thread(target=lambda: found.append(interruptible.run(asyncio.sleep(0, "done"))))
    thread.start()
    thread.join()
    assert found == ["done"]
