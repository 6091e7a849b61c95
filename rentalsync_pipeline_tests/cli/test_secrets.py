"""Canaries: no command shows a secret, whatever it is asked and whatever goes wrong."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline_tests.cli.conftest import AS_OF
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.operations.dialects import reservation, vrbo

pytestmark = pytest.mark.slow

TOKEN = "canary5f0c2a9d1e"
GUEST = "Cordelia"
COMMANDS = [
    ["status", *AS_OF],
    ["listings"],
    ["explain", "loft", "2026-12-02"],
    ["explain", "loft", "2026-12-20"],
    ["changes"],
    ["conflicts", "--all", *AS_OF],
    ["feeds", "list"],
    ["doctor", *AS_OF],
    ["audit"],
    ["apply", "--dry-run"],
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, make_httpserver: HTTPServer) -> dict[str, str]:
    """All that the commands say of a portfolio whose URLs hold a canary; some of them fail."""
    shell = Shell(tmp_path_factory.mktemp("canary") / ".rentalsync")
    body = vrbo(reservation("code", "2026-12-01", 3, GUEST))
    make_httpserver.expect_request("/good.ics").respond_with_data(body)
    make_httpserver.expect_request("/gone.ics").respond_with_data(TOKEN, status=404)
    make_httpserver.expect_request("/odd.ics").respond_with_data(f"<html>{TOKEN}</html>")
    heard = {"init": shell("init").output}
    config = shell.folder / "rentalsync.yaml"
    config.write_text(
        config.read_text().replace("interval: 15m", "allow_private: [127.0.0.1]\n  interval: 15m")
    )
    for name in ("good", "gone", "odd"):
        url = make_httpserver.url_for(f"/{name}.ics?s={TOKEN}")
        for machine in ([], ["--json"]):
            words = ["add", url, "--listing", "loft", "--id", f"loft-{name}", *machine]
            heard[" ".join(["add", name, *machine])] = shell(*words, code=64 if machine else 0).output
    heard["sync"] = shell("sync", *AS_OF, code=2).output
    heard["sync --json"] = shell("sync", *AS_OF, "--json", code=2).output
    for command in COMMANDS:
        for words in (command, [*command, "--json"]):
            heard[" ".join(words)] = shell(*words).output
    secrets = shell.folder / "secrets.env"
    secrets.write_text("")
    heard["sync without secrets"] = shell("sync", *AS_OF, code=2).output
    return heard


def test_no_command_shows_the_token_of_a_url(said: dict[str, str]) -> None:
    assert [words for words, text in said.items() if TOKEN in text] == []


def test_a_guest_is_named_only_where_a_night_is_explained(said: dict[str, str]) -> None:
    named = [words for words, text in said.items() if GUEST in text]
    assert named == ["explain loft 2026-12-02", "explain loft 2026-12-02 --json"]


def test_no_command_shows_a_key(said: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    home = next(tmp_path_factory.getbasetemp().glob("canary*/.rentalsync"))
    keys = [(home / name).read_text().strip() for name in ("secret.key", "feed.key")]
    assert [words for words, text in said.items() if any(key in text for key in keys)] == []


def test_each_failure_has_a_message(said: dict[str, str]) -> None:
    for connection in ("loft-gone", "loft-odd"):
        assert f"{connection}: " in said["sync"]
    assert "a secret that it needs is not set" in " ".join(said["sync without secrets"].split())
