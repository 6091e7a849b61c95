from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.vault import Vault, VaultError, new_key, parse_key
from rentalsync_pipeline.control.written.files import TooOpenError, write_atomically

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
ROW = "connections|loft-airbnb|url"


@given(st.text(), st.text(min_size=1))
def test_what_is_sealed_opens_for_its_row(value: str, row: str) -> None:
    vault = Vault([OLD])
    assert vault.open(vault.seal(value, identity=row), identity=row) == value


def test_a_value_that_is_moved_to_another_row_does_not_open_there() -> None:
    vault = Vault([OLD])
    sealed = vault.seal("https://example.com/a", identity=ROW)

    with pytest.raises(VaultError, match="moved there"):
        vault.open(sealed, identity="connections|villa-airbnb|url")


@given(st.integers(0, 60), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    vault = Vault([OLD])
    sealed = bytearray(vault.seal("https://example.com/a-token", identity=ROW))
    sealed[position % len(sealed)] ^= change

    with pytest.raises(VaultError):
        vault.open(bytes(sealed), identity=ROW)


def test_sealing_twice_looks_different() -> None:
    vault = Vault([OLD])
    assert vault.seal("same", identity=ROW) != vault.seal("same", identity=ROW)


def test_the_first_key_seals_and_all_open() -> None:
    before = Vault([OLD]).seal("kept", identity=ROW)
    both = Vault([NEW, OLD])

    assert both.open(before, identity=ROW) == "kept"
    assert Vault([NEW]).open(both.seal("fresh", identity=ROW), identity=ROW) == "fresh"
    assert not both.is_current(before)
    with pytest.raises(VaultError, match="not at hand"):
        Vault([NEW]).open(before, identity=ROW)


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(NEW).decode(),
        base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        base64.b64encode(NEW).decode().rstrip("="),
        NEW.hex(),
        f"  {NEW.hex().upper()}\n",
    ],
)
def test_a_key_may_be_base64_or_hex(text: str) -> None:
    assert len(parse_key(text, "here")) == 32


@pytest.mark.parametrize(
    "text", ["", "hunter2", base64.b64encode(bytes(16)).decode(), bytes(31).hex(), bytes(33).hex()]
)
def test_a_key_of_another_length_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(VaultError, match="32 bytes in base64 or hex") as refused:
        parse_key(text, "RENTALSYNC_SECRET_KEY")
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("variable", ["RENTALSYNC_SECRET_KEY", "ENCRYPTION_KEY"])
def test_the_environment_goes_before_the_key_file(home: Home, variable: str) -> None:
    vault = Vault.of(home, {variable: f"{NEW.hex()}, {OLD.hex()}"})
    assert Vault([NEW]).open(vault.seal("a", identity=ROW), identity=ROW) == "a"
    assert vault.open(Vault([OLD]).seal("b", identity=ROW), identity=ROW) == "b"


def test_the_key_file_has_a_key_a_line(home: Home) -> None:
    write_atomically(home.keys, f"{NEW.hex()}\n{OLD.hex()}\n", mode=0o600)
    vault = Vault.of(home, {})
    assert vault.open(Vault([OLD]).seal("b", identity=ROW), identity=ROW) == "b"
    assert vault.is_current(Vault([NEW]).seal("a", identity=ROW))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(home: Home, mode: int) -> None:
    home.keys.chmod(mode)
    with pytest.raises(TooOpenError, match="chmod 600"):
        Vault.of(home, {})


def test_a_lost_key_file_is_named(home: Home) -> None:
    home.keys.unlink()
    with pytest.raises(VaultError, match=r"secret\.key.*backup"):
        Vault.of(home, {})
    home.keys.touch(mode=0o600)
    with pytest.raises(VaultError, match="no encryption key"):
        Vault.of(home, {})


def test_a_vault_shows_no_key() -> None:
    key = new_key()
    vault = Vault([parse_key(key, "here")])
    assert key not in f"{vault!r} {vault}"
