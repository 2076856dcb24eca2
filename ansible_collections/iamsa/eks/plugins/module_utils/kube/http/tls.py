# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS to the API server, verified as strictly as kubectl does: chain, host name and dates.

The default of Python 3.13 is stricter (VERIFY_X509_STRICT): it rejects the CA of EKS clusters created with
Kubernetes 1.16 or earlier, which lacks key identifiers.
Source: https://github.com/kubernetes-client/python/issues/2394
"""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import InvalidFile
from ...wording.text import Option

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_REMEDY = "recreate the kubeconfig entry with aws eks update-kubeconfig, or specify " + Option(
    "certificate_authority"
)


def certificates_in(pem: bytes) -> frozenset[bytes]:
    """Return the certificates of a CA bundle (PEM) as DER; none if any of them is not base64.

    Text between the certificates is ignored.
    """
    try:
        return frozenset(ssl.PEM_cert_to_DER_cert(text.decode("ascii")) for text in _CERTIFICATE.findall(pem))
    except ValueError:
        return frozenset()


def certificates(pem: bytes, whose: str) -> frozenset[bytes]:
    """Return the certificates of a CA bundle (PEM) as DER; `whose` names its owner in errors.

    Raises:
        InvalidFile: it contains no certificate.
    """
    found = certificates_in(pem)
    if not found:
        raise InvalidFile(
            f"the certificate authority of {whose} contains no certificate",
            remedy=_REMEDY,
        )
    return found


class _Context(ssl.SSLContext):
    """Sets the server name, which OpenSSL requires to verify it and urllib3 1.26 omits for an IP address."""

    host = ""

    def wrap_socket(self, *args: Any, **more: Any) -> ssl.SSLSocket:
        more["server_hostname"] = more.get("server_hostname") or self.host or None
        return super().wrap_socket(*args, **more)


def tls_context(
    ca: frozenset[bytes],
    *,
    insecure: bool,
    client_pair: tuple[bytes, bytes] | None,
    whose: str,
    host: str = "",
) -> ssl.SSLContext:
    """Return a context that trusts only `ca` (DER), or the system's CAs if it is empty.

    `insecure` disables verification. `client_pair` is PEM. `whose` names the owner of the certificates in
    errors. The certificate must be for `host` unless the caller of `wrap_socket` names another server.

    Raises:
        InvalidFile: a certificate or a key is not valid.
    """
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.host = host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # kubectl accepts an intermediate certificate as the CA of a kubeconfig.
    context.verify_flags |= getattr(ssl, "VERIFY_X509_PARTIAL_CHAIN", 0x80000)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca:
        try:
            context.load_verify_locations(cadata=b"".join(sorted(ca)))
        except ssl.SSLError:
            raise InvalidFile(
                f"the certificate authority of {whose} contains an invalid certificate",
                remedy=_REMEDY,
            ) from None
    else:
        context.load_default_certs()
    if client_pair:
        _load_client_pair(context, *client_pair, whose=whose)
    return context


def _load_client_pair(context: ssl.SSLContext, certificate: bytes, key: bytes, whose: str) -> None:
    """Load the pair from a file, because Python cannot load a key from memory."""
    with _private_file(certificate.rstrip() + b"\n" + key) as pair:
        try:
            # Without a password function, OpenSSL would prompt for one on the terminal.
            context.load_cert_chain(pair, password=lambda: "")
        except (ssl.SSLError, ValueError, OSError):
            raise InvalidFile(
                f"the client certificate and key of {whose} cannot be used together",
                remedy="check that both are PEM, that they match and that the key has no password",
            ) from None


@contextmanager
def _private_file(content: bytes) -> Iterator[Path]:
    """Yield the path of a private file: in memory on Linux, elsewhere in a temporary folder."""
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        with open(os.memfd_create("iamsa"), "wb") as file:
            file.write(content)
            file.flush()
            yield Path(f"/proc/self/fd/{file.fileno()}")
        return
    with tempfile.TemporaryDirectory(prefix="iamsa-") as folder:
        path = Path(folder) / "pair.pem"
        path.touch(mode=0o600)
        path.write_bytes(content)
        yield path
