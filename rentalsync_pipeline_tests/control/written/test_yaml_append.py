from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.control.written.yaml_append import NoPlaceError, append

ENTRY = {"id": "new", "url": "${X}"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "list:\n  - id: new\n    url: ${X}\n", id="empty file"),
        pytest.param("a: 1\n", "a: 1\nlist:\n  - id: new\n    url: ${X}\n", id="no such key"),
        pytest.param("a: 1", "a: 1\nlist:\n  - id: new\n    url: ${X}\n", id="no newline at the end"),
        pytest.param(
            "list:   # mine\n  # - id: example\nb: 2\n",
            "list:   # mine\n  - id: new\n    url: ${X}\n  # - id: example\nb: 2\n",
            id="no value",
        ),
        pytest.param(
            "list: []  # none yet\nb: 2\n", "list:   # none yet\n  - id: new\n    url: ${X}\nb: 2\n", id="[]"
        ),
        pytest.param(
            "list:\n  - id: a  # first\n    # its own comment\n\n# of b\nb: 2\n",
            "list:\n  - id: a  # first\n    # its own comment\n  - id: new\n    url: ${X}\n\n# of b\nb: 2\n",
            id="comments stay where they belong",
        ),
        pytest.param(
            "list:\n- id: a\n- id: b\nb: 2\n",
            "list:\n- id: a\n- id: b\n- id: new\n  url: ${X}\nb: 2\n",
            id="not indented",
        ),
        pytest.param(
            "list:\n    - id: a\n      listings:\n        x: y",
            "list:\n    - id: a\n      listings:\n        x: y\n    - id: new\n      url: ${X}\n",
            id="deep, last in the file",
        ),
        pytest.param(
            "list:\n  - |\n    text\n\n  - id: b\n\n\nb: 2\n",
            "list:\n  - |\n    text\n\n  - id: b\n  - id: new\n    url: ${X}\n\n\nb: 2\n",
            id="blank lines",
        ),
        pytest.param(
            "list:\r\n  - id: a\r\nb: 2\r\n",
            "list:\r\n  - id: a\r\n  - id: new\r\n    url: ${X}\r\nb: 2\r\n",
            id="CRLF",
        ),
    ],
)
def test_an_entry_goes_to_the_end_of_its_list(before: str, after: str) -> None:
    assert append(before, "list", ENTRY) == after


@pytest.mark.parametrize("before", ["list: [a]\n", "list: {a: b}\n", "list: text\n", "- a\n"])
def test_a_list_that_is_written_otherwise_is_refused(before: str) -> None:
    with pytest.raises(NoPlaceError):
        append(before, "list", ENTRY)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_any_value_is_quoted_as_it_needs(value: str) -> None:
    text = append("list:\n  - id: a\nb: 2\n", "list", {"id": "new", "name": value})
    assert yaml.safe_load(text) == {"list": [{"id": "a"}, {"id": "new", "name": value}], "b": 2}
