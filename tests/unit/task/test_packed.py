# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible sends with a task whatever an import statement names, also one in a function or of a type alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.test_rooms import CORE, imports

MODULES = CORE.parent / "modules"
# What no task does: completion, and questions that only options of verbs ask.
VERBS_OWN = {
    "kube/api/names",
    "request/question",
    "jobs/role_policies",
    "documents/role_policies",
    "documents/verifications",
    "plan/gen3_owner",
}
PROVIDERS_OWN = {"model/provider", "plan/provider", "apply/oidc_provider", "observe/oidc_provider"}
WRITING = {
    "apply",
    "plan/create",
    "plan/forecast",
    "plan/snapshot",
    "jobs/reconcile",
    "jobs/delete",
    "jobs/run",
    "jobs/verified",
    "bindings/writer",
    "bindings/writers",
    "bindings/irsa/rules",
    "bindings/irsa/unbind",
    "model/steps",
    "model/outcome",
    "model/target",
    "plan/resolve",
    "observe/policy_lookup",
}
DOCTOR = {"doctor", "jobs/doctor", "kube/api/diagnostics", "kube/api/webhooks", "model/webhook"}
OF_A_CLUSTER = {"bindings", "doctor", "kube/api", "kube/http", "cluster/locate", "trust/evaluate"}
NOT_SENT = {
    "iam_serviceaccount": {
        *VERBS_OWN,
        *PROVIDERS_OWN,
        *DOCTOR,
        "documents/description",
        "jobs/inventory",
    },
    "iam_serviceaccount_info": {*VERBS_OWN, *PROVIDERS_OWN, *WRITING, "documents/outcome"},
    "iam_oidc_provider": {
        *VERBS_OWN,
        *OF_A_CLUSTER,
        "apply/role",
        "jobs/reconcile",
        "plan/create",
    },
    "iam_oidc_provider_info": {
        *VERBS_OWN,
        *OF_A_CLUSTER,
        "apply/role",
        "jobs/reconcile",
        "plan/create",
    },
}


def sent(path: Path) -> set[Path]:
    """All that is reached from a module."""
    found: set[Path] = set()
    todo = list(imports(path))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += imports(one)
    return found


@pytest.mark.parametrize("module", NOT_SENT)
def test_a_task_is_sent_what_it_has_use_for(module: str) -> None:
    names = {path.relative_to(CORE).with_suffix("").as_posix() for path in sent(MODULES / f"{module}.py")}
    assert "task/requirements" in names
    assert not {name for name in names if any(f"{name}/".startswith(f"{one}/") for one in NOT_SENT[module])}
