"""Flags for the connection to the cluster and to AWS."""

from __future__ import annotations

import argparse

from ..argv.parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add_connection_options(parser: Parser, *, before_verb: bool = False) -> None:
    """Add kubectl's connection flags, with kubectl's names, and those for AWS.

    They are accepted before the command too, when its parser is not known yet. `kubectl iamsa options` shows
    them.
    """
    group = parser.add_shared_group("Connection")
    suppress = argparse.SUPPRESS

    def add(*names: str, **kwargs: Any) -> None:
        if before_verb:
            kwargs["help"] = suppress
        group.add_argument(*names, default=suppress, **kwargs)

    add("-n", "--namespace", metavar="NAME", help="namespace of the ServiceAccount (default: the context's)")
    add("--cluster-name", metavar="NAME", help="name of the EKS cluster (default: read from the context)")
    add("--region", metavar="REGION", help="AWS region of the cluster (default: read from the context)")
    add("--profile", metavar="NAME", help="AWS profile (default: the context's, then AWS_PROFILE)")
    add("--kubeconfig", metavar="FILE", help="kubeconfig file (default: KUBECONFIG, then ~/.kube/config)")
    add("--context", metavar="NAME", help="kubeconfig context (default: the current context)")
    add("--cluster", metavar="NAME", help="kubeconfig cluster to use instead of the context's")
    add("--user", metavar="NAME", help="kubeconfig user to use instead of the context's")
    add("-s", "--server", metavar="URL", help="URL of the API server")
    add("--token", metavar="TOKEN", help="bearer token for the API server")
    add("--as", dest="as_user", metavar="USER", help="user to impersonate")
    add("--as-group", action="append", metavar="GROUP", help="group to impersonate (can be repeated)")
    add("--as-uid", metavar="UID", help="UID to impersonate")
    add(
        "--as-user-extra",
        action="append",
        metavar="KEY=VALUE",
        help="extra field of the user to impersonate (can be repeated)",
    )
    add("--certificate-authority", metavar="FILE", help="certificate file of the API server's CA")
    add("--client-certificate", metavar="FILE", help="client certificate file")
    add("--client-key", metavar="FILE", help="client key file")
    add("--tls-server-name", metavar="NAME", help="name that the server's certificate must be valid for")
    add(
        "--insecure-skip-tls-verify",
        action=SwitchAction,
        help="do not verify the server's certificate (iamsa must then be able to read the cluster's issuer)",
    )
    add(
        "--disable-compression",
        action=SwitchAction,
        help="accepted as in kubectl, without effect: iamsa never requests compression",
    )
    add(
        "--request-timeout",
        metavar="TIME",
        help="time limit for a single request, for example 10 or 10s (default: 20-30 s)",
    )
