"""The AWS emulators."""

from __future__ import annotations

import importlib.util
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from pocket_eks.ministack.venv import find_python


class Emulator(Protocol):
    def argv(self, port: int) -> list[str]:
        """Return the command line.

        Raises:
            WorldError: the emulator cannot be installed.
        """

    def env(self, account: str, region: str) -> dict[str, str]:
        """Return the variables that its process needs in addition to the caller's environment."""


@dataclass(frozen=True)
class Moto:
    def argv(self, port: int) -> list[str]:
        return [sys.executable, "-m", "pocket_eks.moto_server", str(port)]

    def env(self, account: str, region: str) -> dict[str, str]:
        return {
            "MOTO_ACCOUNT_ID": account,
            "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
            "AWS_DEFAULT_REGION": region,
        }


@dataclass(frozen=True)
class Ministack:
    def argv(self, port: int) -> list[str]:
        return [str(find_python()), "-I", str(SERVE), str(port), managed_policies()]

    def env(self, account: str, region: str) -> dict[str, str]:
        return {
            "MINISTACK_ACCOUNT_ID": account,
            "MINISTACK_REGION": region,
            "SERVICES": "iam,sts",
            "LOG_LEVEL": "WARNING",
            # Variables that the caller may have set for another ministack.
            "AUTH": "false",
            "USE_SSL": "0",
            "PERSIST_STATE": "0",
            "S3_PERSIST": "0",
            "LOCALSTACK_PERSISTENCE": "0",
            "CLOUDTRAIL_RECORDING": "0",
            "MINISTACK_AUTOCREATE_AWS_MANAGED": "0",
            # Servers of unused services, on ports that several worlds would compete for.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }


EMULATORS: Mapping[str, Emulator] = {"moto": Moto(), "ministack": Ministack()}
SERVE = Path(__file__).parent / "ministack" / "serve.py"


def managed_policies() -> str:
    """Return the path of moto's module with all AWS managed policies, without importing it."""
    moto = importlib.util.find_spec("moto")
    assert moto is not None
    assert moto.submodule_search_locations is not None
    return str(Path(moto.submodule_search_locations[0]) / "iam" / "aws_managed_policies.py")


def register_provider(endpoint: str, issuer: str, region: str) -> None:
    """Create the IAM OIDC provider of `issuer`, with the audience of EKS tokens.

    Raises:
        OSError: there is no answer, or an error (urllib.error.HTTPError).
    """
    body = urlencode(
        {
            "Action": "CreateOpenIDConnectProvider",
            "Version": "2010-05-08",
            "Url": issuer,
            "ClientIDList.member.1": "sts.amazonaws.com",
        }
    )
    # Emulators read the service from the credential scope, and do not check the signature.
    scope = f"AKIAIOSFODNN7EXAMPLE/20200101/{region}/iam/aws4_request"
    request = urllib.request.Request(
        endpoint,
        data=body.encode(),
        headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30):
        pass
