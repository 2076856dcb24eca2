# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom the API server's certificate is checked against, and how strictly.

As strict as kubectl: chain, host name and dates. Python 3.13 asks for more (VERIFY_X509_STRICT), and
refuses the CA of EKS clusters made with Kubernetes 1.16 or earlier, which lacks key identifiers.
See https://github.com/kubernetes-client/python/issues/2394
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
_REMEDY = "write the entry again with aws eks update-kubeconfig, or give " + Option("certificate_authority")


def certificates_in(pem: bytes) -> frozenset[bytes]:
    """The certificates of a CA bundle as DER, whatever stands between them; none where one is not base64."""
    try:
        return frozenset(ssl.PEM_cert_to_DER_cert(text.decode("ascii")) for text in _CERTIFICATE.findall(pem))
    except ValueError:
        return frozenset()


def certificates(pem: bytes, whose: str) -> frozenset[bytes]:
    """The certificates of a CA bundle as DER; none in it is an error."""
    found = certificates_in(pem)
    if not found:
        raise InvalidFile(
            f"the certificate authority of {whose} holds no certificate",
            remedy=_REMEDY,
        )
    return found


class _Context(ssl.SSLContext):
    """urllib3 1.26 names no server whose address is an IP: OpenSSL, which is to check it, would not begin."""

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
    """A context that trusts `ca` alone, or the system's CAs where there is none.

    `host`: whose certificate it has to be where the caller names nobody.
    """
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.host = host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A kubeconfig may hold an intermediate certificate as its CA: kubectl takes that.
    context.verify_flags |= getattr(ssl, "VERIFY_X509_PARTIAL_CHAIN", 0x80000)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca:
        try:
            context.load_verify_locations(cadata=b"".join(sorted(ca)))
        except ssl.SSLError:
            raise InvalidFile(
                f"the certificate authority of {whose} holds something that is no certificate",
                remedy=_REMEDY,
            ) from None
    else:
        context.load_default_certs()
    if client_pair:
        _load_client_pair(context, *client_pair, whose=whose)
    return context


def _load_client_pair(context: ssl.SSLContext, certificate: bytes, key: bytes, whose: str) -> None:
    """Python loads a key from a file only."""
    with _private_file(certificate.rstrip() + b"\n" + key) as pair:
        try:
            # Without a password function OpenSSL would ask for one on the terminal.
            context.load_cert_chain(pair, password=lambda: "")
        except (ssl.SSLError, ValueError, OSError):
            raise InvalidFile(
                f"the client certificate and key of {whose} cannot be used together",
                remedy="check that both are PEM, that they belong together and that the key has no password",
            ) from None


@contextmanager
def _private_file(content: bytes) -> Iterator[Path]:
    """In memory on Linux; elsewhere in a private folder for as long as it is read."""
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
