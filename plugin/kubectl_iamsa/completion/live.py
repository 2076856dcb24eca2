"""Reads candidates from the kubeconfig, the AWS configuration, the cluster and the account.

All reads together take at most two seconds. Values that cannot be read in that time are not offered.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial as bound
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.binding import Kinds
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.now import (
    BoundNow,
    all_records,
    bound_now,
    is_shown,
    records_of,
)
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.registry import KINDS
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import bounded
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api import names
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import read_kubeconfig

from ..argv.kinds import KINDS as WORKLOAD_KINDS
from ..requests.target import where_of
from ..terminal import library_logs
from .line import Line

Found = list[tuple[str, str]]

LIMIT_SECONDS = 2
# The reads stop a little earlier, so that there is time to stop the programs that they run.
READ_SECONDS = 1.8
ON_A_ROLE = ("update", "list", "describe", "verify", "delete")
WORKLOADS = {kind.lower(): kind for kind in WORKLOAD_KINDS.values()}


def live_values(kind: str, line: Line, partial: str, environ: Mapping[str, str]) -> Found:
    """Return the values of a flag or a name, with descriptions, or [] if they cannot be read in time."""
    library_logs.silence()
    read = READERS[kind]
    try:
        found = bounded("completing", lambda: read(line, partial, environ), Deadline(LIMIT_SECONDS))
    except Exception:  # no candidates
        return []
    return sorted(set(found))


def _where(line: Line, environ: Mapping[str, str]) -> Where:
    """Return the connection options of the line. The last value of a repeated flag is used."""
    given: dict[str, Any] = {
        dest: values if dest == "as_group" else values[0] for dest, values in line.given.items()
    }
    given["insecure_skip_tls_verify"] = given.get("insecure_skip_tls_verify", "false") != "false"
    return where_of(argparse.Namespace(**given), environ)


def _access(line: Line, environ: Mapping[str, str]) -> Access:
    return locate(_where(line, environ), environ, Deadline(READ_SECONDS))


def _section(name: str, line: Line, _partial: str, environ: Mapping[str, str]) -> Found:
    """Return the names in one section of the kubeconfig."""
    config = read_kubeconfig(_where(line, environ).connection, environ, Deadline(READ_SECONDS))
    return [(one, "") for one in getattr(config, name)] if config else []


def _namespaces(line: Line, _partial: str, environ: Mapping[str, str]) -> Found:
    kubernetes = _access(line, environ).kubernetes
    return [(name, "") for name in names.namespaces(kubernetes.connection)] if kubernetes else []


def _service_accounts(line: Line, _partial: str, environ: Mapping[str, str]) -> Found:
    return service_accounts(_access(line, environ), line.verb)


def service_accounts(access: Access, verb: str, kinds: Kinds = KINDS) -> Found:
    """Return ServiceAccounts with their role. For commands that need a role, only those that have one."""
    if not access.kubernetes:
        return []
    found = access.kubernetes.list_service_accounts(access.namespace)
    records = all_records(access.namespace, access, kinds)
    bound = [(one, bound_now(one.subject, one, kinds, records)) for one in found]
    return [
        (one.subject.name, _role_of(now) or "no role")
        for one, now in bound
        if verb not in ON_A_ROLE or is_shown(one, now)
    ]


def _workloads_or_service_accounts(line: Line, partial: str, environ: Mapping[str, str]) -> Found:
    if line.verb != "doctor":
        return _service_accounts(line, partial, environ)
    kind, slash, _name = partial.partition("/")
    if not slash:
        kinds = [(f"{one}/", "") for one in WORKLOADS if partial and one.startswith(partial)]
        return kinds + _service_accounts(line, partial, environ)
    access = _access(line, environ)
    if not access.kubernetes or kind not in WORKLOADS:
        return []
    return [
        (f"{kind}/{name}", "")
        for name in names.workloads(access.kubernetes.connection, WORKLOADS[kind], access.namespace)
    ]


def _policies(line: Line, partial: str, environ: Mapping[str, str]) -> Found:
    """Return policy names, or ARNs if the word begins like one. For a delete, only policies of the role."""
    access = _access(line, environ)
    if line.verb == "update" and line.given.get("action", [""])[0] == "delete" and line.names:
        return _of_the_role(access, line.names[0])
    found = [*access.iam.policies.own(), *access.iam.policies.of_aws()]
    if partial.startswith("arn:"):
        return [(policy.arn, "") for policy in found]
    return [(policy.name, "AWS" if ":iam::aws:" in policy.arn else "account") for policy in found]


def _of_the_role(access: Access, name: str) -> Found:
    if not access.kubernetes:
        return []
    subject = Subject(access.namespace, name)
    service_account = access.kubernetes.read_service_account(subject)
    role = _role_of(bound_now(subject, service_account, KINDS, records_of(subject, access, KINDS)))
    if not role:
        return []
    attached = [(policy, "managed") for policy in access.iam.policies.attached(role).values()]
    return attached + [(policy, "inline") for policy in access.iam.policies.inline_names(role)]


def _boundaries(line: Line, _partial: str, environ: Mapping[str, str]) -> Found:
    return [(policy.arn, policy.name) for policy in _access(line, environ).iam.policies.own()]


def _clusters(line: Line, _partial: str, environ: Mapping[str, str]) -> Found:
    line.given.setdefault("cluster_name", ["any"])
    return [(name, "") for name in _access(line, environ).source.cluster_names()]


def _regions(_line: Line, _partial: str, _environ: Mapping[str, str]) -> Found:
    from botocore.session import Session  # noqa: PLC0415

    session = Session()
    partitions = session.get_available_partitions()
    return [(region, "") for one in partitions for region in session.get_available_regions("eks", one)]


def _profiles(_line: Line, _partial: str, _environ: Mapping[str, str]) -> Found:
    from botocore.session import Session  # noqa: PLC0415

    return [(name, "") for name in Session().available_profiles]


def _role_of(now: BoundNow) -> str:
    return (now.role or "").rpartition("/")[2]


READERS: dict[str, Callable[[Line, str, Mapping[str, str]], Found]] = {
    "namespace": _namespaces,
    "context": bound(_section, "contexts"),
    "cluster": bound(_section, "clusters"),
    "user": bound(_section, "users"),
    "cluster_name": _clusters,
    "region": _regions,
    "profile": _profiles,
    "policy": _policies,
    "permissions_boundary": _boundaries,
    "name": _workloads_or_service_accounts,
    # gen3's -c, -u and -l take a name.
    **dict.fromkeys(("create", "update", "list"), _service_accounts),
}
