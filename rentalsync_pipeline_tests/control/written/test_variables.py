from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.control.written.variables import MissingVariable, Variables, add_variable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secrets.env"


def test_a_file_is_read_as_people_write_it(file: Path) -> None:
    file.write_text(
        "# a comment\n\nPLAIN=https://a/b?s=1&t=2#x\nexport QUOTED = \"with space\"\nSINGLE='it''s'\n"
        "EMPTY=\nnot a line\n 9NAME=x\n"
    )
    variables = Variables(file, {})

    assert variables.resolve("${PLAIN}") == "https://a/b?s=1&t=2#x"
    assert variables.resolve("${QUOTED}") == "with space"
    assert variables.resolve("${SINGLE}") == "it''s"
    assert "EMPTY" not in variables
    assert "9NAME" not in variables


def test_what_is_no_reference_stands_for_itself(file: Path) -> None:
    assert Variables(file, {"A": "b"}).resolve("calendars/a.ics") == "calendars/a.ics"


def test_the_environment_goes_before_the_file_unless_it_is_empty(file: Path) -> None:
    file.write_text("A=file\nB=file\n")
    variables = Variables(file, {"A": "environment", "B": ""})

    assert variables.resolve("${A}") == "environment"
    assert variables.resolve("${B}") == "file"


def test_a_missing_variable_is_named_with_the_file_to_put_it_in(file: Path) -> None:
    with pytest.raises(MissingVariable, match=rf"NOPE is not set.*{file}") as missing:
        Variables(file, {}).resolve("${NOPE}")
    assert missing.value.name == "NOPE"


def test_a_changed_file_is_read_again(file: Path) -> None:
    file.write_text("A=first\n")
    assert Variables(file, {}).resolve("${A}") == "first"
    file.write_text("A=second, and longer\n")
    assert Variables(file, {}).resolve("${A}") == "second, and longer"


def test_an_added_variable_joins_the_others_and_only_the_owner_can_read_them(file: Path) -> None:
    file.write_text("# mine\nA=1")
    file.chmod(0o644)
    add_variable(file, "B", "https://example.com/?s=2")

    assert file.read_text() == "# mine\nA=1\nB=https://example.com/?s=2\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_variables_show_nothing(file: Path) -> None:
    file.write_text("A=canary-in-file\n")
    assert "canary" not in repr(Variables(file, {"B": "canary-in-environment"}))
