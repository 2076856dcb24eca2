"""Flags that say where to work."""

from __future__ import annotations

import argparse

from ..argv.parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add_connection_options(parser: Parser, *, before_verb: bool = False) -> None:
    """kubectl's own connection flags, under kubectl's names, and those of the AWS side.

    They are taken before the verb as well, where its parser is not known yet; the verb's help shows them.
    """
    group = parser.add_argument_group("Where")
    suppress = argparse.SUPPRESS

    def add(*names: str, **kwargs: Any) -> None:
        if before_verb:
            kwargs["help"] = suppress
        group.add_argument(*names, default=suppress, **kwargs)

    add("-n", "--namespace", metavar="NAME", help="namespace of the ServiceAccount (default: the context's)")
    add("--cluster-name", metavar="NAME", help="EKS cluster (default: told from the context)")
    add("--region", metavar="REGION", help="AWS region of the cluster (default: told from the context)")
    add("--profile", metavar="NAME", help="AWS profile (default: the context's, then AWS_PROFILE)")
    add("--kubeconfig", metavar="FILE", help="kubeconfig (default: KUBECONFIG, then ~/.kube/config)")
    add("--context", metavar="NAME", help="context of the kubeconfig (default: the current one)")
    add("--cluster", metavar="NAME", help="cluster of the kubeconfig instead of the context's")
    add("--user", metavar="NAME", help="user of the kubeconfig instead of the context's")
    add("-s", "--server", metavar="URL", help="address of the API server")
    add("--token", metavar="TOKEN", help="bearer token for the API server")
    add("--as", dest="as_user", metavar="USER", help="impersonate this user")
    add("--as-group", action="append", metavar="GROUP", help="impersonate this group (repeats)")
    add("--as-uid", metavar="UID", help="impersonate this UID")
    add("--certificate-authority", metavar="FILE", help="CA of the API server")
    add("--client-certificate", metavar="FILE", help="client certificate")
    add("--client-key", metavar="FILE", help="key of the client certificate")
    add("--tls-server-name", metavar="NAME", help="name to check the server's certificate for")
    add(
        "--insecure-skip-tls-verify",
        action=SwitchAction,
        help="do not check the server's certificate (the cluster must then show its issuer)",
    )
    add(
        "--request-timeout",
        metavar="TIME",
        help="limit for a single request, as 10 or 10s (default: 20-30 s)",
    )
