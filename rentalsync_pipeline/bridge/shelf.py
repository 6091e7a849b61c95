"""The calendars that are served, found by name and told apart without reading them.

Belongs here: the two memories that make a poll cheap: which names there are, and which version of a file
has which ETag. Does not: HTTP (`feeds`), what has a name (`operations.looking.addresses`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from time import perf_counter

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.looking.addresses import Address, addresses
from rentalsync_pipeline.publishing.store import FeedStore

_FRESH = timedelta(seconds=1)
_SHARE = 50
"""Names are worked out anew after a second, or after so many times what that took: a large portfolio must not
keep the server busy with them."""
_AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """A calendar as it is published now; `etag` is quoted, as HTTP writes it."""

    address: Address
    etag: str
    modified: datetime
    size: int


class Shelf:
    """All calendars of a home; safe for many threads."""

    def __init__(self, control: ControlStore, feeds: str, now: Callable[[], datetime]) -> None:
        self._control, self._store, self._now = control, FeedStore(feeds), now
        self._names: Mapping[str, Address] = {}
        self._until = _AT_ONCE
        self._refreshing = Lock()
        self._etags: dict[str, tuple[str, str]] = {}

    def look(self, name: str) -> Edition | None:
        """The calendar of that name; `None` where there is none. Read only if this version never was."""
        address = self._address(name)
        stamp = self._store.stamp(address.file) if address else None
        if address is None or stamp is None:
            return None
        version, etag = self._etags.get(address.file, ("", ""))
        if version != stamp.version:
            etag = _etag(self._store.read(address.file) or b"")
            self._etags[address.file] = (stamp.version, etag)
        return Edition(address, etag, stamp.modified, stamp.size)

    def read(self, edition: Edition) -> tuple[bytes, str] | None:
        """Its bytes and their ETag, which is another one where a sync has published meanwhile."""
        data = self._store.read(edition.address.file)
        return None if data is None else (data, _etag(data))

    def forget(self) -> None:
        """Work the names out anew at the next question: the configuration has changed."""
        self._until = _AT_ONCE

    def _address(self, name: str) -> Address | None:
        """By its whole name in one look-up, which takes the same time for every name that is none."""
        if self._now() >= self._until and self._refreshing.acquire(blocking=not self._names):
            try:
                self._refresh()
            finally:
                self._refreshing.release()
        return self._names.get(name)

    def _refresh(self) -> None:
        began = perf_counter()
        self._names = addresses(self._control.feed_secret(), self._control.portfolio(), self._now())
        took = timedelta(seconds=perf_counter() - began)
        self._until = self._now() + max(_FRESH, _SHARE * took)


def _etag(data: bytes) -> str:
    return f'"{sha256(data).hexdigest()[:32]}"'
