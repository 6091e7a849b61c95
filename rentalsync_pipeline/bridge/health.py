"""`/health`: whether this server can do its work, for container orchestration."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge.context import Here
from rentalsync_pipeline.operations.watching.vitality import ailments

router = APIRouter(tags=["Health & Status"])


class Healthy(BaseModel):
    """All stores answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"status": "healthy", "version": "1.0.0", "timestamp": "2025-01-24T12:34:56Z"}
        }
    )

    status: Literal["healthy"] = "healthy"
    version: str = __version__
    timestamp: datetime


class Unhealthy(BaseModel):
    """A store does not answer."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "unhealthy", "error": "the control store does not answer"}}
    )

    status: Literal["unhealthy"] = "unhealthy"
    error: str


_SICK: dict[int | str, dict[str, Any]] = {503: {"model": Unhealthy, "description": "A store does not answer"}}


@router.get("/health", response_model=Healthy, responses=_SICK)
@router.head("/health", response_model=Healthy, include_in_schema=False)
def health(here: Here) -> Healthy | JSONResponse:
    """Ask every store that is read from."""
    found = ailments(here.control, here.feeds)
    if found:
        return JSONResponse(Unhealthy(error="; ".join(found)).model_dump(), 503)
    return Healthy(timestamp=here.now().replace(microsecond=0))
