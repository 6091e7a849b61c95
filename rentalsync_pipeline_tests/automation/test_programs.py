"""Which programs `up` consists of."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from rentalsync_pipeline.automation.programs import dagster_programs, http_program


def test_pages_and_daemon_share_one_code_server(tmp_path: Path) -> None:
    code, daemon, pages = dagster_programs(("127.0.0.1", 3000), tmp_path)
    assert [code.name, daemon.name, pages.name] == ["code server", "daemon", "pages"]
    workspace = tmp_path / "workspace.yaml"
    (location,) = json.loads(workspace.read_text())["load_from"]
    assert location["grpc_server"] == {"socket": str(code.socket), "location_name": "rentalsync"}
    assert all(each.command[-2:] == ("--workspace", str(workspace)) for each in (daemon, pages))


def test_without_an_address_there_are_no_pages(tmp_path: Path) -> None:
    assert [each.name for each in dagster_programs(None, tmp_path)] == ["code server", "daemon"]


def test_every_program_is_a_module_that_python_can_run(tmp_path: Path) -> None:
    programs = (http_program("127.0.0.1", 8000), *dagster_programs(("127.0.0.1", 3000), tmp_path))
    for program in programs:
        assert importlib.util.find_spec(f"{program.command[0]}.__main__")
