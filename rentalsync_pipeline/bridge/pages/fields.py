"""The lines of a listing's owner's calendar: which, under which label, in which order.

Belongs here: what the buttons of that form do to the lines. Does not: which lines there are
(`operations.looking.fields`), what they say (`calendars.fields`). Every button saves all that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from pydantic import Field

from rentalsync_pipeline.bridge.custom_fields import as_rows
from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.pages import after
from rentalsync_pipeline.bridge.pages.frame import ByAdmin
from rentalsync_pipeline.bridge.schemas import CustomFieldInput, ListingId
from rentalsync_pipeline.calendars.fields import label as label_of
from rentalsync_pipeline.core.portfolio import Field as Line
from rentalsync_pipeline.operations.configuring.configure import change_listing
from rentalsync_pipeline.operations.watching.catalogue import find_unit

router = APIRouter()

Name = Annotated[str, Field(min_length=1, max_length=100)]
Label = Annotated[str, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class Typed:
    """The form: the lines in their order, which of them are shown, and the button that was pressed.

    `press` is `save`, `add`, or what is done to which line: `up:guests`, `down:guests`, `remove:guests`.
    """

    names: list[str]
    labels: list[str]
    shown: list[str]
    new: str
    press: str


def typed(
    name: Annotated[list[Name] | None, Form()] = None,
    label: Annotated[list[Label] | None, Form()] = None,
    shown: Annotated[list[Name] | None, Form()] = None,
    new: Annotated[str, Form(max_length=100)] = "",
    press: Annotated[str, Form(max_length=120)] = "save",
) -> Typed:
    """The form as it was sent."""
    return Typed(name or [], label or [], shown or [], new, press)


@router.post("/listings/{id}/fields")
def save(page: ByAdmin, number: ListingId, given: Annotated[Typed, Depends(typed)]) -> Response:
    """Put these lines in the place of all that there are."""
    here = page.here
    listing = find_unit(here.control, number, here.now()).listing
    rows = as_rows(here, listing, _pressed(_lines(given), given))
    change_listing(here.control, listing.slug, {"fields": rows}, page.by, here.now())
    return after.changed(page, f"/listings/{number}", "The lines are saved.", listing.slug)


def _lines(given: Typed) -> list[CustomFieldInput]:
    if len(given.names) != len(given.labels):
        raise Refused(400, "This form is not whole", "go back, reload the page and send it again")
    return [
        CustomFieldInput(field_name=name, display_label=said, enabled=name in given.shown)
        for name, said in zip(given.names, given.labels, strict=True)
    ]


def _pressed(lines: list[CustomFieldInput], given: Typed) -> list[CustomFieldInput]:
    """The lines after the button; one that isn't there can't be moved."""
    press, _, name = given.press.partition(":")
    place = next((at for at, line in enumerate(lines) if line.field_name == name), None)
    if press == "add" and given.new:
        return [*lines, CustomFieldInput(field_name=given.new, display_label=label_of(Line(given.new)))]
    return lines if place is None else _MOVES.get(press, _as_it_is)(lines, place)


def _as_it_is(lines: list[CustomFieldInput], _place: int) -> list[CustomFieldInput]:
    return lines


def _up(lines: list[CustomFieldInput], place: int) -> list[CustomFieldInput]:
    return _down(lines, place - 1) if place else lines


def _down(lines: list[CustomFieldInput], place: int) -> list[CustomFieldInput]:
    return [*lines[:place], *lines[place : place + 2][::-1], *lines[place + 2 :]]


def _remove(lines: list[CustomFieldInput], place: int) -> list[CustomFieldInput]:
    return lines[:place] + lines[place + 1 :]


_MOVES: dict[str, Callable[[list[CustomFieldInput], int], list[CustomFieldInput]]] = {
    "up": _up,
    "down": _down,
    "remove": _remove,
}
