# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module returns: the same documents as the command line's, in the spelling of Ansible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..documents.outcome import outcome_document, removed_document
from ..documents.parts import step_documents
from ..errors import IamsaError
from ..model.outcome import DeleteResult, Outcome
from ..model.steps.provider import ProviderStep
from ..model.steps.step import Step
from ..plan.snapshot import Snapshot
from ..wording.text import Phrase
from .words import in_words

# What the user or AWS has spelled, and nobody may spell anew.
_DATA = frozenset({"annotations", "tags", "trustPolicy", "statement"})
# What the command line's documents have besides.
_LEFT_OUT = ("apiVersion", "kind", "metadata", "changed", "dryRun", "notices")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def snake_case(document: Any) -> Any:
    """The same in a task's words, with its keys in snake case; what is data stays as it is."""
    if isinstance(document, Mapping):
        return {
            _spelled(key): value if key in _DATA else snake_case(value) for key, value in document.items()
        }
    if isinstance(document, Phrase):
        return in_words(document)
    return [snake_case(one) for one in document] if isinstance(document, list) else document


def outcome_result(outcome: Outcome) -> dict[str, Any]:
    """Of state present: cluster, role, policies, service_account, oidc_provider, steps, restarts."""
    document = outcome_document(outcome, "none")
    result = snake_case({key: value for key, value in document.items() if key not in _LEFT_OUT})
    result["role"]["trust"] = result["role"].pop("trust_policy")
    return {"changed": outcome.changed, **_named(document, result)}


def removed_result(removed: DeleteResult) -> dict[str, Any]:
    """Of state absent."""
    document = removed_document(removed, "none")
    result = snake_case({key: value for key, value in document.items() if key not in _LEFT_OUT})
    return {"changed": removed.changed, **_named(document, result)}


def absent_result(name: str, namespace: str) -> dict[str, Any]:
    """Of state absent where there was nothing."""
    account = {"name": name, "namespace": namespace}
    return {"changed": False, "service_account": account, "role": None, "steps": []}


def error_result(error: IamsaError, done: Iterable[Step | ProviderStep] = ()) -> dict[str, Any]:
    """Of a failure: the sentence, its parts, and the steps that were done before it."""
    steps = step_documents(done)
    return {
        "msg": in_words(error.sentence),
        "error": {
            "kind": error.kind,
            "problem": in_words(error.problem),
            "remedy": in_words(error.remedy),
            "resource": in_words(error.resource),
        },
        "changed": bool(steps) or error.uncertain,
        "steps": steps,
    }


def difference(before: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    """What differs, resource by resource, as Ansible's `--diff` shows it."""
    return [
        {
            "before_header": title,
            "after_header": title,
            "before": _shown(before.get(title)),
            "after": _shown(after.get(title)),
        }
        for title in {**before, **after}
        if before.get(title) != after.get(title)
    ]


def _named(document: Mapping[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "service_account": {**document["metadata"], **result.get("service_account", {})}}


def _spelled(key: str) -> str:
    return _CAPITAL.sub(r"_\1", key).lower()


def _shown(document: Any) -> Any:
    return "" if document is None else document
