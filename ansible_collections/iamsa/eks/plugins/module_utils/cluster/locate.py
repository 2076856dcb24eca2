# SPDX-License-Identifier: GPL-3.0-or-later

"""Locate the cluster and account to work on, and prepare access to both sides.

The cluster comes from a kubeconfig context, from its name and region, or from the pod that iamsa runs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..aws.eks import Eks
from ..aws.iam.client import Iam
from ..aws.options import AwsOptions
from ..aws.pod_identity import PodIdentity
from ..aws.session import AwsSession
from ..aws.sts import Sts
from ..deadline import Deadline
from ..errors import Unlocated
from ..kube.api.client import KubernetesCluster
from ..kube.config.aws_token import GetToken, read_get_token
from ..kube.config.context import ContextEntry, select
from ..kube.config.kubeconfig import no_kubeconfig, read_kubeconfig
from ..kube.config.options import ConnectionOptions
from ..kube.config.plugin_login import with_login
from ..kube.connect import POD_CREDENTIALS, connect, connect_in_cluster, in_cluster
from ..model.names import check_cluster_name, check_namespace
from ..wording.text import Option, Sentence
from .access import Access, Origin
from .aws_session import from_file, session_for
from .eks import EksSource
from .eks_cluster import EksCluster
from .infer_eks import InferredEks, infer
from .source import ClusterSource
from .target import Where


class _Meant(NamedTuple):
    """The EKS name of the cluster, its description in messages, and what its context says."""

    name: str
    title: str
    inferred: InferredEks = InferredEks()


class _AwsSide(NamedTuple):
    session: AwsSession
    eks: Eks
    source: ClusterSource
    region: Origin
    notices: tuple[str, ...]


def locate(
    where: Where, environ: Mapping[str, str], deadline: Deadline, *, pod_folder: Path = POD_CREDENTIALS
) -> Access:
    """Access to the cluster that `where`, the kubeconfig or the environment specifies; makes no call.

    Raises:
        Unlocated: the cluster, the region or the credentials could not be determined.
        InvalidFile: the kubeconfig, the environment or the AWS configuration has an invalid value.
        RemoteError: the AWS configuration cannot be read.
    """
    config = read_kubeconfig(where.connection, environ, deadline)
    directly = where.cluster_name and not _is_chosen(where.connection)
    if config and not (directly and not config.current_context):
        return _by_context(where, select(config, where.connection, deadline), environ, deadline)
    if in_cluster(environ, pod_folder):
        return _in_pod(where, environ, deadline, pod_folder)
    return _by_name(where, environ, deadline)


def _is_chosen(connection: ConnectionOptions) -> bool:
    chosen = (connection.kubeconfig, connection.context, connection.cluster, connection.user)
    return any((*chosen, connection.server))


def _by_context(where: Where, entry: ContextEntry, environ: Mapping[str, str], deadline: Deadline) -> Access:
    inferred = infer(entry)
    name = where.cluster_name or inferred.cluster or where.defaults.cluster_name
    if not name:
        raise Unlocated(
            f"the EKS cluster of {entry.title} could not be determined",
            remedy="use " + Option("cluster_name") + " (and " + Option("region") + ")",
        )
    if not where.cluster_name:
        from_file(name, check_cluster_name, f"the EKS cluster that {entry.title} names")
    if entry.namespace and not where.connection.namespace:
        from_file(entry.namespace, check_namespace, f"the namespace of {entry.title}")
    meant = _Meant(name, entry.title, inferred)
    aws = _aws_side(where, meant, environ, deadline)
    plugin_environ, wanted = environ, None
    if entry.exec_section:
        section, plugin_environ = with_login(entry.exec_section, environ, where.profile, where.aws.keys)
        entry, wanted = replace(entry, exec_section=section), read_get_token(section)
    connection = connect(
        entry,
        where.connection,
        deadline,
        plugin_environ,
        partial(aws.eks.token, wanted.cluster)
        if wanted and _is_session_of(wanted, where, inferred)
        else None,
    )
    return _access(where, meant, aws, KubernetesCluster(connection), environ, deadline)


def _is_session_of(wanted: GetToken, where: Where, inferred: InferredEks) -> bool:
    """Whether the exec plugin would open the same AWS session."""
    theirs = None if inferred.login.wrapper else inferred.profile
    return (
        where.aws == AwsOptions()
        and (where.profile or theirs or None) == wanted.profile
        and (where.region or inferred.region) == wanted.region
    )


def _in_pod(where: Where, environ: Mapping[str, str], deadline: Deadline, folder: Path) -> Access:
    name = where.cluster_name or where.defaults.cluster_name
    if not name:
        raise Unlocated(
            "the name of the EKS cluster that this pod runs in could not be determined",
            remedy="use " + Option("cluster_name"),
        )
    meant = _Meant(name, "the cluster this pod runs in")
    kubernetes = KubernetesCluster(connect_in_cluster(where.connection, deadline, environ, folder))
    return _access(where, meant, _aws_side(where, meant, environ, deadline), kubernetes, environ, deadline)


def _by_name(where: Where, environ: Mapping[str, str], deadline: Deadline) -> Access:
    connection, name = where.connection, where.cluster_name or where.defaults.cluster_name
    if not name:
        raise no_kubeconfig(environ)
    if connection.client_certificate or connection.client_key or connection.certificate_authority:
        raise Unlocated(
            "certificate options require a kubeconfig context or a server",
            remedy="use "
            + Option("context")
            + " or "
            + Option("server")
            + ", or leave the certificate options out",
        )
    meant = _Meant(name, f"EKS cluster {name}")
    return _access(where, meant, _aws_side(where, meant, environ, deadline), None, environ, deadline)


def _aws_side(where: Where, meant: _Meant, environ: Mapping[str, str], deadline: Deadline) -> _AwsSide:
    session, region, notices = session_for(where, meant.inferred, meant.title, environ, deadline)
    eks = Eks(session)
    source = EksSource(EksCluster(eks, meant.name), deadline, where.connection, environ)
    return _AwsSide(session, eks, source, region, notices)


def _access(
    where: Where,
    meant: _Meant,
    aws: _AwsSide,
    kubernetes: KubernetesCluster | None,
    environ: Mapping[str, str],
    deadline: Deadline,
) -> Access:
    connection, session = where.connection, aws.session
    namespace = kubernetes.connection.namespace if kubernetes else connection.namespace or "default"
    profile_source = (
        Option("profile") if where.profile else meant.title if meant.inferred.profile else "the environment"
    )
    return Access(
        source=aws.source,
        namespace=namespace,
        title=meant.title,
        iam=Iam(session, deadline),
        sts=Sts(session),
        pod_identity=PodIdentity(session, meant.name),
        kubernetes=kubernetes,
        deadline=deadline,
        log_in=session.log_in,
        notices=() if connection.token else aws.notices,
        account=meant.inferred.account,
        profile=session.profile or "",
        origins=(
            Origin("cluster", meant.name, _cluster_source(where, meant)),
            aws.region,
            Origin("profile", session.profile or environ.get("AWS_PROFILE") or "none", profile_source),
            Origin("namespace", namespace, Option("namespace") if connection.namespace else meant.title),
        ),
    )


def _cluster_source(where: Where, meant: _Meant) -> Sentence:
    if where.cluster_name:
        return Option("cluster_name")
    return f"{meant.inferred.source} of {meant.title}" if meant.inferred.cluster else "IAMSA_CLUSTER_NAME"
