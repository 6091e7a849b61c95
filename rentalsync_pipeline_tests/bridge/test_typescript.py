"""The TypeScript client: made of the live document, compiled as strictly as it goes, and asked from node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline_tests.bridge.document import everything
from rentalsync_pipeline_tests.bridge.served import serving
from rentalsync_pipeline_tests.operations.dialects import reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town

SOURCE = Path(__file__).parents[2] / "clients" / "typescript"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("npm") and (SOURCE / "node_modules").exists()),
        reason="openapi-typescript is not installed: npm ci in clients/typescript",
    ),
]

WRONG = """\
import { rentalsync } from "./client.js";
const api = rentalsync("http://127.0.0.1");
await api.GET("/api/listings/{id}/bookings", { params: { path: { id: 1 }, query: { status: "paid" } } });
await api.POST("/api/listings/{id}/syncs", { params: { path: { id: 1 } } });
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the client, its types made anew."""
    folder = tmp_path_factory.mktemp("client")
    for file in ("client.ts", "example.ts", "package.json", "tsconfig.json"):
        shutil.copy(SOURCE / file, folder)
    (folder / "node_modules").symlink_to(SOURCE / "node_modules")
    (folder / "schema.d.ts").write_text(
        _run(folder, "npm", "run", "--silent", "generate", given=everything())
    )
    return folder


def _run(folder: Path, *command: str, given: str = "", code: int = 0) -> str:
    """What a program prints; of one that must fail also what it complains of."""
    done = subprocess.run(
        command, cwd=folder, input=given, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + (done.stderr if code else "")


def test_it_compiles_strictly_and_node_reads_the_arrivals_of_a_live_server(town: Town, client: Path) -> None:
    _run(client, "npm", "run", "--silent", "build")
    town.connect("loft-fewo-direkt", vrbo(reservation("v1", "2026-12-05", 2, "Erika Musterfrau")))
    town.listing("attic")
    town.apply()
    town.sync()
    _, token = grant(town.stores.control, "node", Role.READ, "a test", town.now)
    with serving(town, BridgeSettings()) as served:
        told = _run(client, "node", "built/example.js", served.url, token.reveal())
        assert "Authentication required" in _run(client, "node", "built/example.js", served.url, code=1)
    assert told.splitlines() == ["Attic: nobody", "Loft: Erika Musterfrau on 2026-12-05T15:00:00+01:00"]


def test_what_the_document_does_not_have_is_no_program(client: Path) -> None:
    (client / "wrong.ts").write_text(WRONG)
    try:
        told = _run(client, "npm", "run", "--silent", "build", code=2)
    finally:
        (client / "wrong.ts").unlink()
    assert "Type '\"paid\"' is not assignable" in told
    assert "/api/listings/{id}/syncs" in told
