# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM OIDC providers: read them, list them, and one method for each write.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html and the
related actions. IAM accepts adding an existing audience, and removing a missing audience or tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...deadline import Deadline
from ...errors import ResourceRef
from ...identity.cluster import host_and_path
from ...model.role import Provider
from ..call import translated
from ..session import AwsSession
from .call import none_if_missing, tag_list, tags_of, write


class Providers:
    """The account's OIDC providers. Thread-safe.

    Every method raises Denied or RemoteError; those that write also raise TimedOut.
    """

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline

    def read(self, arn: str) -> Provider | None:
        """The provider; None if it does not exist."""
        with none_if_missing() as found, translated("iam:GetOpenIDConnectProvider", _ref(arn), words=arn):
            found.append(self._session.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        if not found:
            return None
        audiences = tuple(found[0].get("ClientIDList", ()))
        return Provider(arn, audiences, tags_of(found[0]), str(found[0].get("CreateDate", "")))

    def arns(self) -> tuple[str, ...]:
        """The ARNs of the account's OIDC providers, which IAM returns without pagination."""
        with translated("iam:ListOpenIDConnectProviders"):
            found = self._session.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        return tuple(provider["Arn"] for provider in found)

    def create(self, issuer: str, audiences: list[str], tags: Mapping[str, str] | None = None) -> None:
        """Create the provider of an issuer's https URL."""
        optional: dict[str, Any] = {"Tags": tag_list(tags)} if tags else {}
        # No thumbprint: AWS uses it only for an issuer whose CA is not publicly trusted.
        self._write(
            "iam:CreateOpenIDConnectProvider",
            issuer,
            lambda: self._session.iam.create_open_id_connect_provider(
                Url=issuer, ClientIDList=audiences, **optional
            ),
        )

    def delete(self, provider_arn: str) -> None:
        """Delete the provider; never retried, because a new provider may have the same ARN by then."""
        with translated("iam:DeleteOpenIDConnectProvider", _ref(provider_arn), words=provider_arn):
            self._session.iam_once.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn)

    def add_audience(self, provider_arn: str, audience: str) -> None:
        """Add an audience; an existing one is not an error."""
        self._write(
            "iam:AddClientIDToOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, ClientID=audience
            ),
        )

    def remove_audience(self, provider_arn: str, audience: str) -> None:
        """Remove an audience; a missing one is not an error."""
        self._write(
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.remove_client_id_from_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, ClientID=audience
            ),
        )

    def set_tags(self, provider_arn: str, tags: Mapping[str, str]) -> None:
        """Add or change these tags; others are kept."""
        self._write(
            "iam:TagOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.tag_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, Tags=tag_list(tags)
            ),
        )

    def remove_tags(self, provider_arn: str, keys: list[str]) -> None:
        """Remove the tags with these keys; a missing one is not an error."""
        self._write(
            "iam:UntagOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.untag_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, TagKeys=keys
            ),
        )

    def _write(self, action: str, url_or_arn: str, call: Callable[[], Any]) -> Any:
        return write(action, _ref(url_or_arn), call, self._deadline, words=url_or_arn)


def _ref(url_or_arn: str) -> ResourceRef:
    """The provider as errors name it, from its issuer's URL or its ARN."""
    return ResourceRef("oidc-provider", host_and_path(url_or_arn.rpartition(":oidc-provider/")[2]))
