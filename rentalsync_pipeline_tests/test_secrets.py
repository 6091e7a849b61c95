"""Canaries: a token in a URL, and what a guest wrote, stand nowhere but where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline_tests.estate import Estate

pytestmark = pytest.mark.slow

TOKEN = "canary5f0c2a9d1e"
PHONE = "+49 7551 998877"
KEPT = ("secrets.env", "bodies/")
"""Where a secret may stand: what its owner wrote, and what the channel said, word for word."""


def _files(folder: Path, without: tuple[str, ...] = ()) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part in str(path.relative_to(folder)) for part in without)
    ]


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_a_feeds_token_is_in_no_log_no_database_and_no_file_of_ours(
    estate: Estate, httpserver: HTTPServer, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    body = estate.calendar("loft-airbnb").read_bytes()
    headers = {"Location": httpserver.url_for(f"/elsewhere?s={TOKEN}")} if status == 302 else {}
    httpserver.expect_request("/calendar.ics").respond_with_data(body, status, headers)
    url = httpserver.url_for(f"/calendar.ics?s={TOKEN}")
    estate.point("villa-abritel", "${ABRITEL}")
    estate.home.secrets.write_text(f"ABRITEL={url}\n", encoding="utf-8")
    estate.home.secrets.chmod(0o600)
    estate.apply()
    assert estate.sync().success
    found = [path for path in _files(estate.home.folder, KEPT) if TOKEN.encode() in path.read_bytes()]
    assert found == []
    said = capfd.readouterr()
    assert TOKEN not in said.out + said.err


def test_a_literal_url_is_encrypted_in_the_control_store(estate: Estate, httpserver: HTTPServer) -> None:
    estate.point("villa-abritel", httpserver.url_for(f"/calendar.ics?s={TOKEN}"))
    estate.apply()
    estate.sync()
    found = [path for path in _files(estate.home.path) if TOKEN.encode() in path.read_bytes()]
    assert found == []


def test_what_a_guest_wrote_is_neither_in_dagster_nor_in_a_public_feed(estate: Estate) -> None:
    calendar = estate.calendar("seehaus-fewo-direkt")
    text = calendar.read_text(encoding="utf-8").replace("Belegt - Jörg", f"Belegt - Jörg {PHONE}")
    assert PHONE in text
    calendar.write_text(text, encoding="utf-8", newline="")
    assert estate.sync().success
    for path in (*_files(estate.home.dagster), *_files(estate.feeds)):
        content = path.read_bytes()
        assert PHONE.encode() not in content, path
    for path in _files(estate.feeds / "public"):
        assert "Jörg".encode() not in path.read_bytes(), path
    assert not any("Jörg".encode() in path.read_bytes() for path in _files(estate.home.dagster))
