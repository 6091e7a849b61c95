"""HTTPS to a checked address: the certificate is still that of the name, and there is no way back to http."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.certificates import certify
from rentalsync_pipeline_tests.channels.loopback import CALENDAR, Names, answering, client, http, raw_server

pytestmark = pytest.mark.anyio

NAMES: Mapping[str, Sequence[str]] = {"rooms.example": ("127.0.0.1",), "other.example": ("127.0.0.1",)}


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ssl.SSLContext]:
    """Makes the server's side of TLS for a name, with a certificate that clients of this test trust."""

    def context(name: str) -> ssl.SSLContext:
        path = tmp_path / "certificate.pem"
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        return certify(path, name)

    return context


async def test_the_name_is_what_tls_is_told(certified: Callable[[str], ssl.SSLContext]) -> None:
    tls = certified("rooms.example")
    told: list[str | None] = []
    tls.sni_callback = lambda _, name, __: told.append(name)
    async with raw_server(answering(http()), tls) as port, client(resolver=Names(NAMES)) as transport:
        response = await transport.get(Secret(f"https://rooms.example:{port}/a.ics"))

    assert response.body == CALENDAR
    assert told == ["rooms.example"]


async def test_the_certificate_of_another_name_is_refused(
    certified: Callable[[str], ssl.SSLContext],
) -> None:
    async with (
        raw_server(answering(http()), certified("rooms.example")) as port,
        client(resolver=Names(NAMES)) as transport,
    ):
        good = await transport.get(Secret(f"https://rooms.example:{port}/a.ics"))
        bad = await transport.get(Secret(f"https://other.example:{port}/a.ics"))

    assert good.body == CALENDAR
    assert bad.failure is not None
    assert bad.failure.reason is Reason.UNREACHABLE
    assert bad.failure.detail == "its certificate is not valid"


async def test_a_redirect_from_https_to_http_is_refused(certified: Callable[[str], ssl.SSLContext]) -> None:
    async with raw_server(answering(http())) as plain:
        redirect = answering(http(b"", "302 Found", Location=f"http://rooms.example:{plain}/a.ics"))
        async with (
            raw_server(redirect, certified("rooms.example")) as port,
            client(resolver=Names(NAMES)) as transport,
        ):
            response = await transport.get(Secret(f"https://rooms.example:{port}/a.ics"))

    assert response.failure is not None
    assert (response.failure.reason, response.failure.detail) == (Reason.REDIRECTS, "from https to http")


async def test_a_redirect_from_http_to_https_is_followed(certified: Callable[[str], ssl.SSLContext]) -> None:
    async with raw_server(answering(http()), certified("rooms.example")) as secure:
        redirect = answering(http(b"", "301 Moved", Location=f"https://rooms.example:{secure}/a.ics"))
        async with raw_server(redirect) as port, client(resolver=Names(NAMES)) as transport:
            response = await transport.get(Secret(f"http://rooms.example:{port}/a.ics"))

    assert response.body == CALENDAR
