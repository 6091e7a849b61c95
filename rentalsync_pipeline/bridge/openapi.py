"""The OpenAPI document, in version 3.0.3 as the contract promises, and the page that shows it.

Belongs here: from FastAPI's 3.1 to 3.0.3, and Swagger UI from this package's own files (no CDN). Does not:
describing routes (each router does).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rentalsync_pipeline.bridge import once

_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_ABOUT = "One trusted calendar per listing, out of the calendars of every booking channel."
_ERROR = {
    "description": "Not with this key",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorSchema"}}},
}
_FOREIGN = ("HTTPValidationError", "ValidationError")

router = APIRouter(include_in_schema=False)


def document(app: FastAPI) -> dict[str, Any]:
    """The document of all routes that are on."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=_ABOUT,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    _forget_foreign_errors(made)
    _tell_of_keys(made)
    lowered: dict[str, Any] = _lowered(made)
    return {**lowered, "openapi": "3.0.3"}


def _forget_foreign_errors(document: dict[str, Any]) -> None:
    """Drop the 422 that FastAPI adds to each route that takes anything: ours are declared, with our body."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if _FOREIGN[0] in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    for name in _FOREIGN:
        document["components"]["schemas"].pop(name, None)


def _tell_of_keys(document: dict[str, Any]) -> None:
    """Add to each POST of somebody who is recognised that it may be sent again, and what is answered then."""
    for operations in document["paths"].values():
        post = operations.get("post", {})
        if "security" in post:
            post.setdefault("parameters", []).append(dict(once.PARAMETER))
            for status in (400, 409, 422):
                post["responses"].setdefault(str(status), _ERROR)


def _lowered(node: Any) -> Any:
    """A part of a 3.1 document as 3.0 writes it."""
    if isinstance(node, list):
        return [_lowered(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    lowered = {key: _lowered(value) for key, value in node.items()}
    return _without_null(_without_const(lowered))


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` with null becomes `nullable`; beside a `$ref` nothing else may stand, so that is wrapped."""
    choices = node.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return node
    rest = [choice for choice in choices if choice != {"type": "null"}]
    others = {key: value for key, value in node.items() if key != "anyOf"}
    if len(rest) > 1:
        return {**others, "anyOf": rest, "nullable": True}
    only = {"allOf": rest} if "$ref" in rest[0] else rest[0]
    return {**others, **only, "nullable": True}


def _without_const(node: dict[str, Any]) -> dict[str, Any]:
    if "const" not in node:
        return node
    return {**{key: value for key, value in node.items() if key != "const"}, "enum": [node["const"]]}


@router.get("/openapi.json")
@router.get("/api/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The document, its server being the path at which a proxy shows us."""
    app: FastAPI = request.app
    app.openapi_schema = app.openapi_schema or document(app)
    return JSONResponse({**app.openapi_schema, "servers": [{"url": _root(request) or "/"}]})


@router.get("/docs")
@router.get("/api/docs")
def docs(request: Request) -> HTMLResponse:
    """Swagger UI."""
    root = _root(request)
    return get_swagger_ui_html(
        openapi_url=f"{root}/api/openapi.json",
        title=request.app.title,
        swagger_js_url=f"{root}/api/docs/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/api/docs/swagger-ui.css",
        swagger_favicon_url="data:,",
    )


@router.get("/api/docs/{name}")
def asset(name: str) -> Response:
    """One of the files of Swagger UI."""
    if name not in _ASSETS:
        return Response(status_code=404)
    data = files("rentalsync_pipeline.bridge").joinpath("swagger", f"{name}.gz").read_bytes()
    headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=86400"}
    return Response(data, media_type=_ASSETS[name], headers=headers)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")
