# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's OIDC providers in memory, with the methods of the real adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unit.fakes.examples import HOME
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import EXISTS, MISSING
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider


@dataclass
class InMemoryProviders:
    """`providers` maps ARNs to audiences."""

    wire: Wire
    providers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    provider_tags: dict[str, dict[str, str]] = field(default_factory=dict)
    provider_made: int = 0

    def provider(self, arn: str) -> Provider | None:
        def look() -> Provider | None:
            if arn not in self.providers:
                return None
            return Provider(
                arn, self.providers[arn], self.provider_tags.get(arn, {}), f"{self.provider_made}"
            )

        return self.wire.send("iam:GetOpenIDConnectProvider", look)

    def provider_arns(self) -> tuple[str, ...]:
        return self.wire.send("iam:ListOpenIDConnectProviders", lambda: tuple(self.providers))

    def create_provider(
        self, issuer: str, audiences: list[str], tags: Mapping[str, str] | None = None
    ) -> None:
        arn = HOME.provider_arn(issuer)

        def make() -> None:
            if arn in self.providers:
                raise exists(arn)
            self.providers[arn] = tuple(audiences)
            self.provider_tags[arn] = dict(tags or {})
            self.provider_made += 1

        self._write("CreateOpenIDConnectProvider", make)

    def delete_provider(self, provider_arn: str) -> None:
        def take() -> None:
            if self.providers.pop(provider_arn, None) is None:
                raise missing(provider_arn)
            self.provider_tags.pop(provider_arn, None)

        self._write("DeleteOpenIDConnectProvider", take)

    def add_audience(self, provider_arn: str, audience: str) -> None:
        def add() -> None:
            there = self._audiences(provider_arn)
            self.providers[provider_arn] = tuple(dict.fromkeys((*there, audience)))

        self._write("AddClientIDToOpenIDConnectProvider", add)

    def remove_audience(self, provider_arn: str, audience: str) -> None:
        def take() -> None:
            left = (one for one in self._audiences(provider_arn) if one != audience)
            self.providers[provider_arn] = tuple(left)

        self._write("RemoveClientIDFromOpenIDConnectProvider", take)

    def set_provider_tags(self, provider_arn: str, tags: Mapping[str, str]) -> None:
        def put() -> None:
            self._audiences(provider_arn)
            self.provider_tags[provider_arn] = {**self.provider_tags.get(provider_arn, {}), **tags}

        self._write("TagOpenIDConnectProvider", put)

    def remove_provider_tags(self, provider_arn: str, keys: list[str]) -> None:
        def take() -> None:
            self._audiences(provider_arn)
            for key in keys:
                self.provider_tags[provider_arn].pop(key, None)

        self._write("UntagOpenIDConnectProvider", take)

    def _audiences(self, provider_arn: str) -> tuple[str, ...]:
        if provider_arn not in self.providers:
            raise missing(provider_arn)
        return self.providers[provider_arn]

    def _write(self, action: str, work: Callable[[], Any]) -> Any:
        return self.wire.send(f"iam:{action}", work, write=True)


def missing(what: str) -> RemoteError:
    return RemoteError(f"{what} cannot be found", code=MISSING)


def exists(what: str) -> RemoteError:
    return RemoteError(f"{what} already exists", code=EXISTS)
