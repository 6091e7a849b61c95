"""The OpenAPI document with all that can be switched on; as a program it prints it, to make clients of."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from rentalsync_pipeline.bridge.app import create_app
from rentalsync_pipeline.bridge.openapi import document
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON


def everything() -> str:
    """The document as JSON."""
    with TemporaryDirectory() as folder:
        app = create_app(init(Path(folder), env={}).home, folder, SWITCHED_ON)
        try:
            return json.dumps(document(app))
        finally:
            app.state.bridge.control.close()


if __name__ == "__main__":
    print(everything())
