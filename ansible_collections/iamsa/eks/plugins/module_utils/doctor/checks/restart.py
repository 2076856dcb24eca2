# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings with kubectl commands that fix a pod, its workload or its ServiceAccount."""

from __future__ import annotations

import json
from typing import Any

from ...identity.subject import Subject
from ...model.pods import Pod
from .check import Finding


def restart(pod: Pod, what: str) -> Finding:
    """A finding that a restart fixes; a pod without a controller has to be created again by hand."""
    if not pod.is_restartable:
        return Finding(f"{what}; create the pod again", mends=False)
    return Finding(what, remedy=("kubectl", "rollout", "restart", pod.owner, "-n", pod.namespace))


def unset(pod: Pod, what: str, *names: str) -> Finding:
    """A finding that is fixed by removing variables from the workload's containers."""
    if not pod.is_restartable:
        return Finding(what, mends=False)
    changes = (f"{name}-" for name in names)
    return Finding(what, remedy=("kubectl", "set", "env", pod.owner, "-n", pod.namespace, *changes))


def set_to(pod: Pod, what: str, name: str, value: str) -> Finding:
    """A finding that is fixed by setting a variable of the workload's containers."""
    if not pod.is_restartable or not value:
        return Finding(what, mends=False)
    return Finding(what, remedy=("kubectl", "set", "env", pod.owner, "-n", pod.namespace, f"{name}={value}"))


def removed(pod: Pod, what: str, *path: str) -> Finding:
    """A finding that is fixed by removing the field at `path` from the pod template."""
    return _patched(pod, what, {"op": "remove"}, path)


def put(pod: Pod, what: str, value: Any, *path: str) -> Finding:
    """A finding that is fixed by setting the field at `path` of the pod template to `value`."""
    return _patched(pod, what, {"op": "add", "value": value}, path)


def _patched(pod: Pod, what: str, operation: dict[str, Any], path: tuple[str, ...]) -> Finding:
    if not pod.is_restartable:
        return Finding(what, mends=False)
    # JSON Pointer: https://datatracker.ietf.org/doc/html/rfc6901
    steps = (step.replace("~", "~0").replace("/", "~1") for step in ("", "spec", "template", *path))
    patch = json.dumps([{**operation, "path": "/".join(steps)}])
    words = ("kubectl", "patch", pod.owner, "-n", pod.namespace, "--type=json", "-p", patch)
    return Finding(what, remedy=words)


def annotate(subject: Subject, *changes: str) -> tuple[str, ...]:
    """The command that sets annotations of the ServiceAccount (`key=value`), or removes them (`key-`)."""
    words = ("kubectl", "annotate", "--overwrite", "serviceaccount", subject.name)
    return (*words, "-n", subject.namespace, *changes)
