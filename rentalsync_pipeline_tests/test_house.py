"""The house that docs/explanation describes: rooms on floors, imports that only go down."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rentalsync_pipeline

HOUSE = Path(rentalsync_pipeline.__file__).parent
NAME = HOUSE.name

FLOORS = (
    {"core"},
    {"calendars"},
    {"channels", "warehouse", "control", "publishing"},
    {"operations"},
    {"assets", "bridge"},
    {"automation"},
    {"definitions", "cli"},
    {"__main__"},
)
"""The rooms, from the ground up. A room imports from floors below its own, never from a neighbour."""

CORRIDORS = {
    "operations": (
        {"operations"},
        {"looking"},
        {"syncing"},
        {"deciding", "configuring", "keeping", "trying", "replaying"},
        {"watching"},
    ),
    "channels": ({"wire"}, {"channels"}),
    "control": ({"written"}, {"control"}, {"migrations"}),
}
"""Rooms that are cut into smaller ones, in the order in which those may know each other; the room's own name
stands for the files that lie in it directly."""

OWNERS = {
    "httpx": {"channels/wire/transport.py"},
    "duckdb": {"warehouse"},
    "sqlalchemy": {"control"},
    "alembic": {"control"},
    "dagster": {"assets", "automation", "definitions.py"},
    "click": {"cli"},
    "rich": {"cli"},
    "fsspec": {"publishing"},
    "icalendar": {"calendars"},
    "fastapi": {"bridge"},
    "starlette": {"bridge"},
    "jinja2": {"bridge"},
    "uvicorn": {"cli", "bridge/server.py"},
    "prometheus_client": {"bridge"},
    "opentelemetry": {"operations"},
}
"""Libraries that only one part of the house knows, so that they can be replaced there."""

OUTSIDE = {
    "os",
    "socket",
    "ssl",
    "urllib.request",
    "http",
    "subprocess",
    "tempfile",
    "shutil",
    "asyncio",
    "time",
}
"""What the ground floors do without: anything by which the world is touched or a clock is read."""

MODULES = sorted(HOUSE.rglob("*.py"))
LIMIT = 300


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def imports(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def at_home(names: Iterator[str]) -> Iterator[str]:
    """The rooms among the names of modules."""
    for name in names:
        house, *rest = name.split(".")
        if house == NAME and rest and any(rest[0] in rooms for rooms in FLOORS):
            yield rest[0]


def test_every_room_has_a_floor() -> None:
    rooms = {room(path) for path in MODULES if path.parent != HOUSE or path.stem != "__init__"}
    assert rooms == set().union(*FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_from_the_floors_below(path: Path) -> None:
    if path == HOUSE / "__init__.py":
        assert list(at_home(imports(path))) == []
        return
    here = room(path)
    above = {name for name in at_home(imports(path)) if name != here and floor(name) >= floor(here)}
    assert above == set()


@pytest.mark.parametrize("name", CORRIDORS)
def test_a_smaller_room_imports_only_from_those_before_it(name: str) -> None:
    order = {small: number for number, rooms in enumerate(CORRIDORS[name]) for small in rooms}
    smaller = {path.name for path in (HOUSE / name).iterdir() if (path / "__init__.py").exists()}
    assert smaller | {name} == set(order)
    for path in (HOUSE / name).rglob("*.py"):
        here = path.parent.name if path.parent.name in smaller else name
        known = {each.split(".")[2] for each in imports(path) if each.startswith(f"{NAME}.{name}.")}
        beside = {small if small in smaller else name for small in known}
        assert {small for small in beside - {here} if order[small] >= order[here]} == set(), path


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_known_where_it_is_needed_only(library: str) -> None:
    known = {
        str(path.relative_to(HOUSE))
        for path in MODULES
        if any(name == library or name.startswith(f"{library}.") for name in imports(path))
    }
    strangers = {name for name in known if not any(name.startswith(owner) for owner in OWNERS[library])}
    assert strangers == set()
    assert known


@pytest.mark.parametrize("ground", ["core", "calendars"])
def test_the_ground_floors_are_pure(ground: str) -> None:
    for path in (HOUSE / ground).rglob("*.py"):
        names = set(imports(path))
        tops = {name.partition(".")[0] for name in names}
        assert tops <= sys.stdlib_module_names | {NAME, "icalendar"}, f"{path.name} imports a framework"
        assert not (names | tops) & OUTSIDE, f"{path.name} touches the world"
        assert not re.search(r"\b(open|print|input)\(|\.now\(|\.today\(\)", path.read_text()), path.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_is_of_a_size_that_people_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LIMIT


def test_every_statement_file_is_asked_for() -> None:
    strings = {
        node.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    files = {path.stem for path in (HOUSE / "warehouse" / "queries").glob("*.sql")}
    assert files - strings == set()


@pytest.mark.parametrize("path", sorted((HOUSE / "warehouse").rglob("*.sql")), ids=lambda path: path.name)
def test_a_statement_file_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ") or text.count(";\n") == 1
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 130
