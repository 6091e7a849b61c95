"""HTTPS to a checked address: the certificate is still that of the name, and there is no way back to http."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import CALENDAR, Names, answering, client, http, raw_server

pytestmark = pytest.mark.anyio

NAMES: Mapping[str, Sequence[str]] = {"rooms.example": ("127.0.0.1",), "other.example": ("127.0.0.1",)}


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ssl.SSLContext]:
    """Makes the server's side of TLS for a name, with a certificate that clients of this test trust."""

    def context(name: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "certificate.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(path)
        return tls

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
