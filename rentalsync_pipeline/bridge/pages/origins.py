"""Where a request comes from, as the browser that sends it says.

Belongs here: reading its headers. Does not: what follows (`frame`), who that is
(`surroundings`).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

_OURS = {"same-origin", "none"}


def is_of_this_site(request: Request) -> bool:
    """Whether the browser says that a page of ours sent it, or can't say.

    Over plain HTTP it sends no `Sec-Fetch-Site`, but `Origin`, which is held against the names by which it
    may know us. Only programs that are no browser could forge these, and those have no cookie of others.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in _OURS
    names = {request.headers.get(name) for name in ("host", "x-forwarded-host")}
    return origin is None or urlsplit(origin).netloc in names


def is_private_way(request: Request) -> bool:
    """Whether the browser came by HTTPS, as far as anybody says: who lies here harms but their own cookie."""
    said = (
        request.url.scheme,
        request.headers.get("x-forwarded-proto", ""),
        request.headers.get("origin", ""),
    )
    return any(each.startswith("https") for each in said)
