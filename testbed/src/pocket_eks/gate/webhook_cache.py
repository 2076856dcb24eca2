"""The cache of the pod identity webhook, which may be stale.

EKS's webhook answers from a cache that a watch fills, so it may miss a ServiceAccount that was just created
or annotated. Here, the cache is fresh unless the setting `webhook_cache` freezes it.
"""

from __future__ import annotations

from typing import Any

import httpx

from pocket_eks.gate.config import Config
from pocket_eks.gate.problem import Problem
from pocket_eks.gate.settings import Settings

Json = dict[str, Any]


class WebhookCache:
    """The ServiceAccounts as of the time when the cache was frozen."""

    def __init__(self, client: httpx.AsyncClient, config: Config, settings: Settings) -> None:
        self._client = client
        self._config = config
        self._settings = settings
        self._frozen: dict[tuple[str, str], Json] | None = None

    async def follow(self) -> None:
        """Freeze or unfreeze the cache according to the settings; raises Problem."""
        if self._settings.webhook_cache == "fresh":
            self._frozen = None
        elif self._frozen is None:
            self._frozen = await self._all()

    def find(self, namespace: str, name: str) -> Json:
        """Return the state of the cache and, if it is frozen, the ServiceAccount or null."""
        if self._frozen is None:
            return {"state": "fresh"}
        return {"state": "frozen", "serviceAccount": self._frozen.get((namespace, name))}

    async def _all(self) -> dict[tuple[str, str], Json]:
        url = self._config.kube_upstream + "/api/v1/serviceaccounts"
        headers = {"authorization": f"Bearer {self._config.kube_token}"}
        try:
            response = await self._client.get(url, headers=headers)
            response.raise_for_status()
            items: list[Json] = response.json()["items"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise Problem(f"The ServiceAccounts cannot be listed: {error}.", 500) from error
        return {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in items}
