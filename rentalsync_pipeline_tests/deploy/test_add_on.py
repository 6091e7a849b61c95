"""The add-on of Home Assistant: read as the Supervisor reads it, started as the Supervisor starts it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.channels.registry import calendars
from rentalsync_pipeline.operations.configuring.options import Calendar, Listing, Options, read
from rentalsync_pipeline_tests.deploy.test_container import instructions

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "home-assistant"
ADDON = FOLDER / "rentalsync"
CONFIG: dict[str, Any] = yaml.safe_load((ADDON / "config.yaml").read_text())
PATIENCE = 120

KEYS = {
    "name": str,
    "version": re.compile(r"\d+\.\d+\.\d+"),
    "slug": re.compile(r"[-_.A-Za-z0-9]+"),
    "description": str,
    "arch": {"amd64", "aarch64"},
    "homeassistant": re.compile(r"20\d\d\.\d+\.\d+"),
    "startup": re.compile("initialize|system|services|application|once"),
    "timeout": range(10, 301),
    "panel_title": str,
    "panel_icon": re.compile(r"mdi:[a-z0-9-]+"),
    "ingress": bool,
    "ingress_port": range(1, 65536),
    "ingress_entry": str,
    "watchdog": re.compile(r"(?:https?|\[PROTO:\w+\]|tcp)://\[HOST\]:(\[PORT:\d+\]|\d+).*"),
    "ports": dict,
    "ports_description": dict,
    "map": {"addon_config"},
    "environment": dict,
    "backup": re.compile("hot|cold"),
    "backup_exclude": list,
    "options": dict,
    "schema": dict,
}
"""The keys that we use, and what Home Assistant takes for each (developers.home-assistant.io, `Add-on
configuration`; `supervisor/addons/validate.py`). What it does not know it drops without a word."""

ELEMENT = re.compile(
    r"(?:bool|url|port|str(?:\(\d*,\d*\))?|password(?:\(\d*,\d*\))?|int(?:\(\d*,\d*\))?|match\(.*\)|list\(.+\))\??"
)
"""What it takes for one value of `schema` (`supervisor/addons/options.py`), without what we don't use."""


def test_every_key_is_one_that_home_assistant_knows() -> None:
    for key, value in CONFIG.items():
        match KEYS[key]:
            case re.Pattern() as pattern:
                assert pattern.fullmatch(value), key
            case set() as choices:
                assert set(value) <= choices, key
            case range() as numbers:
                assert value in numbers, key
            case type() as kind:
                assert isinstance(value, kind), key
    assert CONFIG["version"] == __version__
    assert ADDON.name == CONFIG["slug"]


def _elements(schema: dict[str, Any]) -> Iterator[str]:
    for value in schema.values():
        inner = value[0] if isinstance(value, list) else value
        yield from _elements(inner) if isinstance(inner, dict) else (inner,)


def test_every_option_has_a_form_that_home_assistant_knows() -> None:
    assert all(ELEMENT.fullmatch(each) for each in _elements(CONFIG["schema"]))
    missing = CONFIG["schema"].keys() - CONFIG["options"].keys()
    assert all(str(CONFIG["schema"][each]).endswith("?") for each in missing)  # a list can't be left out
    for each in CONFIG["options"].keys() - {"calendars", "listings"}:
        if wanted := re.fullmatch(r"match\((.*)\)", str(CONFIG["schema"][each])):
            assert re.match(wanted[1], CONFIG["options"][each])


@pytest.mark.parametrize(
    ("form", "schema"),
    [
        (Options, CONFIG["schema"]),
        (Calendar, CONFIG["schema"]["calendars"][0]),
        (Listing, CONFIG["schema"]["listings"][0]),
    ],
)
def test_the_options_are_those_that_we_read(form: type[BaseModel], schema: dict[str, Any]) -> None:
    assert schema.keys() == form.model_fields.keys()


def test_the_defaults_of_the_page_are_ours() -> None:
    shown = {name: value for name, value in CONFIG["options"].items() if name != "public_url"}
    assert read(json.dumps(shown)) == read("{}")


def test_every_channel_with_a_calendar_can_be_chosen() -> None:
    choices = CONFIG["schema"]["calendars"][0]["channel"].removeprefix("list(").removesuffix(")?").split("|")
    assert set(choices) == calendars().keys()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_option_and_port_is_explained(language: str) -> None:
    said = yaml.safe_load((ADDON / "translations" / f"{language}.yaml").read_text(encoding="utf-8"))
    assert said["configuration"].keys() == CONFIG["schema"].keys()
    assert all(each["name"] and each["description"] for each in said["configuration"].values())
    assert said["network"].keys() == CONFIG["ports"].keys() == CONFIG["ports_description"].keys()


@pytest.mark.parametrize(("name", "size"), [("icon", (128, 128)), ("logo", (250, 100))])
def test_the_pictures_have_the_sizes_that_are_asked_for(name: str, size: tuple[int, int]) -> None:
    data = (ADDON / f"{name}.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == size


def test_the_newest_version_is_in_the_changelog() -> None:
    headings = re.findall(r"^## (.+)$", (ADDON / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == CONFIG["version"]


@pytest.mark.parametrize("script", ["assemble", "rentalsync/run.sh"])
def test_shellcheck_has_nothing_to_say(script: str) -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    said = subprocess.run(["shellcheck", str(FOLDER / script)], capture_output=True, text=True, check=False)
    assert said.stdout == ""


def test_the_assembled_add_on_holds_all_that_its_dockerfile_copies(tmp_path: Path) -> None:
    subprocess.run([str(FOLDER / "assemble"), str(tmp_path)], check=True)
    assembled = tmp_path / CONFIG["slug"]
    assert yaml.safe_load((tmp_path / "repository.yaml").read_text())["name"]
    steps = instructions((assembled / "Dockerfile").read_text())
    copies = [said.split()[:-1] for step, said in steps if step == "COPY" and "--from" not in said]
    assert all((assembled / each).exists() for sources in copies for each in sources)
    assert os.access(assembled / "run.sh", os.X_OK)
    assert not list(assembled.rglob("__pycache__"))
    stages = {said.split(" AS ")[1] for step, said in steps if step == "FROM"}
    assert stages == {"build", "runtime", "addon"}


# Started


INGRESS = {"X-Ingress-Path": "/api/hassio_ingress/secret", "X-Remote-User-Name": "amy"}
SUPERVISOR, SOMEBODY = "127.0.0.2", "127.0.0.3"
"""Both are this machine; who asks is told by the address that it asks from."""

needs_addresses = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 needs Linux")


@dataclass(frozen=True)
class Addon:
    """An add-on that runs."""

    port: int
    data: Path

    def ask(self, path: str, sender: str = SUPERVISOR, headers: dict[str, str] = INGRESS) -> tuple[int, str]:
        """Status and body, or where it leads."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=20, source_address=(sender, 0)
        )
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("location") or answer.read().decode()
        finally:
            connection.close()


def options(**changed: Any) -> dict[str, Any]:
    calendar = {"listing": "loft", "url": "https://calendar.example.com/loft.ics"}
    return {**CONFIG["options"], "calendars": [calendar], **changed}


def prepared(folder: Path, chosen: dict[str, Any], port: int, up: str = "") -> dict[str, str]:
    """The environment of the script, in folders of its own; `up` is what stands in for that command."""
    data, program = folder / "data", folder / "bin" / "rentalsync"
    for each in (data, folder / "config", program.parent):
        each.mkdir(exist_ok=True)
    instead = f'[ "$1" = up ] && {up}\n' if up else ""
    program.write_text(f'#!/bin/sh\n{instead}exec {sys.executable} -m rentalsync_pipeline "$@"\n')
    program.chmod(0o755)
    (data / "options.json").write_text(json.dumps(chosen))
    return os.environ | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "ADDON_DATA": str(data),
        "ADDON_CONFIG": str(folder / "config"),
        "ADDON_PORT": str(port),
        "RENTALSYNC_TRUSTED_PROXIES": SUPERVISOR,
        "RENTALSYNC_SCHEDULES": "off",
        "TZ": "Europe/Rome",
    }


@pytest.fixture(scope="module")
def addon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addon]:
    """As the Supervisor starts it, and ends it."""
    folder = tmp_path_factory.mktemp("addon")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = prepared(folder, options(max_listings=1), port)
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([str(ADDON / "run.sh")], env=env, stdout=log, stderr=log)
    found = Addon(port, folder / "data")
    try:
        _wait(found, running, folder / "log")
        yield found
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0


def _wait(addon: Addon, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert running.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        try:
            addon.ask("/health")
        except OSError:
            time.sleep(0.2)
        else:
            return


@pytest.mark.slow
@needs_addresses
def test_whoever_comes_through_home_assistant_is_let_in(addon: Addon) -> None:
    assert addon.ask(f"/{CONFIG['ingress_entry']}") == (303, f"{INGRESS['X-Ingress-Path']}/admin/")
    status, page = addon.ask("/admin/")
    assert status == 200
    assert f'href="{INGRESS["X-Ingress-Path"]}/admin/' in page
    status, listings = addon.ask("/api/listings")
    (loft,) = json.loads(listings)["listings"]
    assert (status, loft["name"], loft["timezone"]) == (200, "Loft", "Europe/Rome")
    assert loft["ical_url"].startswith("http://homeassistant.local:8099/ical/loft-")


@pytest.mark.slow
@needs_addresses
def test_whoever_writes_the_same_headers_from_elsewhere_is_not(addon: Addon) -> None:
    status, said = addon.ask("/api/listings", sender=SOMEBODY)
    assert (status, json.loads(said)["error"]) == (401, "Authentication required")
    assert addon.ask("/health", sender=SOMEBODY)[0] == 200


@pytest.mark.slow
def test_what_is_secret_in_the_options_stays_with_the_add_on(addon: Addon) -> None:
    folder = addon.data / "rentalsync"
    holders = [
        each for each in folder.iterdir() if each.is_file() and b"calendar.example.com" in each.read_bytes()
    ]
    assert {each.name for each in holders} == {"options.json", "secrets.env"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in holders)
    assert "MAX_LISTINGS=1" in (folder / "addon.env").read_text()


@pytest.mark.slow
def test_a_file_of_the_users_own_goes_before_the_options_and_a_mistake_in_it_stops_nothing(
    tmp_path: Path,
) -> None:
    env = prepared(tmp_path, options(), 8099, up='{ echo "up with $MAX_LISTINGS: $*"; exit; }')
    own = tmp_path / "config" / "rentalsync.yaml"
    for key, said in (("listings", ""), ("listngs", "what was applied before goes on")):
        own.write_text(f"version: 1\n{key}: [{{slug: villa, timezone: UTC}}]\n")
        done = subprocess.run([str(ADDON / "run.sh")], env=env, capture_output=True, text=True, check=True)
        assert said in done.stderr
        assert "up with 50: up --no-ui --http-host 0.0.0.0 --http-port 8099" in done.stdout
    home = tmp_path / "data" / "rentalsync" / ".rentalsync"
    listed = ["rentalsync", "listings", "--json", "--home", str(home)]
    answer = subprocess.run(listed, env=env, capture_output=True, text=True, check=True)
    assert [each["slug"] for each in json.loads(answer.stdout)] == ["villa"]


def test_only_the_supervisor_is_believed_who_somebody_is() -> None:
    settings = BridgeSettings.of(CONFIG["environment"])
    assert settings.trusts("172.30.32.2")
    assert not any(map(settings.trusts, ("172.30.32.1", "172.30.33.2", "127.0.0.1")))
