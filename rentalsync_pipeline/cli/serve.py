"""`serve`."""

from __future__ import annotations

import os

import click
import uvicorn

from rentalsync_pipeline.bridge.app import create_app
from rentalsync_pipeline.bridge.server import SERVER, settle
from rentalsync_pipeline.bridge.settings import BridgeSettings, refuse_open_doors
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.configuring.access import counts

_LOOPBACK = "127.0.0.1"


@command("serve", "rentalsync serve --host 0.0.0.0 --feeds-only")
@click.option("--host", metavar="ADDRESS", help="To be reachable by others; else this machine only.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Of this server."
)
@click.option("--feeds-only", is_flag=True, help="Nothing but calendars and /health: needs no key.")
@feeds_option
def run(desk: Desk, host: str | None, port: int, feeds_only: bool, feeds: str | None) -> None:
    """Serve the calendars, and the API for machines, until Ctrl-C. It starts no sync: that is what `up` does.

    Whoever calls the API presents a token of `rentalsync token create`, or the key in RENTALSYNC_API_KEY.
    """
    address = host or _LOOPBACK
    settings = BridgeSettings.of(os.environ | ({"RENTALSYNC_FEEDS_ONLY": "true"} if feeds_only else {}))
    with desk.control() as control:
        home, has_tokens = control.home, counts(control)
    refuse_open_doors(settings, address, has_tokens=has_tokens, is_host_chosen=host is not None)
    if settings.standalone and not settings.feeds_only:
        output.say("STANDALONE_MODE: whoever reaches this address may do everything")
    app = create_app(home, find_feeds(home, feeds), settings)
    settle()
    config = uvicorn.Config(app, host=address, port=port, log_level="warning", **SERVER)
    listener = config.bind_socket()
    listener.listen()
    url = f"http://{address}:{port}"
    desk.answer({"url": url}, lambda: output.show_line(f"Serving at {url}"))
    uvicorn.Server(config).run([listener])
