"""The AWS emulators that a world can stand on."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from testbed.ports import HOST


class Emulator(Protocol):
    def argv(self, port: int) -> list[str]: ...

    def env(self, account: str, region: str) -> dict[str, str]:
        """What its process needs besides the caller's environment."""


@dataclass(frozen=True)
class Moto:
    def argv(self, port: int) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]

    def env(self, account: str, region: str) -> dict[str, str]:
        return {
            "MOTO_ACCOUNT_ID": account,
            "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
            "AWS_DEFAULT_REGION": region,
        }


EMULATORS: Mapping[str, Emulator] = {"moto": Moto()}
# Named in the command line already, so that nobody has to guess what is meant to come.
PLANNED = ("ministack",)


def register_provider(endpoint: str, issuer: str, region: str) -> None:
    """Create the IAM OIDC provider of `issuer`, with the audience that EKS tokens have.

    OSError: no answer, or a refusal (urllib.error.HTTPError).
    """
    body = urlencode(
        {
            "Action": "CreateOpenIDConnectProvider",
            "Version": "2010-05-08",
            "Url": issuer,
            "ClientIDList.member.1": "sts.amazonaws.com",
        }
    )
    # Emulators find the service by the credential's scope and do not look at the signature.
    scope = f"AKIAIOSFODNN7EXAMPLE/20200101/{region}/iam/aws4_request"
    request = urllib.request.Request(
        endpoint,
        data=body.encode(),
        headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30):
        pass
