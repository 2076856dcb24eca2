# SPDX-License-Identifier: GPL-3.0-or-later

"""Select the cluster, user and namespace from a kubeconfig and the flags.

Flags take precedence over the kubeconfig, as in kubectl.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...deadline import Deadline
from ...errors import Unlocated
from ...wording.text import Either, Option, Sentence
from .exec_section import CLUSTER_EXTENSION, ExecSection, parse_exec
from .fields import Fields
from .files import read_bytes
from .impersonation import Impersonation, read_impersonation
from .kubeconfig import Entry, Kubeconfig
from .options import ConnectionOptions, is_address
from .text import listing, printable


@dataclass(frozen=True)
class ContextEntry:
    """A context whose cluster and user are resolved and validated, files read and flags applied.

    `server` is an http or https URL without a trailing slash, `ca_pem` PEM.
    """

    name: str
    cluster_name: str
    server: str
    user: Fields = field(repr=False)
    namespace: str = ""
    ca_pem: bytes = field(default=b"", repr=False)
    insecure: bool = False
    tls_server_name: str = ""
    proxy_url: str = field(default="", repr=False)
    exec_section: ExecSection | None = None
    exec_cluster_config: Any = field(default=None, repr=False)
    impersonation: Impersonation = field(default_factory=Impersonation)

    @property
    def title(self) -> str:
        """The context, or else the server, as error messages name it."""
        return f"context {printable(self.name)}" if self.name else f"server {printable(self.server)}"


def select(config: Kubeconfig, options: ConnectionOptions, deadline: Deadline) -> ContextEntry:
    """Return the context that the flags name, or else the current context.

    Raises:
        Unlocated: no context, cluster or user of that name exists, or none is selected.
        InvalidFile: an entry or a file that it names is not valid.
        TimedOut: a file could not be read in time.
    """
    name = options.context or config.current_context
    fields = Fields("the context", _first(config), {})
    if name:
        fields = Fields.of("context", name, _look_up(config, "context", name, config.contexts))
    elif not (options.server or options.cluster):
        raise Unlocated(
            f"kubeconfig {_files(config)} has no current-context",
            remedy="choose a context with " + Option("context") + f": {listing(config.contexts)}"
            if config.contexts
            else "specify another file with " + Option("kubeconfig"),
        )
    cluster_name = options.cluster or fields.text("cluster")
    user_name = options.user or fields.text("user")
    cluster = Fields("the cluster", fields.file, {})
    if cluster_name:
        cluster = Fields.of(
            "cluster", cluster_name, _look_up(config, "cluster", cluster_name, config.clusters)
        )
    elif not options.server:
        raise fields.wrong(
            "has no cluster",
            Either("choose another context with " + Option("context"), "specify " + Option("cluster")),
        )
    user = Fields("no user", fields.file, {})
    if user_name:
        user = Fields.of("user", user_name, _look_up(config, "user", user_name, config.users))
    ca_pem, insecure = _trust(cluster, options, deadline)
    return ContextEntry(
        name=name,
        cluster_name=cluster_name,
        server=_server(
            options.server or cluster.text("server"),
            cluster,
            secure=bool(ca_pem or insecure) or _has_certificate(user, options),
        ),
        user=user,
        namespace=options.namespace or fields.text("namespace"),
        ca_pem=ca_pem,
        insecure=insecure,
        # The tls-server-name of the kubeconfig does not apply to another server.
        tls_server_name=options.tls_server_name
        or ("" if options.server else cluster.text("tls-server-name")),
        proxy_url=cluster.text("proxy-url"),
        exec_section=parse_exec(user),
        exec_cluster_config=_exec_cluster_config(cluster),
        impersonation=read_impersonation(options, user),
    )


def _instead(kind: str, name: str, entries: Mapping[str, Entry]) -> Sentence:
    if entries:
        other = f"choose a {kind} with " + Option(kind) + f": {listing(entries, near=name)}"
    else:
        other = "specify another file with " + Option("kubeconfig")
    return other + "; for an EKS cluster, use " + Option("cluster_name") if kind == "cluster" else other


def _look_up(config: Kubeconfig, kind: str, name: str, entries: Mapping[str, Entry]) -> Entry:
    entry = entries.get(name)
    if entry is None:
        raise Unlocated(
            f'kubeconfig {_files(config)} has no {kind} "{printable(name)}"'
            + ("" if entries else f" (it has no {kind}s)"),
            remedy=_instead(kind, name, entries),
        )
    return entry


def _trust(cluster: Fields, options: ConnectionOptions, deadline: Deadline) -> tuple[bytes, bool]:
    if options.certificate_authority:
        path = Path(options.certificate_authority)
        return read_bytes(path, "the " + Option("certificate_authority") + " file", deadline), False
    if options.insecure_skip_tls_verify:
        return b"", True
    ca_pem = cluster.content("certificate-authority", deadline)
    insecure = cluster.flag("insecure-skip-tls-verify")
    if ca_pem and insecure:
        raise cluster.wrong(
            "has both a certificate authority and insecure-skip-tls-verify", "remove one of them"
        )
    return ca_pem, insecure


def _has_certificate(user: Fields, options: ConnectionOptions) -> bool:
    in_file = user.text("client-certificate") or user.text("client-certificate-data")
    return bool(options.client_certificate or in_file)


def _server(server: str, cluster: Fields, *, secure: bool) -> str:
    """Return the URL with a lower-case scheme; without a scheme, https if `secure`, or else http."""
    if not server:
        raise cluster.wrong("has no server", "recreate the entry with aws eks update-kubeconfig")
    address = server if "://" in server else f"{'https' if secure else 'http'}://{server}"
    if not is_address(address):
        raise cluster.wrong(
            "has a server that is not an http or https URL", "use the form https://HOST[:PORT]"
        )
    scheme, _separator, rest = address.partition("://")
    return f"{scheme.lower()}://{rest.rstrip('/')}"


def _exec_cluster_config(cluster: Fields) -> Any:
    extensions = cluster.values.get("extensions")
    for extension in extensions if isinstance(extensions, list) else []:
        if isinstance(extension, dict) and extension.get("name") == CLUSTER_EXTENSION:
            return extension.get("extension")
    return None


def _first(config: Kubeconfig) -> Path:
    return config.files[0] if config.files else Path("kubeconfig")


def _files(config: Kubeconfig) -> str:
    return " and ".join(printable(str(path)) for path in config.files) or "(none)"
