"""Every document that a verb prints or a module returns keeps to the published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA

VALIDATOR = Draft202012Validator(SCHEMA)
READERS = {"json": json.loads, "yaml": yaml.safe_load}
ASKED = re.compile(r"(?:^| )(?:-o|--output)[ =]?(json|yaml)(?: |$)")


def mistakes(document: Any) -> list[str]:
    """What the schema has against it, each with its place."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def check(document: Any) -> Any:
    """The document as it is printed, if the schema has nothing against it; sentences in neutral words."""
    printed = json.loads(json.dumps(document, default=str))
    found = mistakes(printed)
    assert not found, "\n".join(found)
    return printed


def check_printed(words: Sequence[str], stdout: str) -> None:
    """Check what a command of iamsa printed with `-o json` or `-o yaml`; a failure may print nothing."""
    asked = ASKED.search(" ".join(words))
    if asked and stdout:
        check(READERS[asked[1]](stdout))


def check_returned(value: Any) -> None:
    """Check every document in what a module returns."""
    for document in _documents(value):
        check(document)


def _documents(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and str(value.get("apiVersion")).startswith("iamsa/"):
        yield value
    elif isinstance(value, dict):
        yield from _documents(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _documents(one)
