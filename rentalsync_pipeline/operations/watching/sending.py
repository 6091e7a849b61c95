"""Telling somebody: webhooks, e-mail, a command; and the heartbeat.

Belongs here: how each kind of place is reached. Does not: what is worth a message
(`operations.watching.telling`). Nothing here raises, prints an address, or takes longer than ten seconds: an
alert must not make the trouble worse.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from threading import Thread
from time import monotonic
from urllib.error import HTTPError
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import Request, urlopen

from rentalsync_pipeline.control.state import Alert
from rentalsync_pipeline.core.secret import Secret

_SECONDS = 10
_SUBJECT = 100
"""Characters of a subject line."""


def send(places: Iterable[Alert], text: str, report: Callable[[str], object]) -> int:
    """Tell all places at once; returns how many took it, and `report` hears of the others."""
    errands = [_Errand(place, text) for place in places]
    for errand in errands:
        errand.start()
    end = monotonic() + _SECONDS
    for errand in errands:
        errand.join(max(0.0, end - monotonic()))
    for errand in errands:
        if errand.fault:
            report(f"the {errand.place.kind} at {errand.place.where} was not reached: {errand.fault}")
    return sum(errand.fault is None for errand in errands)


class _Errand(Thread):
    """One place, told in a thread that is left alone when the time is up."""

    def __init__(self, place: Alert, text: str) -> None:
        super().__init__(daemon=True)
        self.place, self._text = place, text
        self.fault: str | None = f"no answer within {_SECONDS} s"

    def run(self) -> None:
        try:
            _WAYS[self.place.kind](self.place, self._text)
        except HTTPError as error:
            error.close()
            self.fault = f"HTTP {error.code}"
        except Exception as error:
            self.fault = type(error).__name__
        else:
            self.fault = None


def _post(place: Alert, text: str) -> None:
    """The form that Slack, Mattermost, Discord's Slack address and Home Assistant take."""
    body = json.dumps({"text": text}).encode()
    _call(place.url, body, {"Content-Type": "application/json"})


def _ping(place: Alert, _text: str) -> None:
    _call(place.url, None, {})


def _call(url: Secret | None, body: bytes | None, headers: dict[str, str]) -> None:
    address = url.reveal() if url else ""
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError("a variable may hold anything; only the web is called")
    with urlopen(Request(address, data=body, headers=headers), timeout=_SECONDS):  # noqa: S310 checked above
        pass


def _mail(place: Alert, text: str) -> None:
    server = urlsplit(place.url.reveal() if place.url else "")
    user = unquote(server.username or "")
    message = EmailMessage()
    message["Subject"] = f"RentalSync: {text.partition(chr(10))[0]}"[:_SUBJECT]
    message["From"] = user if "@" in user else place.to[0]
    message["To"] = ", ".join(place.to)
    message.set_content(text)
    trust = ssl.create_default_context()
    with _connected(server, trust) as connection:
        connection.ehlo()
        if server.scheme == "smtp" and (user or connection.has_extn("starttls")):
            connection.starttls(context=trust)  # and never a password without it
        if user:
            connection.login(user, unquote(server.password or ""))
        connection.send_message(message)


def _connected(server: SplitResult, trust: ssl.SSLContext) -> smtplib.SMTP:
    """`smtps` speaks TLS from the start; `smtp` changes to it."""
    host = server.hostname or ""
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=_SECONDS, context=trust)
    return smtplib.SMTP(host, server.port or 587, timeout=_SECONDS)


def _run(place: Alert, text: str) -> None:
    subprocess.run(  # noqa: S603 the owner's own command, never a shell
        place.command,
        input=text.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=True,
    )


_WAYS: Mapping[str, Callable[[Alert, str], None]] = {
    "webhook": _post,
    "smtp": _mail,
    "command": _run,
    "heartbeat": _ping,
}
"""By kind of place."""
