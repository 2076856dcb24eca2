# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM OIDC providers: one method a write, each as idempotent as IAM makes it.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html and its
neighbours: adding what is there, and removing or deleting what is not, is no error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...deadline import Deadline
from ..call import translated
from ..retry import CONCURRENT, CONCURRENT_SECONDS, has_code, retried
from ..session import AwsSession
from .simulate import Simulator


class ProviderWriter(Simulator):
    """For any number of threads. Every method raises Denied, RemoteError or TimedOut."""

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        super().__init__(session)
        self._deadline = deadline

    def create_provider(
        self, issuer: str, audiences: list[str], tags: Mapping[str, str] | None = None
    ) -> None:
        optional: dict[str, Any] = {"Tags": tag_list(tags)} if tags else {}
        # No thumbprint: AWS uses it only where the issuer's CA is not publicly trusted.
        self._write(
            "iam:CreateOpenIDConnectProvider",
            issuer,
            lambda: self._session.iam.create_open_id_connect_provider(
                Url=issuer, ClientIDList=audiences, **optional
            ),
        )

    def delete_provider(self, provider_arn: str) -> None:
        """Sent once, whatever comes of it: by then there may be another provider of that issuer."""
        with translated("iam:DeleteOpenIDConnectProvider", provider_arn):
            self._session.iam_once.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn)

    def add_audience(self, provider_arn: str, audience: str) -> None:
        self._write(
            "iam:AddClientIDToOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, ClientID=audience
            ),
        )

    def remove_audience(self, provider_arn: str, audience: str) -> None:
        self._write(
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.remove_client_id_from_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, ClientID=audience
            ),
        )

    def set_provider_tags(self, provider_arn: str, tags: Mapping[str, str]) -> None:
        self._write(
            "iam:TagOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.tag_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, Tags=tag_list(tags)
            ),
        )

    def remove_provider_tags(self, provider_arn: str, keys: list[str]) -> None:
        self._write(
            "iam:UntagOpenIDConnectProvider",
            provider_arn,
            lambda: self._session.iam.untag_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn, TagKeys=keys
            ),
        )

    def _write(self, action: str, resource: str, call: Callable[[], Any]) -> Any:
        def once() -> Any:
            with translated(action, resource):
                return call()

        # No retry mode of botocore's retries this one.
        return retried(
            once, self._deadline, f"retrying {action}", seconds=CONCURRENT_SECONDS, when=has_code(CONCURRENT)
        )


def tag_list(tags: Mapping[str, str]) -> Any:
    """Tags as IAM's requests spell them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
