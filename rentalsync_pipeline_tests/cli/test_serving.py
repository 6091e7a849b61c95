"""Tokens by command, and a server that refuses to start where it should."""

from __future__ import annotations

import pytest

from rentalsync_pipeline_tests.cli.shell import Shell


def test_a_token_is_shown_once_and_listed_without_itself(shell: Shell) -> None:
    made = shell.json("token", "create", "--role", "operator", "kitchen tablet")
    assert made["token"].startswith("rsync_")
    assert (made["id"], made["name"], made["role"]) == (1, "kitchen tablet", "operator")
    listed = shell("token", "list", "--json").stdout
    assert "kitchen tablet" in listed
    assert made["token"] not in listed
    assert made["token"].encode() not in (shell.home / "control.db").read_bytes()
    assert shell("token", "create", "phone").stdout.startswith("rsync_")


def test_a_token_is_revoked_once(shell: Shell) -> None:
    shell("token", "create", "phone")
    shell("token", "revoke", "1")
    assert shell.json("token", "list")[0]["revoked"]
    assert "no token 1 counts" in shell("token", "revoke", "1", code=64).output


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (("--host", "0.0.0.0"), {}, "nobody has a key"),
        ((), {"RENTALSYNC_API_KEY": "short"}, "fewer than 32 characters"),
        ((), {"MAX_LISTINGS": "some"}, "MAX_LISTINGS is no number"),
    ],
)
def test_a_server_that_would_be_open_does_not_start(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], env: dict[str, str], said: str
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert said in shell("serve", *words, code=64).output
