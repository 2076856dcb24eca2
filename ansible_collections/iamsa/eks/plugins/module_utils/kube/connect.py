# SPDX-License-Identifier: GPL-3.0-or-later

"""Connect to the API server by a kubeconfig, by the result of DescribeCluster, or from inside a pod."""

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
from .http.peer import Peer
from .http.tls import certificates

POD_CREDENTIALS = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def connect(
    entry: ContextEntry,
    options: ConnectionOptions,
    deadline: Deadline,
    environ: Mapping[str, str],
    make_token: Callable[[], str] | None = None,
) -> Connection:
    """Return a connection for a kubeconfig's context; nothing is sent yet.

    The credential plugin, or `make_token` in its place, runs with the first request.

    Raises:
        InvalidFile: the credentials, certificates, proxy or impersonation of the entry are not valid.
        TimedOut: a file could not be read in time.
    """
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
    """Return a connection to the endpoint and CA that DescribeCluster returns; nothing is sent yet.

    `token_source` is called for the first request and after a 401. `title` names the cluster in errors.

    Raises:
        InvalidFile: the CA, the proxy or the impersonation is not valid.
    """
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
    """Return whether this process runs in a pod with a mounted ServiceAccount token."""
    return bool(environ.get("KUBERNETES_SERVICE_HOST")) and (folder / "token").is_file()


def connect_in_cluster(
    options: ConnectionOptions,
    deadline: Deadline,
    environ: Mapping[str, str],
    folder: Path = POD_CREDENTIALS,
) -> Connection:
    """Return a connection with the ServiceAccount token that Kubernetes mounts; nothing is sent yet.

    Raises:
        Unlocated: this process does not run in a pod.
        InvalidFile: a mounted file cannot be read, or the proxy or the impersonation is not valid.
        TimedOut: a file could not be read in time.

    Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
    """
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise Unlocated(
            "not running in a pod: KUBERNETES_SERVICE_HOST is not set",
            remedy="specify " + Option("kubeconfig"),
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
