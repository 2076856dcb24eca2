# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's OIDC providers in memory, with the methods of the real adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from unit.fakes.account import InMemoryAccount, exists, missing
from unit.fakes.examples import HOME
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider


@dataclass
class InMemoryProviders:
    wire: Wire
    account: InMemoryAccount

    def read(self, arn: str) -> Provider | None:
        def look() -> Provider | None:
            if arn not in self.account.providers:
                return None
            return Provider(
                arn,
                self.account.providers[arn],
                self.account.provider_tags.get(arn, {}),
                f"{self.account.provider_made}",
            )

        return self.wire.send("iam:GetOpenIDConnectProvider", look)

    def arns(self) -> tuple[str, ...]:
        return self.wire.send("iam:ListOpenIDConnectProviders", lambda: tuple(self.account.providers))

    def create(self, issuer: str, audiences: list[str], tags: Mapping[str, str] | None = None) -> None:
        arn = HOME.provider_arn(issuer)

        def make() -> None:
            if arn in self.account.providers:
                raise exists(arn)
            self.account.providers[arn] = tuple(audiences)
            self.account.provider_tags[arn] = dict(tags or {})
            self.account.provider_made += 1

        self._write("CreateOpenIDConnectProvider", make)

    def delete(self, provider_arn: str) -> None:
        def take() -> None:
            if self.account.providers.pop(provider_arn, None) is None:
                raise missing(provider_arn)
            self.account.provider_tags.pop(provider_arn, None)

        self._write("DeleteOpenIDConnectProvider", take)

    def add_audience(self, provider_arn: str, audience: str) -> None:
        def add() -> None:
            there = self._audiences(provider_arn)
            self.account.providers[provider_arn] = tuple(dict.fromkeys((*there, audience)))

        self._write("AddClientIDToOpenIDConnectProvider", add)

    def remove_audience(self, provider_arn: str, audience: str) -> None:
        def take() -> None:
            left = (one for one in self._audiences(provider_arn) if one != audience)
            self.account.providers[provider_arn] = tuple(left)

        self._write("RemoveClientIDFromOpenIDConnectProvider", take)

    def set_tags(self, provider_arn: str, tags: Mapping[str, str]) -> None:
        def put() -> None:
            self._audiences(provider_arn)
            self.account.provider_tags[provider_arn] = {
                **self.account.provider_tags.get(provider_arn, {}),
                **tags,
            }

        self._write("TagOpenIDConnectProvider", put)

    def remove_tags(self, provider_arn: str, keys: list[str]) -> None:
        def take() -> None:
            self._audiences(provider_arn)
            for key in keys:
                self.account.provider_tags[provider_arn].pop(key, None)

        self._write("UntagOpenIDConnectProvider", take)

    def _audiences(self, provider_arn: str) -> tuple[str, ...]:
        if provider_arn not in self.account.providers:
            raise missing(provider_arn)
        return self.account.providers[provider_arn]

    def _write(self, action: str, work: Callable[[], Any]) -> Any:
        return self.wire.send(f"iam:{action}", work, write=True)
