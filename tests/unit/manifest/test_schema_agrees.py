# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published JSON Schema and apply's own check of the structure accept and refuse the same documents."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from unit.schema.test_schema import manifest

from ansible_collections.iamsa.eks.plugins.module_utils.manifest.place import Place
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.structure import structure_faults
from ansible_collections.iamsa.eks.plugins.module_utils.policy.yaml_nodes import read_documents
from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA
from ansible_collections.iamsa.eks.plugins.module_utils.schema.manifest import ROLE_MANIFEST

PUBLISHED = Draft202012Validator(SCHEMA)
WHOLE = manifest()
_SCALARS = [None, True, False, 0, 1, 3600, 1.0, 1.5, "", "a", "/a/", "1h", "irsa", "finish", "a\n", "1h\n"]
_POLICIES = [{"file": "a"}, {"name": "a", "document": {}}, {"template": "external-dns@2026-08"}]
_OTHERS = [{}, {"a": "b"}, {"name": "a"}, {"arn": "a"}, {"pattern": "a/b"}, {"namespace": "a", "name": "b"}]
# Copies, because a later change of the document changes a value that was put into it.
VALUES = st.sampled_from([*_SCALARS, *_POLICIES, *_OTHERS, [], ["a"], [{}]]).map(deepcopy)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to each value of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, one in inner for path in paths(one, (*before, key)))]


# apiVersion and kind decide what a document is, before its structure is checked.
PATHS = [path for path in paths(WHOLE) if path and path[0] not in ("apiVersion", "kind")]


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """The manifest with every setting, after some changes: values replaced, removed, or added."""
    document = json.loads(json.dumps(WHOLE))
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4)):
        parent: Any = document
        for key in path[:-1]:
            try:
                parent = parent[key]
            except (KeyError, IndexError, TypeError):
                parent = None
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if isinstance(parent, dict) and change == "remove":
            parent.pop(path[-1], None)
        elif isinstance(parent, dict):
            parent[path[-1] if change == "replace" else draw(st.sampled_from(["x", "arn", "name"]))] = draw(
                VALUES
            )
        elif isinstance(parent, list) and path[-1] in range(len(parent)):
            parent[path[-1]] = draw(VALUES)
    return document


def is_accepted(document: Any) -> bool:
    (node,) = read_documents(json.dumps(document), refuse)
    return not [*structure_faults(node, ROLE_MANIFEST, Place("roles.yaml", 1))]


def refuse(*fault: Any) -> None:
    raise AssertionError(fault)


def test_the_manifest_with_every_setting_is_accepted() -> None:
    assert is_accepted(WHOLE)


@given(documents())
def test_both_accept_and_refuse_the_same(document: Any) -> None:
    assert is_accepted(document) == PUBLISHED.is_valid(document)
