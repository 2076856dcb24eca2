# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways to the API server: by a kubeconfig, by what DescribeCluster says, and from inside a pod."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..deadline import Deadline
from ..errors import Unlocated
from ..wording.text import Option
from .config.context import ContextEntry
from .config.credentials import NOBODY, Credentials, fixed_token, from_kubeconfig, token_from_file
from .config.files import read_bytes
from .config.impersonation import read_impersonation
from .config.login import bearer
from .config.options import ConnectionOptions
from .http.connection import Connection, open_connection
from .http.endpoint import Endpoint
from .http.errors import Peer
from .http.tls import certificates

POD_CREDENTIALS = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def connect(
    entry: ContextEntry,
    options: ConnectionOptions,
    deadline: Deadline,
    environ: Mapping[str, str],
    make_token: Callable[[], str] | None = None,
) -> Connection:
    """By a kubeconfig's context. The credential plugin, or `make_token`, runs with the first request."""
    secure = entry.server.startswith("https:")
    whoami = f"kubectl --context {entry.name} auth whoami" if entry.name else "kubectl auth whoami"
    return open_connection(
        Endpoint(
            peer=Peer(entry.server, entry.title, whoami),
            ca=certificates(entry.ca_pem, entry.title) if entry.ca_pem and secure else frozenset(),
            insecure=entry.insecure,
            tls_server_name=entry.tls_server_name,
            proxy_url=entry.proxy_url,
        ),
        # Like kubectl: no credentials over plain http.
        from_kubeconfig(entry, options, environ, deadline, make_token) if secure else NOBODY,
        options,
        deadline,
        namespace=entry.namespace or "default",
        impersonation=entry.impersonation,
        environ=environ,
    )


def connect_directly(
    endpoint: str,
    ca_pem: bytes,
    token_source: Callable[[], str],
    options: ConnectionOptions,
    deadline: Deadline,
    *,
    title: str = "the cluster",
    environ: Mapping[str, str],
) -> Connection:
    """By what DescribeCluster says; `token_source` is asked for a token now and after a 401."""
    fetch = fixed_token(options.token) if options.token else lambda: bearer(token_source())
    return open_connection(
        Endpoint(
            peer=Peer(endpoint, title),
            ca=certificates(ca_pem, title),
            tls_server_name=options.tls_server_name or "",
        ),
        Credentials(fetch),
        options,
        deadline,
        namespace=options.namespace or "default",
        impersonation=read_impersonation(options),
        environ=environ,
    )


def in_cluster(environ: Mapping[str, str], folder: Path = POD_CREDENTIALS) -> bool:
    """Whether we run in a pod that may talk to its API server."""
    return bool(environ.get("KUBERNETES_SERVICE_HOST")) and (folder / "token").is_file()


def connect_in_cluster(
    options: ConnectionOptions,
    deadline: Deadline,
    environ: Mapping[str, str],
    folder: Path = POD_CREDENTIALS,
) -> Connection:
    """By what Kubernetes mounts into every pod."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise Unlocated(
            "this is no pod: KUBERNETES_SERVICE_HOST is not set", remedy="give " + Option("kubeconfig")
        )
    title = "the cluster this pod runs in"
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    ca_pem = read_bytes(folder / "ca.crt", "the certificate authority of the pod's ServiceAccount", deadline)
    mounted = folder / "namespace"
    namespace = options.namespace or (mounted.read_text().strip() if mounted.is_file() else "")
    return open_connection(
        Endpoint(peer=Peer(server, title), ca=certificates(ca_pem, title)),
        Credentials(token_from_file(folder / "token", "the token of the pod's ServiceAccount", deadline)),
        options,
        deadline,
        namespace=namespace or "default",
        impersonation=read_impersonation(options),
        environ=environ,
    )
