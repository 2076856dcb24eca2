"""The annotation skip-containers as Go's encoding/csv reads it."""

from __future__ import annotations

import pytest
from pocket_eks.webhook.csv_record import first_record


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", set()),
        ("side", {"side"}),
        ("side\n", {"side"}),
        ("side\r\n", {"side"}),
        ("side\r", {"side"}),
        ("\n\nside", {"side"}),
        ("a,b\nc", {"a", "b"}),
        ("a, b", {"a", " b"}),
        ("a,", {"a", ""}),
        ("a,\nb", {"a", ""}),
        (",", {""}),
        ('"a,b",c', {"a,b", "c"}),
        ('"a ""b"""', {'a "b"'}),
        ('"a\nb",c', {"a\nb", "c"}),
        ('"",a', {"", "a"}),
        ('"a"\n"', {"a"}),
        ('a,"b', set()),
        ('"a"b', set()),
        ('a"b', set()),
        ('a,b"', set()),
        ('"', set()),
        ('a\nb"', {"a"}),
    ],
)
def test_the_first_record(text: str, fields: set[str]) -> None:
    assert first_record(text) == fields
