"""Every command explains itself, is in the reference, and ends with a code that says how it went."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from rentalsync_pipeline.cli import COMMANDS, cli
from rentalsync_pipeline_tests.cli.page import every_command, page
from rentalsync_pipeline_tests.cli.shell import Shell

ROOT = Path(__file__).parents[2]
EVERY = dict(every_command())


@pytest.mark.parametrize("name", EVERY)
def test_the_help_of_a_command_ends_with_an_example_of_it(name: str) -> None:
    result = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="rentalsync")
    assert result.exit_code == 0
    _, _, example = result.stdout.partition("Example:\n    rentalsync ")
    assert example.startswith(name)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_knows_home_and_json(name: str) -> None:
    options = {option for each in EVERY[name].params for option in each.opts}
    assert {"--home", "--json"} <= options
    assert all(each.help for each in EVERY[name].params if isinstance(each, click.Option))


def test_the_table_of_commands_is_what_there_is() -> None:
    folder = ROOT / "rentalsync_pipeline" / "cli"
    modules = {path.stem for path in folder.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8")}
    assert modules == set(COMMANDS)


def test_the_reference_says_what_the_commands_say() -> None:
    """Renew it: `python -m rentalsync_pipeline_tests.cli.page`."""
    assert (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("words", ["--help", "status", "listings", "apply --dry-run"])
def test_what_only_reads_does_without_what_takes_long_to_load(shell: Shell, words: str) -> None:
    script = (
        "import sys; from rentalsync_pipeline.cli import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit as end: print(end.code, *sys.modules)"
    )
    named = ["--home", str(shell.home), *words.split()]
    done = subprocess.run([sys.executable, "-c", script, *named], capture_output=True, text=True, check=True)
    code, *loaded = done.stdout.splitlines()[-1].split()
    slow = {"dagster"} if words.startswith("apply") else {"dagster", "pandas", "pyarrow", "alembic", "httpx"}
    assert (code, slow.intersection(loaded)) == ("0", set())


WRONG = [
    ["bogus"],
    ["status", "--bogus"],
    ["explain", "loft"],
    ["explain", "loft", "2026-13-01"],
    ["status", "--as-of", "yesterday"],
    ["status", "--as-of", "2026-11-20T08:00:00"],
    ["status", "--home", "/nowhere"],
    ["--home", "/nowhere", "status"],
    ["explain", "loft", "2026-12-01"],
    ["changes", "--listing", "loft"],
    ["feeds", "rotate", "loft"],
    ["apply", "no-such-file.yaml"],
    ["add", "no-such-file.ics", "--listing", "loft"],
    ["sync"],
    ["sync", "--connection", "loft"],
    ["up", "--port", "99999"],
    ["init", "--home", "/nowhere/else"],
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_ends_with_64_and_one_document_for_machines(shell: Shell, words: list[str]) -> None:
    said = shell(*words, code=64)
    assert said.stdout == ""
    assert "rror: " in said.stderr
    document = json.loads(shell(*words, "--json", code=64).stdout)
    assert list(document) == ["error"]
    assert document["error"]


def test_a_command_names_the_home_it_used_on_stderr(shell: Shell) -> None:
    for words in (["status"], ["status", "--json"], ["apply"], ["listings"], ["doctor"]):
        assert shell(*words).stderr.splitlines()[0] == f"home {shell.home}"


def test_home_may_stand_before_or_behind_the_command(shell: Shell, tmp_path: Path) -> None:
    other = Shell(tmp_path / "elsewhere")
    for words in (["--home", str(shell.home), "status"], ["status", "--home", str(shell.home)]):
        assert f"home {shell.home}" in other(*words).stderr


def test_the_nearest_configuration_above_decides_where_the_home_is(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = shell.folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.delenv("RENTALSYNC_HOME", raising=False)
    result = CliRunner().invoke(cli, ["status"])
    assert f"home {shell.home}" in result.stderr


def test_a_fault_of_ours_is_not_disguised(shell: Shell) -> None:
    (shell.home / "control.db").unlink()
    (shell.home / "control.db").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    result = CliRunner(env=shell.env).invoke(cli, ["status"])
    assert result.exit_code == 1
    assert result.exception
