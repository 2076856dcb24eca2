"""What doctor is asked about: a ServiceAccount, or something that runs pods under one."""

from __future__ import annotations

import argparse

from ..argv.parser import UsageError

# The words for what runs pods, and Kubernetes' names of it.
KINDS = {
    **dict.fromkeys(("pod", "pods", "po"), "Pod"),
    **dict.fromkeys(("deployment", "deployments", "deploy"), "Deployment"),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), "StatefulSet"),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), "DaemonSet"),
    **dict.fromkeys(("job", "jobs"), "Job"),
}
_GROUPS = {"Deployment": "apps", "StatefulSet": "apps", "DaemonSet": "apps", "Job": "batch"}
_SERVICE_ACCOUNTS = ("serviceaccount", "serviceaccounts", "sa")


def asked_about(args: argparse.Namespace) -> tuple[str, str | None]:
    """The kind that is asked about, "" for a ServiceAccount, and its name; UsageError for what is none."""
    see_help = "see kubectl iamsa doctor --help"
    name: str | None = args.name
    if name is None:
        if args.role_name:
            raise UsageError("--role-name needs a NAME", see_help)
        return "", None
    if args.all_namespaces:
        raise UsageError("-A goes without a NAME", f"give -n NAMESPACE instead, or {see_help}")
    word, slash, rest = name.partition("/")
    if not slash or word.lower() in _SERVICE_ACCOUNTS:
        return "", rest if slash else name
    # With its group, as kubectl prints it: deployment.apps/shop.
    word, _dot, group = word.lower().partition(".")
    kind = KINDS.get(word)
    if kind is None or group.removeprefix("v1.") not in ("", _GROUPS.get(kind, "")):
        known = ", ".join(dict.fromkeys(one.lower() for one in KINDS.values()))
        raise UsageError(f"{name!r} is of no kind that runs pods", f"give serviceaccount, {known}")
    if args.role_name:
        raise UsageError("--role-name goes with a ServiceAccount", see_help)
    return kind, rest
