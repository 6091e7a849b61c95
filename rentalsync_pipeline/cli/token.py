"""`token`: who may use the API."""

from __future__ import annotations

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, now, who
from rentalsync_pipeline.control.tokens import Token
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline.operations.reading import UnknownError


@click.group("token")
def run() -> None:
    """Who may use the API: tokens, each with a name and a role."""


@command("create", "rentalsync token create --role read dashboard")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.READ.value,
    show_default=True,
    help="read: see everything; operator: also start syncs and decide; admin: also configure.",
)
def create_token(desk: Desk, name: str, role: str) -> None:
    """Make a token and show it, this once: only a digest of it is kept."""
    with desk.control() as control:
        token, secret = grant(control, name, Role(role), who(), now(None))
    shown = {"id": token.id, "name": name, "role": role, "token": secret.reveal()}
    desk.answer(shown, lambda: output.show_line(secret.reveal()))


@command("list", "rentalsync token list")
def list_tokens(desk: Desk) -> None:
    """Every token that was made, without itself."""
    with desk.control() as control:
        found = control.tokens.all()
    desk.answer(found, lambda: _show(found))


@command("revoke", "rentalsync token revoke 3")
@click.argument("token", metavar="ID", type=int)
def revoke_token(desk: Desk, token: int) -> None:
    """Let token ID count no longer, from this moment on."""
    with desk.control() as control:
        if not control.tokens.revoke(token, who(), now(None)):
            raise UnknownError(f"no token {token} counts; `rentalsync token list` shows those that do")
    desk.answer({"revoked": token}, lambda: output.show(f"Token {token} counts no longer."))


def _show(found: list[Token]) -> None:
    columns = ("id", "name", "role", "made (UTC)", "revoked (UTC)")
    output.show_table(columns, [(t.id, t.name, t.role, t.created, t.revoked) for t in found])


for _each in (create_token, list_tokens, revoke_token):
    run.add_command(_each)
