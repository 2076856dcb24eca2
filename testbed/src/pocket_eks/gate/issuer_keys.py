"""The keys of the cluster's issuer, which the API server publishes, and verification of tokens with them."""

from __future__ import annotations

from typing import Any

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pocket_eks.gate.config import Config

ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]


class NoKey(Exception):
    """The issuer does not have the key, or its keys cannot be read."""


class BadSignature(Exception):
    """The token was not signed with the key that it names."""


class IssuerKeys:
    """The key set of one issuer. It is read when first needed, and when a token names an unknown key."""

    def __init__(self, client: httpx.AsyncClient, config: Config) -> None:
        self._client = client
        self._config = config
        self._keys: dict[str, Any] = {}

    async def verify(self, token: str, issuer: str, kid: str) -> None:
        """Return if the signature is valid. Raises NoKey or BadSignature."""
        if issuer != self._config.issuer:
            raise NoKey
        if kid not in self._keys:
            await self._fetch()
        if kid not in self._keys:
            raise NoKey
        try:
            jws.deserialize_compact(token, self._keys[kid], algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise BadSignature from error

    async def _fetch(self) -> None:
        # The path at which kube-apiserver serves the jwks_uri of its discovery document.
        url = self._config.kube_upstream + "/openid/v1/jwks"
        try:
            response = await self._client.get(
                url, headers={"authorization": f"Bearer {self._config.kube_token}"}
            )
            response.raise_for_status()
            found = KeySet.import_key_set(response.json())
        except (httpx.HTTPError, JoseError, ValueError) as error:
            raise NoKey from error
        self._keys = {str(key.kid): key for key in found.keys}
