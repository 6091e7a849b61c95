"""What every page is handed: who looks, and how to show something or go on from here.

Belongs here: being let in to pages, proof that a form is ours, the frame around every template. Does not:
any page. Whatever changes something needs both: our proof in the form, and a browser that does not say that
another site sent it (`Sec-Fetch-Site`, else `Origin`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from rentalsync_pipeline.bridge.auth import held_to, owner_of
from rentalsync_pipeline.bridge.context import Bridge, bridge_of
from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.pages.origins import is_of_this_site, is_private_way
from rentalsync_pipeline.bridge.pages.rendering import rendered
from rentalsync_pipeline.bridge.pages.sessions import LASTS, Session, Sessions
from rentalsync_pipeline.bridge.pages.words import HOME
from rentalsync_pipeline.bridge.surroundings import surrounding
from rentalsync_pipeline.core.access import Caller, Role
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.watching.status import overall
from rentalsync_pipeline.warehouse.version import OutdatedError

COOKIE = "rentalsync_session"


@dataclass(frozen=True, slots=True)
class Page:
    """One look of a browser at us; `caller` is `None` while nobody has signed in."""

    request: Request
    here: Bridge
    session: Session
    caller: Caller | None

    @property
    def by(self) -> str:
        """Who asks, for requests and logs."""
        return self.caller.who if self.caller else "nobody"

    def allows(self, role: str) -> bool:
        """Whether whoever looks has that role."""
        return self.caller is not None and self.caller.role.allows(Role(role))

    def url(self, path: str) -> str:
        """Where a page is for this browser, behind whatever proxy; `path` as its router has it."""
        return str(self.request.scope.get("root_path", "")) + quote(path, safe="/?=&%#+,:~-._")

    def stands_at(self, path: str) -> bool:
        """Whether this page is at that place of the navigation, or below it."""
        here = self.request.url.path.removeprefix(self.url(""))
        return here == path or (path != "/" and here.startswith(f"{path}/"))

    def show(self, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
        """That template, filled in."""
        about = {"page": self, "now": self.here.now(), "home": self.caller and _home(self.here)}
        response = HTMLResponse(rendered(template, {**about, **values}), status)
        self._remember(response, replace(self.session, said="", level=Level.OK))
        return response

    def go(self, path: str, said: str = "", level: Level = Level.OK) -> RedirectResponse:
        """To another page, which then says that."""
        return self.start(replace(self.session, said=said, level=level), path)

    def start(self, session: Session, path: str) -> RedirectResponse:
        """To another page, as another session."""
        response = RedirectResponse(self.url(path), 303)
        self._remember(response, session)
        return response

    def _remember(self, response: Response, session: Session) -> None:
        if session == _brought(self.request, self.here):
            return
        response.set_cookie(
            COOKIE,
            sessions_of(self.request).write(session),
            max_age=int(LASTS.total_seconds()),
            path=str(self.request.scope.get("root_path", "")) or "/",
            secure=is_private_way(self.request),
            httponly=True,
            samesite="strict",
        )


def stranger(request: Request) -> Page:
    """Whoever looks, taken for nobody."""
    here = bridge_of(request)
    return Page(request, here, _brought(request, here) or sessions_of(request).begin(here.now()), None)


def visit(request: Request) -> Page:
    """Whoever looks, signed in or not."""
    page = stranger(request)
    token = page.session.token
    caller = surrounding(request, page.here.settings) or (owner_of(page.here, token) if token else None)
    return replace(page, caller=caller)


def sessions_of(request: Request) -> Sessions:
    """The one that the app was made with."""
    return cast("Sessions", request.app.state.sessions)


Proof = Annotated[str, Form(max_length=100)]


def proven(request: Request, proof: Proof = "") -> Page:
    """Whoever sent a form that we gave them."""
    page = visit(request)
    if not is_of_this_site(request):
        raise Refused(403, "Not allowed", "another web site sent this form")
    if not hmac.compare_digest(proof.encode(), page.session.proof.encode()):
        raise Refused(403, "This form is too old", "go back, reload the page and send it again")
    return page


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of the form that was sent, for pages that can't name them beforehand."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Given = Annotated[dict[str, str], Depends(fields_of)]


def _looks(role: Role) -> Callable[..., Page]:
    def admit(page: Annotated[Page, Depends(visit)]) -> Page:
        return _admitted(page, role)

    return admit


def _sends(role: Role) -> Callable[..., Page]:
    def admit(page: Annotated[Page, Depends(proven)]) -> Page:
        return _admitted(page, role)

    return admit


Visitor = Annotated[Page, Depends(visit)]
"""Anybody, for the page on which they sign in."""
Sender = Annotated[Page, Depends(proven)]
Reading = Annotated[Page, Depends(_looks(Role.READ))]
"""For a page that is looked at."""
Changing = Annotated[Page, Depends(_looks(Role.ADMIN))]
"""For a page that is nothing but a form for admins."""
ByOperator = Annotated[Page, Depends(_sends(Role.OPERATOR))]
ByAdmin = Annotated[Page, Depends(_sends(Role.ADMIN))]
"""For a form that is sent: every POST takes one of these two."""


def _home(here: Bridge) -> tuple[str, str]:
    """The look and the words for how it stands overall; the page of an error can't do without, either."""
    try:
        level = overall(here.control, here.now())
    except OutdatedError:
        level = Level.WARN
    return level, HOME[level]


def _admitted(page: Page, role: Role) -> Page:
    if page.caller is None:
        raise Refused(401, "Sign in first")
    held_to(role, page.caller)
    return page


def _brought(request: Request, here: Bridge) -> Session | None:
    return sessions_of(request).read(request.cookies.get(COOKIE, ""), here.now())
