# SPDX-License-Identifier: GPL-3.0-or-later

"""Annotations that a tool will write back, because it applies its own manifests again and again.

Sources: the field managers in helm/helm (pkg/kube), argoproj/gitops-engine (ArgoCDSSAManager),
fluxcd/kustomize-controller, fluxcd/helm-controller and hashicorp/terraform-provider-kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..identity.subject import Subject
from ..model.observed import ServiceAccount
from ..model.steps.kubernetes import AnnotateServiceAccount, PatchAnnotations
from ..model.steps.step import Step

# By the beginning of a field manager's name.
_TOOLS = {
    "helm-controller": "Flux",
    "helm": "Helm",
    "argocd": "Argo CD",
    "kustomize-controller": "Flux",
    "Terraform": "Terraform",
}


def written_back(
    steps: Iterable[Step], service_accounts: Mapping[Subject, ServiceAccount | None]
) -> tuple[str, ...]:
    """Return a notice for each changed annotation that belongs to a tool that will write it again."""
    return tuple(dict.fromkeys(_notices(steps, service_accounts)))


def _notices(
    steps: Iterable[Step], service_accounts: Mapping[Subject, ServiceAccount | None]
) -> Iterator[str]:
    for step in steps:
        if isinstance(step, AnnotateServiceAccount):
            keys: Iterable[str] = step.changed
        elif isinstance(step, PatchAnnotations):
            keys = step.changes
        else:
            continue
        service_account = service_accounts.get(step.subject)
        for key in keys:
            for manager in sorted(service_account.managers.get(key, ()) if service_account else ()):
                tool = next((name for prefix, name in _TOOLS.items() if manager.startswith(prefix)), "")
                if tool:
                    yield (
                        f"{tool} (field manager {manager}) will write annotation {key} of serviceaccount"
                        f" {step.subject} again, unless you change it there, too"
                    )
