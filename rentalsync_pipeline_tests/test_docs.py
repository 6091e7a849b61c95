"""Documentation is tested: tables match the code, links lead somewhere, queries run."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations_with_replacement
from pathlib import Path

import duckdb
import pytest
from pydantic import BaseModel

from rentalsync_pipeline.channels.registry import accounts, channels
from rentalsync_pipeline.control.written.config import load
from rentalsync_pipeline.control.written.entries import (
    AbsenceEntry,
    AlertEntry,
    ConnectionEntry,
    DefaultsEntry,
    FeedEntry,
    FileEntry,
    ListingEntry,
    SettingsEntry,
)
from rentalsync_pipeline.core.absence import Cause
from rentalsync_pipeline.core.conflicts import CERTAINTY
from rentalsync_pipeline.core.matching import Rule
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline_tests.estate import Estate

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "examples" / "README.md"])
RULES = (ROOT / "docs" / "explanation" / "rules.md").read_text(encoding="utf-8")


def _first_cells(heading: str) -> list[str]:
    """The names in backticks that begin the rows of the table under a heading."""
    section = RULES.split(f"## {heading}")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_the_table_of_ways_to_free_a_night_is_the_code() -> None:
    assert _first_cells("Every way in which a night becomes free") == [cause.value for cause in Cause]


def test_the_table_of_matching_rules_is_the_code() -> None:
    assert _first_cells("What counts as the same") == [rule.value for rule in Rule]


def test_the_table_of_double_bookings_is_the_code() -> None:
    section = RULES.split("## What counts as a double booking")[1].split("\n## ")[0]
    cells = [
        [cell.strip(" *") for cell in row.strip("|").split("|")]
        for row in section.split("\n")
        if row.startswith("| **")
    ]
    kinds = [Kind.RESERVATION, Kind.TENTATIVE, Kind.UNKNOWN, Kind.BLOCK]
    said = {(kinds[i], kinds[j]): cells[i][j + 1] for i, j in combinations_with_replacement(range(3), 2)}
    assert said == {pair: CERTAINTY[pair].value for pair in said}
    assert not any({Kind.BLOCK, Kind.HORIZON} & set(pair) for pair in CERTAINTY)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"\w+:", target):
            assert (page.parent / target).exists(), target


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=\[]", line)[0] for line in project["dependencies"]}
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    explained = {
        name.strip() for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in row.split(",")
    }
    assert names <= explained


def test_every_benchmark_stands_with_its_numbers() -> None:
    page = (ROOT / "docs" / "reference" / "numbers.md").read_text(encoding="utf-8")
    files = {f"benchmarks/{path.name}" for path in (ROOT / "benchmarks").glob("*.py")}
    assert set(re.findall(r"^\| `(benchmarks/\w+\.py)` \|", page, re.MULTILINE)) == files


@pytest.mark.slow
def test_the_query_for_readers_runs_on_a_snapshot(estate: Estate) -> None:
    estate.sync()
    page = (ROOT / "docs" / "how-to" / "ask-your-own-questions.md").read_text(encoding="utf-8")
    (query,) = re.findall(r'sql\("""(.*?)"""\)', page, re.DOTALL)
    with duckdb.connect(str(estate.home.snapshot), read_only=True) as snapshot:
        assert not snapshot.sql(query.replace("current_date", "DATE '2026-11-20'")).df().empty
        tables = {
            row[0] for row in snapshot.sql("SELECT table_name FROM information_schema.tables").fetchall()
        }
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE))))
    assert named <= tables


MODELS: dict[str, type[BaseModel]] = {
    "Top level": FileEntry,
    "`settings`": SettingsEntry,
    "`defaults`": DefaultsEntry,
    "One of `alerts`": AlertEntry,
    "One of `listings`": ListingEntry,
    "`feed`": FeedEntry,
    "One of `connections`": ConnectionEntry,
    "`absence`": AbsenceEntry,
}


@pytest.mark.parametrize("heading", MODELS)
def test_the_configuration_page_names_the_keys_that_the_reader_takes(heading: str) -> None:
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    section = re.split(r"\n#+ ", page.split(f"# {heading}\n")[1])[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(MODELS[heading].model_fields)


def test_the_configuration_page_names_the_credentials_of_every_channel_with_an_api() -> None:
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    section = re.split(r"\n#+ ", page.split("### `credentials`\n")[1])[0]
    said = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", section, re.MULTILINE))
    assert said.keys() == accounts().keys()
    for name, channel in accounts().items():
        needed = {credential for way in channel.api.auth for credential in way.needs}
        assert needed <= set(re.findall(r"`(\w+)`", said[name])), name


def test_the_page_of_channels_names_every_one_with_an_api() -> None:
    page = (ROOT / "docs" / "reference" / "channels.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(accounts())


def test_the_configuration_of_the_readme_is_one_that_applies(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "rentalsync.yaml"
    file.write_text(example, encoding="utf-8")
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", example), "https://calendars.example.com/x.ics")
    document = load(file, channels=set(channels()), env=variables)
    assert len(document.rows("connections")) == 3
