# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the YAML text of a policy document."""

from __future__ import annotations

from typing import Any, NoReturn

from .json_text import Place, decoded
from .yaml_nodes import read_documents


def parse_yaml(raw: bytes, place: Place) -> Any:
    """The value of `raw`, which must be one YAML document without tags, anchors and duplicate keys.

    Raises:
        InvalidFile: the text is empty, too large, not UTF-8 or not such a document.
    """

    def refuse(line: int, column: int, problem: str, remedy: str) -> NoReturn:
        where = place.at(f"line {line}, column {column}") if line else place
        raise where.refusal(problem, remedy)

    documents = read_documents(decoded(raw, place), refuse)
    document = next(documents, None)
    if document is None:
        raise place.refusal("is empty", "write a policy document to it")
    further = next(documents, None)
    if further is not None:
        refuse(further.line, further.column, "starts a second document", "keep one document")
    return document.plain()
