"""Parses the argument of doctor: a ServiceAccount, or a workload that uses one."""

from __future__ import annotations

import argparse

from ..argv.kinds import KINDS, SERVICE_ACCOUNTS
from ..argv.parser import UsageError, quoted

_GROUPS = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps"),
    **dict.fromkeys(("Job", "CronJob"), "batch"),
}


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
    if not slash or word.lower() in SERVICE_ACCOUNTS:
        return "", rest if slash else name
    # kubectl prints kinds with their group: deployment.apps/shop.
    word, _dot, group = word.lower().partition(".")
    kind = KINDS.get(word)
    if kind is None or group.removeprefix("v1.") not in ("", _GROUPS.get(kind, "")):
        known = ", ".join(dict.fromkeys(one.lower() for one in KINDS.values()))
        raise UsageError(
            f"the kind of {quoted(name)} is not supported",
            f"use serviceaccount, {known}; if it is a namespace, use -n",
        )
    if args.role_name:
        raise UsageError("--role-name requires a ServiceAccount", see_help)
    return kind, rest
