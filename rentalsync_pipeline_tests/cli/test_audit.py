"""Who changed what, from the command line."""

from __future__ import annotations

import os
import pwd
import sqlite3
from contextlib import closing

import pytest

from rentalsync_pipeline_tests.cli.shell import Shell

ME = f"{pwd.getpwuid(os.geteuid()).pw_name} (command line)"
URL = "https://www.airbnb.com/calendar/ical/1.ics?s=canary"


@pytest.fixture
def changed(shell: Shell) -> Shell:
    """A portfolio in which the command line has changed a few things."""
    shell("add", URL, "--listing", "loft")
    shell("token", "create", "--role", "operator", "dashboard")
    shell("feeds", "rotate", "loft")
    return shell


def test_the_commands_leave_rows_under_the_name_of_the_user(changed: Shell) -> None:
    rows = changed.json("audit")
    assert [row["number"] for row in rows] == [*range(1, len(rows) + 1)]
    assert {row["who"] for row in rows} == {ME}
    assert {"listing_add", "connection_add", "file_apply", "token_create", "feeds_rotate"} <= {
        row["action"] for row in rows
    }
    (added,) = [row for row in rows if row["action"] == "token_create"]
    assert (added["subject"], added["old"], added["new"]) == (
        "1",
        None,
        {"name": "dashboard", "role": "operator"},
    )


def test_the_table_tells_what_was_changed(changed: Shell) -> None:
    shown = " ".join(changed("audit", "--subject", "loft").stdout.split())
    assert "listing add" in shown
    assert "feeds rotate loft generation: 1; overlap_until:" in shown
    assert "token create" not in shown
    assert changed.json("audit", "--since", "2999-01-01T00:00Z") == []


def test_a_log_in_order_is_verified_and_its_head_is_to_be_noted(changed: Shell) -> None:
    *_, head = changed("audit", "verify").stdout.split()
    changed("token", "revoke", "1")
    assert changed.json("audit", "verify", "--head", head)["fault"] is None
    assert "all as written" in changed("audit", "verify", "--head", head).stdout


def test_a_log_that_was_touched_ends_with_1_and_names_the_row(changed: Shell) -> None:
    with closing(sqlite3.connect(changed.home / "control.db")) as database:
        database.execute("DROP TRIGGER audit_no_DELETE")
        database.execute("DELETE FROM audit WHERE number = 3")
        database.commit()
    assert "row 3 is missing" in changed("audit", "verify", code=1).stdout
    assert changed.json("audit", "verify", code=1)["broken"] == 3
    assert "row 3 is missing" in changed("doctor", code=1).stdout


def test_a_head_that_was_never_there_is_not_found(changed: Shell) -> None:
    assert "a noted head is not there" in changed("audit", "verify", "--head", "5" * 64, code=1).stdout
