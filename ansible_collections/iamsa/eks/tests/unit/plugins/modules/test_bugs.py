# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bug in the middle of a task: what was done before it is told, and that more may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import CreateNamespace
from ansible_collections.iamsa.eks.plugins.module_utils.task import service_accounts
from ansible_collections.iamsa.eks.plugins.modules import iam_serviceaccount

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("done", "planned", "check", "changed", "told"),
    [
        (0, 0, False, False, []),
        (0, 2, False, True, []),
        (1, 2, False, True, ["namespace/first created"]),
        (2, 2, False, True, ["namespace/first created", "namespace/second created"]),
        (0, 2, True, False, []),
    ],
    ids=["while reading", "in the first write", "in the second", "after all", "in check mode"],
)
def test_it_hides_no_step(
    run: Callable[..., Json],
    monkeypatch: pytest.MonkeyPatch,
    done: int,
    planned: int,
    check: bool,
    changed: bool,
    told: list[str],
) -> None:
    steps = (CreateNamespace("first"), CreateNamespace("second"))[:planned]

    def ensure(_desired: Any, _access: Any, reporter: service_accounts.Recorder, **_: Any) -> None:
        if steps:
            reporter.planned(steps, {}, {})
        for one in steps[:done]:
            reporter.done(one)
        raise KeyError("hidden")

    monkeypatch.setattr(service_accounts, "ensure", ensure)
    monkeypatch.setattr(service_accounts, "opened", lambda *_, **__: SimpleNamespace(namespace="web"))
    result = run(iam_serviceaccount, _fails=True, _check=check, name="app", region="eu-west-1")
    assert result["error"]["kind"] == "internal_error"
    assert (result["changed"], [one["sentence"] for one in result["steps"]]) == (changed, told)
    assert result["service_account"] == {"name": "app", "namespace": "web"}
    assert "hidden" not in json.dumps(result)
