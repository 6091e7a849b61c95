"""What an error looks like: `{"error": …, "detail"?: …}` with the status codes of the contract.

Belongs here: exceptions to answers, and their form for machines. Does not: deciding that something is wrong,
the form for people (`pages`). No answer quotes what was sent, as it may be a secret.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from rentalsync_pipeline.control.vault import VaultError
from rentalsync_pipeline.control.written.merge import DanglingError
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.operations.asking import NobodyLooks
from rentalsync_pipeline.operations.configuring.configure import SlugTaken, TooManyListings
from rentalsync_pipeline.operations.configuring.configure_connections import ConnectionTaken
from rentalsync_pipeline.operations.configuring.integrations import SeveralError, UnfitError
from rentalsync_pipeline.operations.configuring.properties import IdleError
from rentalsync_pipeline.operations.looking.versions import NoVersionError
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.syncing.settle import UnresolvableError
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
    UnfitError: 400,
    UnknownError: 404,
    SlugTaken: 409,
    ConnectionTaken: 409,
    DanglingError: 409,
    SeveralError: 409,
    IdleError: 409,
    WrongValueError: 422,
    MissingVariable: 503,
    VaultError: 503,
    NoVersionError: 404,
    UnresolvableError: 409,
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
    413: "Request body too large",
    422: "Validation error",
    429: "Too many failed attempts",
    503: "Service unavailable",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its documentation."""
    return {status: {"model": ErrorSchema, "description": _WORDS[status]} for status in statuses}


def described(error: Exception) -> Refused:
    """What is answered to whom an error meets, in whatever form; of a fault of ours they learn nothing."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, HTTPException):
        return Refused(error.status_code, str(error.detail), headers=error.headers)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    for kind, status in _KNOWN.items():
        if isinstance(error, kind):
            return Refused(status, str(error), error.remedy if isinstance(error, WrongValueError) else None)
    _log.error("an unexpected %s", type(error).__name__)
    return Refused(500, "Internal server error")


Answering = Callable[[Request, Exception], Response]


def install(app: FastAPI, answer: Answering) -> None:
    """Let the app answer every error in that form."""
    for kind in (Refused, HTTPException, RequestValidationError, Exception, *_KNOWN):
        app.add_exception_handler(kind, answer)


def as_json(_request: Request, error: Exception) -> JSONResponse:
    """The form for machines."""
    told = described(error)
    body = {"error": told.error, **({"detail": told.detail} if told.detail else {})}
    return JSONResponse(body, told.status, headers=told.headers)


def _invalid(error: RequestValidationError) -> Refused:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return Refused(400, "Invalid request body", "it is no JSON")
    where = ".".join(map(str, first["loc"]))
    return Refused(422, "Validation error", f"{where}: {first['msg']}")
