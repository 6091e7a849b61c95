"""What pydantic finds wrong, in our words.

Belongs here: one table of its error types, and what keys are known where. Does not: our own rules, whose
errors bring their words along. The value that was found is never quoted: it may be a secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rentalsync_pipeline.control.written.problems import Steps, WrongValueError
from rentalsync_pipeline.control.written.yaml_lines import Finding

_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", "add it"),
    "bool_type": ("must be true or false", "write `true` or `false`, without quotes"),
    "int_type": ("must be a whole number", "write it without quotes"),
    "list_type": ("must be a list", "write one `- ` a line"),
    "dict_type": ("must be a mapping", "write `key: value`, one a line"),
    "model_type": ("must be a mapping", "write `key: value`, one a line"),
    "literal_error": ("is not one of the choices", "choose {expected}"),
    "enum": ("is not one of the choices", "choose {expected}"),
    "greater_than_equal": ("is too small", "write {ge} or more"),
    "less_than_equal": ("is too large", "write {le} or less"),
    "too_short": ("is empty", "write something, or leave it out"),
}


def findings(model: type[BaseModel], error: ValidationError, steps: Steps) -> Iterator[Finding]:
    """Each of pydantic's errors about an entry that stands at `steps`."""
    for details in error.errors(include_url=False, include_input=False):
        yield (*steps, *details["loc"]), *_words(model, details)


def _words(model: type[BaseModel], details: ErrorDetails) -> tuple[str, str]:
    context = details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, WrongValueError):
        return cause.message, cause.remedy
    if details["type"] == "extra_forbidden":
        return "unknown key", _known(model, details["loc"])
    message, remedy = _WORDS[details["type"]]
    return message, remedy.format(**context)


def _known(model: type[BaseModel], steps: Steps) -> str:
    for step in steps[:-1]:
        field = model.model_fields.get(str(step))
        model = (field and _model_in(field.annotation)) or model
    near = get_close_matches(str(steps[-1]), model.model_fields, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(model.model_fields)}"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `list[FieldEntry] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
