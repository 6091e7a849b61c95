"""Receiving webhooks: from a message to a request for a sync of the connections that it is for.

Belongs here: which connections a message is for. Does not: proofs (`channels.wire.proofs`), starting the sync
(the sensor `due`). Whether a webhook comes late, doubled or in another order than things happened makes no
difference: nothing that it says is used, so all that it can do is to have the channel asked.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from rentalsync_pipeline.channels.registry import channels, webhook_of
from rentalsync_pipeline.channels.wire.proofs import Message
from rentalsync_pipeline.control.inbox import Received
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.asking import WEBHOOK
from rentalsync_pipeline.operations.reading import UnknownError

_NOBODYS = Secret(secrets.token_hex())
"""Tried where there is no other, so that a connection that is not there takes as long as a wrong proof."""


class UnprovenError(Exception):
    """A webhook that is for no connection of ours: forged, from long ago, or for one that is not there."""


def receive(control: ControlStore, channel: str, name: str | None, message: Message, now: datetime) -> bool:
    """Take a webhook in, for the connection `name`, else for all of the channel whose secret its proof shows.

    Returns `False` for one that was taken in before. Raises `UnprovenError`, and `UnknownError` where there
    is no such channel.
    """
    if channel not in channels():
        raise UnknownError("Channel not found")
    webhook, known = webhook_of(channel), control.inbox.secrets(channel)
    tried = {name: known.get(name, _NOBODYS)} if name else known or {"": _NOBODYS}
    woken = tuple(each for each, secret in tried.items() if webhook.proves(message, secret, now))
    if not woken:
        control.inbox.refuse(channel)
        raise UnprovenError
    event, is_once = webhook.event(message)
    asked_by = f"a webhook of {channels()[channel].title}"
    return control.inbox.take_in(Received(channel, woken, event, is_once), WEBHOOK, asked_by, now)
