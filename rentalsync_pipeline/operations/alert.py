"""Telling somebody: webhooks for trouble.

Belongs here: sending one message to every place configured. Does not: deciding what is worth a message.
An alert that can't be sent is reported, never raised: it must not make the trouble worse.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from urllib.error import URLError
from urllib.request import Request, urlopen

from rentalsync_pipeline.control.state import Alert

_SECONDS = 10


def alert(places: Iterable[Alert], text: str, report: Callable[[str], object]) -> int:
    """POST `{"text": …}` to each webhook, a form that Slack, Mattermost, ntfy and Home Assistant take.

    Returns how many took it; `report` hears of the others, by host.
    """
    taken = 0
    for place in places:
        if place.kind != "webhook":
            continue
        request = Request(  # noqa: S310 http and https only: configuration allows nothing else
            place.url.reveal(),
            data=json.dumps({"text": text}).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urlopen(request, timeout=_SECONDS):  # noqa: S310
                taken += 1
        except (URLError, OSError, ValueError) as error:
            report(f"an alert to {place.url.host} was not taken: {type(error).__name__}")
    return taken
