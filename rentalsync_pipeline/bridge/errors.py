"""What an error looks like: `{"error": …, "detail"?: …}`, always, with the status codes of the contract.

Belongs here: exceptions to answers. Does not: deciding that something is wrong. No answer quotes what was
sent, as it may be a secret.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from rentalsync_pipeline.control.merge import DanglingError
from rentalsync_pipeline.control.problems import WrongValueError
from rentalsync_pipeline.control.variables import MissingVariable
from rentalsync_pipeline.control.vault import VaultError
from rentalsync_pipeline.operations.asking import NobodyLooks
from rentalsync_pipeline.operations.configuring.configure import SlugTaken, TooManyListings
from rentalsync_pipeline.operations.configuring.configure_connections import ConnectionTaken
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.warehouse.version import OutdatedError

_log = logging.getLogger(__name__)


class ErrorSchema(BaseModel):
    """Any answer that is not a success."""

    model_config = ConfigDict(json_schema_extra={"example": {"error": "Listing not found"}})

    error: str
    """What is wrong."""
    detail: str | None = None
    """Where, or what to do."""


class Refused(Exception):
    """An answer other than success."""

    def __init__(
        self, status: int, error: str, detail: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.status, self.error, self.detail, self.headers = status, error, detail, headers


_KNOWN: Mapping[type[Exception], int] = {
    TooManyListings: 400,
    UnknownError: 404,
    SlugTaken: 409,
    ConnectionTaken: 409,
    DanglingError: 409,
    WrongValueError: 422,
    MissingVariable: 503,
    VaultError: 503,
    NobodyLooks: 503,
    OutdatedError: 503,
}
"""Errors of the verbs below, whose message says what is wrong and often what to do."""

_WORDS: Mapping[int, str] = {
    400: "Bad request",
    401: "Authentication required",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    422: "Validation error",
    429: "Too many failed attempts",
    503: "Service unavailable",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its documentation."""
    return {status: {"model": ErrorSchema, "description": _WORDS[status]} for status in statuses}


def install(app: FastAPI) -> None:
    """Let the app answer every error in the one form."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _fault)
    for kind in _KNOWN:
        app.add_exception_handler(kind, _known)


def _answer(
    status: int, error: str, detail: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body = {"error": error, **({"detail": detail} if detail else {})}
    return JSONResponse(body, status, headers=headers)


def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101 that is what it is installed for, here and below
    return _answer(error.status, error.error, error.detail, error.headers)


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    return _answer(error.status_code, str(error.detail), headers=error.headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _answer(400, "Invalid request body", "it is no JSON")
    where = ".".join(map(str, first["loc"]))
    return _answer(422, "Validation error", f"{where}: {first['msg']}")


def _known(_request: Request, error: Exception) -> JSONResponse:
    status = next(status for kind, status in _KNOWN.items() if isinstance(error, kind))
    return _answer(status, str(error), error.remedy if isinstance(error, WrongValueError) else None)


def _fault(_request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: the log says where it happened, the caller learns nothing."""
    _log.error("an unexpected %s", type(error).__name__)
    return _answer(500, "Internal server error")
