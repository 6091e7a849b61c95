"""The container's files: what they name is there, and what they run does what it should."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from rentalsync_pipeline.cli import cli

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "container"
COMPOSE = {path.name: yaml.safe_load(path.read_text()) for path in FOLDER.glob("compose*.yaml")}
LOOPBACK = "127.0.0.1:"


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction of a Dockerfile with its words, comments and line ends taken away."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, words.strip()) for name, _, words in (line.partition(" ") for line in joined.splitlines())]


STEPS = instructions((FOLDER / "Dockerfile").read_text())


def words(name: str) -> list[str]:
    return [said for step, said in STEPS if step == name]


def copied() -> list[str]:
    """What is copied from the folder that an image is built in."""
    return [each for said in words("COPY") if "--from" not in said for each in said.split()[:-1]]


def understood(command: list[str]) -> click.Context:
    """The command line as `rentalsync` takes it; raises where it would refuse it."""
    name, *arguments = command
    parent = click.Context(cli, info_name="rentalsync")
    found = cli.get_command(parent, name)
    assert found
    return found.make_context(name, list(arguments), parent=parent)


def test_what_runs_is_a_command_of_ours_as_a_user_of_its_own() -> None:
    (entry,), (command,) = words("ENTRYPOINT"), words("CMD")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert set(json.loads(entry)) <= scripts.keys()
    context = understood(json.loads(command))
    assert context.params["http_host"] == "0.0.0.0"
    assert words("EXPOSE") == [str(context.params["http_port"])]
    (user,) = words("USER")
    (made,) = [said for said in words("RUN") if "useradd" in said]
    assert shlex.split(made.partition("&&")[0])[-1] == user
    assert STEPS.index(("USER", user)) > max(STEPS.index(("RUN", said)) for said in words("RUN"))


def test_the_image_holds_what_is_locked_and_nothing_else() -> None:
    (locked,) = [said for said in words("RUN") if "requirements.lock" in said]
    assert {"--require-hashes", "--only-binary"} <= set(locked.split())
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    let_in = {each.removeprefix("!") for each in patterns if each.startswith("!")}
    assert let_in == set(copied())
    assert all((ROOT / each).exists() for each in let_in)
    assert any(fnmatch.fnmatch("rentalsync_pipeline/cli/__pycache__", each) for each in patterns[1:])


@pytest.mark.slow
def test_what_is_copied_is_enough_to_make_the_package(tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    for each in copied():
        place = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
        place(ROOT / each, tmp_path / "context" / each)
    (install,) = [said for said in words("RUN") if "--no-deps" in said]
    options = [each for each in install.split() if each.startswith("--")]
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", *options, "--wheel-dir", str(tmp_path), "."]
    subprocess.run(wheel, cwd=tmp_path / "context", check=True)
    (made,) = tmp_path.glob("rentalsync_pipeline-*.whl")
    with zipfile.ZipFile(made) as archive:
        packed = set(archive.namelist())
    ours = {path for path in (ROOT / "rentalsync_pipeline").rglob("*") if path.is_file()}
    assert {str(path.relative_to(ROOT)) for path in ours if "__pycache__" not in path.parts} <= packed


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server that answers every question with that status."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        yield server.server_port


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_sick_server_is_an_unhealthy_container(status: int, code: int) -> None:
    (check,) = words("HEALTHCHECK")
    _, *command = json.loads(check.partition("CMD ")[2])
    with answering(status) as port:
        asked = [each.replace(":8000/", f":{port}/") for each in command]
        assert asked != command
        done = subprocess.run([sys.executable, *asked], capture_output=True, check=False)
    assert done.returncode == code


@pytest.mark.parametrize("name", COMPOSE)
def test_every_service_is_kept_within_bounds(name: str) -> None:
    for service in COMPOSE[name]["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]


def test_alone_it_is_reached_from_its_own_machine_only() -> None:
    service = COMPOSE["compose.yaml"]["services"]["rentalsync"]
    context = understood(service["command"])
    inside = {str(context.params[port]) for port in ("http_port", "port")}
    assert {each.removeprefix(LOOPBACK) for each in service["ports"]} == {f"{each}:{each}" for each in inside}
    assert all(each.startswith(LOOPBACK) for each in service["ports"])
    assert (FOLDER / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_over_https_the_world_reaches_calendars_and_no_api() -> None:
    services = COMPOSE["compose.https.yaml"]["services"]
    context = understood(services["calendars"]["command"])
    assert context.params["feeds_only"]
    assert context.params["host"] is None  # Caddy is on the same loopback
    assert services["caddy"]["network_mode"] == "service:calendars"
    (configuration, *_) = services["caddy"]["volumes"][0].split(":")
    assert f"reverse_proxy {LOOPBACK}{context.params['port']}" in (FOLDER / configuration).read_text()
    assert services["calendars"]["volumes"] == COMPOSE["compose.yaml"]["services"]["rentalsync"]["volumes"]
