"""Parses the argument of doctor: a ServiceAccount, or a workload that uses one."""

from __future__ import annotations

import argparse

from ..argv.parser import UsageError, quoted

# The accepted spellings of the kinds of workloads.
KINDS = {
    **dict.fromkeys(("pod", "pods", "po"), "Pod"),
    **dict.fromkeys(("deployment", "deployments", "deploy"), "Deployment"),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), "StatefulSet"),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), "DaemonSet"),
    **dict.fromkeys(("replicaset", "replicasets", "rs"), "ReplicaSet"),
    **dict.fromkeys(("job", "jobs"), "Job"),
    **dict.fromkeys(("cronjob", "cronjobs", "cj"), "CronJob"),
}
_GROUPS = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps"),
    **dict.fromkeys(("Job", "CronJob"), "batch"),
}
_SERVICE_ACCOUNTS = ("serviceaccount", "serviceaccounts", "sa")


def asked_about(args: argparse.Namespace) -> tuple[str, str | None]:
    """Return the kind, "" for a ServiceAccount, and the name. Raises UsageError for any other kind."""
    see_help = 'see "kubectl iamsa doctor --help"'
    name: str | None = args.name
    if name is None:
        if args.role_name:
            raise UsageError("--role-name requires a NAME", see_help)
        return "", None
    if args.all_namespaces:
        raise UsageError("-A cannot be combined with a NAME", "use -n NAMESPACE instead")
    word, slash, rest = name.partition("/")
    if not slash or word.lower() in _SERVICE_ACCOUNTS:
        return "", rest if slash else name
    # kubectl prints kinds with their group: deployment.apps/shop.
    word, _dot, group = word.lower().partition(".")
    kind = KINDS.get(word)
    if kind is None or group.removeprefix("v1.") not in ("", _GROUPS.get(kind, "")):
        known = ", ".join(dict.fromkeys(one.lower() for one in KINDS.values()))
        raise UsageError(f"the kind of {quoted(name)} is not supported", f"use serviceaccount, {known}")
    if args.role_name:
        raise UsageError("--role-name requires a ServiceAccount", see_help)
    return kind, rest
