"""Looking back from the command line: replays, versions, rollbacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline_tests.cli.conftest import AS_OF
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import settle

pytestmark = pytest.mark.slow

SOLD = (
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270503\r\nDTEND;VALUE=DATE:20270506\r\nSUMMARY:Reserved\r\n"
    "UID:1418fb94e984-5b0c6a7d5b0c6a7d5b0c6a7d5b0c6a7d@airbnb.com\r\nEND:VEVENT\r\n"
)
LATER = ("--as-of", "2026-11-20T09:00:00+01:00")


@pytest.mark.parametrize("rules", ["then", "current"])
def test_a_replay_writes_the_published_files_into_a_folder(synced: Shell, tmp_path: Path, rules: str) -> None:
    to = ("--rules", rules, "--to", str(tmp_path / "then"))
    document = synced.json("replay", *AS_OF, *to)
    assert (document["rules"], document["syncs"], document["differences"]) == (rules, 1, [])
    assert all(feed["is_identical"] for feed in document["feeds"])
    for feed in document["feeds"]:
        published = (synced.folder / "feeds" / feed["name"]).read_bytes()
        assert (tmp_path / "then" / feed["name"]).read_bytes() == published
    assert "is not empty" in synced("replay", *AS_OF, *to, code=64).stderr


def test_a_replay_says_that_nothing_differs(synced: Shell) -> None:
    assert "All are the very bytes that were published." in synced("replay", *AS_OF).stdout


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-11-20T07:00:00Z", None),
        ("2026-11-20T06:59:59Z", "before the first sync"),
        ("2999-01-01T00:00Z", "future"),
    ],
)
def test_a_moment_is_refused_with_the_reason(synced: Shell, moment: str, why: str | None) -> None:
    said = synced("replay", "--as-of", moment, code=64 if why else 0)
    assert (why or "") in said.output


def test_a_rollback_is_asked_for_seen_and_ended(tmp_path: Path) -> None:
    shell = Shell(settle(tmp_path / "portfolio").path)
    shell("apply")
    shell("sync", *AS_OF, code=2)
    (file,) = shell.folder.rglob("loft-airbnb.ics")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("END:VCALENDAR", SOLD + "END:VCALENDAR"), encoding="utf-8", newline="")
    shell("sync", *LATER, code=2)
    versions = shell.json("feeds", "versions", "downtown-loft", "--audience", "owner")["versions"]
    assert [each["version"] for each in versions] == [1, 2]
    done = shell.json(
        "feeds", "rollback", "downtown-loft", "--audience", "owner", "--to", "1", "--free-nights"
    )
    (feed,) = done["feeds"]
    assert feed["taken"] == [{"first_night": "2027-05-03", "last_night": "2027-05-05"}]
    shell("sync", "--due", *LATER)
    (owner,) = (shell.folder / "feeds" / "private").glob("downtown-loft-owner-*.ics")
    assert b"20270503" not in owner.read_bytes()
    assert "downtown-loft: the feed owner is rolled back" in shell("status", *LATER).stdout
    assert "rolled back since" in shell("feeds", "versions", "downtown-loft").stdout
    assert shell.json("feeds", "rollback", "downtown-loft", "--end")["ended"] == ["owner"]
    shell("sync", "--due", *LATER)
    assert b"20270503" in owner.read_bytes()
    assert "is rolled back" in shell("feeds", "rollback", "downtown-loft", "--end", code=64).stderr


def test_a_rollback_is_told_in_words(synced: Shell) -> None:
    assert "nothing stood then" in synced("feeds", "rollback", "downtown-loft", code=64).stderr
    assert "--audience" in synced("feeds", "rollback", "downtown-loft", "--to", "1", code=64).stderr
    assert "no moment" in synced("feeds", "rollback", "downtown-loft", "--to", "yesterday", code=64).stderr
