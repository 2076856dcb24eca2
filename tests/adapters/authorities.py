# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate authorities that sign what a test needs: servers of this machine and clients by name."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pocket_eks.pki import key_usage, private_pem


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Authority:
    """One authority. Several may have the same name, as those of a cluster whose CA is rotated."""

    name: str = "kubernetes"
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)

    def __post_init__(self) -> None:
        self.certificate = self._signed(self.name, self.key, x509.BasicConstraints(True, None))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def server(self, folder: Path) -> tuple[Path, Path]:
        """Files of a certificate for 127.0.0.1 and of its key."""
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        names = x509.SubjectAlternativeName([address, x509.DNSName("localhost")])
        return self._files(folder, "server", names)

    def client(self, name: str) -> tuple[bytes, bytes]:
        """PEM of a certificate for a client of that common name, and of its key."""
        key = _new_key()
        signed = self._signed(name, key, x509.BasicConstraints(False, None))
        return signed.public_bytes(serialization.Encoding.PEM), private_pem(key)

    def _files(self, folder: Path, name: str, names: x509.SubjectAlternativeName) -> tuple[Path, Path]:
        key, folder = _new_key(), folder / f"{name}-{id(self)}"
        folder.mkdir(exist_ok=True)
        cert_file, key_file = folder / "cert.pem", folder / "key.pem"
        signed = self._signed(name, key, names)
        cert_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(private_pem(key))
        return cert_file, key_file

    def _signed(
        self, name: str, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        key_id = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        is_ca = isinstance(extension, x509.BasicConstraints) and extension.ca
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(extension, critical=is_ca)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), critical=False
            )
            .add_extension(key_usage(is_ca), critical=True)
            .sign(self.key, hashes.SHA256())
        )
