"""The checks of a new OIDC provider (IAM API reference: CreateOpenIDConnectProvider).

Recorded by LocalStack against AWS (tests/aws/services/iam/test_iam_oidc.py, 2026-02).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.constraints import failure, length, members, violated

CLIENT_IDS = 100
THUMBPRINTS = 5


def check_provider(params: Mapping[str, str]) -> None:
    """Raise AwsError if the provider cannot be created."""
    violated(failures(params))
    if not params.get("Url", "").startswith("https://"):
        raise AwsError("ValidationError", "Invalid Open ID Connect Provider URL")
    if len(members(params, "ThumbprintList")) > THUMBPRINTS:
        raise AwsError("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
    if len(members(params, "ClientIDList")) > CLIENT_IDS:
        quota = f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {CLIENT_IDS}"
        raise AwsError("LimitExceeded", quota)


def failures(params: Mapping[str, str]) -> Iterator[str]:
    """Return the parameters that are too long or too short."""
    for name, least, most in (("ClientIDList", 1, 255), ("ThumbprintList", 40, 40)):
        if not all(least <= len(one) <= most for one in members(params, name)):
            rules = (
                f"Member must have length less than or equal to {most}",
                f"Member must have length greater than or equal to {least}",
            )
            yield failure(name[0].lower() + name[1:], f"Member must satisfy constraint: [{', '.join(rules)}]")
    yield from length("url", params.get("Url", ""), 1, 255)
