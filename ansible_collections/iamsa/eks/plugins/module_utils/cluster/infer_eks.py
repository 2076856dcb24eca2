# SPDX-License-Identifier: GPL-3.0-or-later

"""Infer the EKS cluster, region, account and AWS profile from a kubeconfig context.

Sources of the shapes: `aws eks update-kubeconfig`, `eksctl utils write-kubeconfig`, the README of
https://github.com/kubernetes-sigs/aws-iam-authenticator and
https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from ..identity.arn import DNS_SUFFIXES, REGION, Arn
from ..kube.config.context import ContextEntry
from ..kube.config.plugin_login import AUTHENTICATORS, PluginLogin, assigned, option, program_of, read_login

_REGION = rf"(?P<region>{REGION.pattern})"
_EKSCTL = re.compile(rf"(?:.*@)?(?P<cluster>[0-9A-Za-z][0-9A-Za-z_-]*)\.{_REGION}\.eksctl\.io", re.ASCII)
_SUFFIXES, _DUAL_STACK_SUFFIXES = (
    "|".join(re.escape(pair[place]) for pair in DNS_SUFFIXES.values()) for place in (0, 1)
)
_HOST = re.compile(
    rf"[0-9a-z]+\.(?:[0-9a-z]+\.)?(?:eks-cluster\.)?{_REGION}"
    rf"\.(?:eks\.(?:{_SUFFIXES})|{_DUAL_STACK_SUFFIXES})",
    re.ASCII,
)


@dataclass(frozen=True)
class InferredEks:
    """What a context says about EKS; None for what it does not say.

    `source` describes to the user where the cluster's name comes from. `profile` is that of `login`.
    `by_id`: `cluster` is the value of `--cluster-id`, which may be another id than the cluster's name.
    """

    cluster: str | None = None
    region: str | None = None
    profile: str | None = None
    account: str | None = None
    partition: str | None = None
    source: str = ""
    by_id: bool = field(default=False, compare=False)
    login: PluginLogin = field(default_factory=PluginLogin, compare=False)


def infer(entry: ContextEntry) -> InferredEks:
    """Everything that the context says about EKS. Earlier sources take precedence over later ones."""
    known = InferredEks()
    for inferred in _sources(entry):
        if inferred.cluster and known.cluster and inferred.cluster != known.cluster:
            continue
        known = InferredEks(
            cluster=known.cluster or inferred.cluster,
            region=known.region or inferred.region,
            profile=known.profile or inferred.profile,
            account=known.account or inferred.account,
            partition=known.partition or inferred.partition,
            source=known.source or (inferred.source if inferred.cluster else ""),
            login=inferred.login if inferred.login != PluginLogin() else known.login,
        )
    return known


def _sources(entry: ContextEntry) -> Iterator[InferredEks]:
    """What each part of the context says, by precedence."""
    command = entry.exec_section
    names = {"cluster": entry.cluster_name, "context": entry.name}
    if command:
        inferred = _from_exec(command.argv, command.env)
        if inferred.by_id and any(_from_arn(name).cluster for name in names.values()):
            inferred = replace(inferred, cluster=None)
        yield inferred
    for kind, name in names.items():
        yield replace(_from_arn(name), source=f"the name of the {kind}")
    for kind, name in names.items():
        yield replace(_from_eksctl(name), source=f"the name of the {kind}")
    yield InferredEks(region=_region_of_host(entry.server))


def _from_exec(argv: tuple[str, ...], env: Mapping[str, str]) -> InferredEks:
    words = [program_of(word) for word in argv]
    authenticator = any(name in words for name in AUTHENTICATORS)
    if not authenticator and "aws" not in words and "get-token" not in words:
        return InferredEks()
    env = {**env, **assigned(argv)}
    names = ("--cluster-id", "-i") if authenticator else ("--cluster-name", "--cluster-id")
    login = read_login(argv, env)
    return InferredEks(
        cluster=option(argv, *names),
        by_id=not option(argv, "--cluster-name"),
        region=option(argv, "--region") or env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or None,
        profile=login.profile,
        login=login,
        source=f"the exec command {words[0]}",
    )


def _from_arn(name: str) -> InferredEks:
    arn = Arn.parse(name)
    if not arn or arn.service != "eks" or arn.kind != "cluster":
        return InferredEks()
    return InferredEks(
        cluster=arn.name, region=arn.region or None, account=arn.account or None, partition=arn.partition
    )


def _from_eksctl(name: str) -> InferredEks:
    match = _EKSCTL.fullmatch(name)
    return InferredEks(cluster=match["cluster"], region=match["region"]) if match else InferredEks()


def _region_of_host(server: str) -> str | None:
    try:
        host = urlsplit(server).hostname or ""
    except ValueError:
        return None
    match = _HOST.fullmatch(host)
    return match["region"] if match else None
