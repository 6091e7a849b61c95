"""Addresses for channels to call, by command: whole where they are asked for, and nowhere else."""

from __future__ import annotations

import pytest

from rentalsync_pipeline_tests.cli.shell import Shell

WEB = "https://bookings.example.com"
THEIRS = "canary-of-hospitable"


CONFIG = f"""
version: 1
public_url: {WEB}
listings:
  - {{slug: loft, timezone: Europe/Rome}}
connections:
  - {{id: loft-airbnb, channel: airbnb, listing: loft, url: loft.ics}}
  - {{id: hotel, channel: cloudbeds, credentials: {{api_key: x}}, listings: {{"1": loft}}}}
  - id: office
    channel: hospitable
    credentials: {{token: x}}
    listings: {{"1": loft}}
    webhook_secret: ${{THEIRS}}
"""


@pytest.fixture
def portfolio(shell: Shell) -> Shell:
    """A calendar, an account whose channel signs nothing, and one whose channel does."""
    (shell.folder / "secrets.env").write_text(f"THEIRS={THEIRS}\n")
    (shell.folder / "rentalsync.yaml").write_text(CONFIG)
    shell("apply")
    return shell


def key_of(address: str) -> str:
    return address.partition("&key=")[2]


def test_webhooks_are_off_until_there_is_a_secret(portfolio: Shell) -> None:
    listed = {each["connection"]: each["is_on"] for each in portfolio.json("webhooks", "list")}
    assert listed == {"loft-airbnb": False, "hotel": False, "office": True}
    shown = portfolio("webhooks", "show", "hotel").stdout
    assert shown.startswith(f"{WEB}/api/integrations/cloudbeds/webhook?connection=hotel\n")
    assert "Off:" in shown


def test_a_secret_of_ours_stands_in_the_address_and_nowhere_else(portfolio: Shell) -> None:
    address = portfolio.json("webhooks", "rotate", "hotel")["address"]
    assert address.startswith(f"{WEB}/api/integrations/cloudbeds/webhook?connection=hotel&key=")
    assert portfolio("webhooks", "show", "hotel").stdout.startswith(f"{address}\n")
    said = portfolio("webhooks", "list", "--json").stdout + portfolio("apply", "--dry-run").output
    assert key_of(address) not in said
    kept = b"".join(path.read_bytes() for path in portfolio.home.rglob("*") if path.is_file())
    assert key_of(address).encode() not in kept


def test_applying_the_file_again_keeps_the_secret(portfolio: Shell) -> None:
    address = portfolio.json("webhooks", "rotate", "hotel")["address"]
    assert "webhook_secret" in portfolio("apply").output
    assert portfolio.json("webhooks", "show", "hotel")["address"] == address


def test_a_new_secret_takes_an_old_one_s_place(portfolio: Shell) -> None:
    first, second = (key_of(portfolio.json("webhooks", "rotate", "hotel")["address"]) for _ in range(2))
    assert len(first) == len(second) >= 32
    assert first != second


def test_a_secret_that_the_channel_makes_is_never_shown(portfolio: Shell) -> None:
    shown = portfolio("webhooks", "show", "office").output
    assert "/api/integrations/hospitable/webhook?connection=office\n" in shown
    assert "Signature" in shown
    assert THEIRS not in shown
    said = portfolio("webhooks", "rotate", "office", code=64).output
    assert "Hospitable makes the secret itself" in said


def test_a_secret_that_the_file_names_is_changed_where_it_is_set(portfolio: Shell) -> None:
    config = portfolio.folder / "rentalsync.yaml"
    config.write_text(CONFIG.replace("{id: hotel,", '{id: hotel, webhook_secret: "${THEIRS}",'))
    portfolio("apply")
    assert "change it where that is set" in portfolio("webhooks", "rotate", "hotel", code=64).output


def test_a_connection_that_is_not_there_has_no_address(portfolio: Shell) -> None:
    assert "did you mean `hotel`?" in portfolio("webhooks", "show", "hotl", code=64).output
