# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to the API server as a value, with the words that an error needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...errors import ResourceRef

Verb = Literal["get", "list", "create", "patch", "delete"]
_METHODS: Mapping[Verb, str] = {
    "get": "GET",
    "list": "GET",
    "create": "POST",
    "patch": "PATCH",
    "delete": "DELETE",
}

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
TOKENS = "serviceaccounts/token"
# As many objects as kubectl asks for at once.
PAGE = 500


@dataclass(frozen=True)
class Request:
    """`verb` and `resource` are RBAC's words; a resource that is none is its own path."""

    verb: Verb
    resource: str
    path: str
    namespace: str = ""
    name: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content_type: str | None = None

    @property
    def method(self) -> str:
        return _METHODS[self.verb]

    @property
    def changes_nothing(self) -> bool:
        """May be sent again without harm: a read, a dry run, or a question in the form of a POST."""
        asks = self.resource == TOKENS or self.resource.endswith("reviews")
        return self.method == "GET" or "dryRun" in self.query or asks

    @property
    def action(self) -> str:
        """What is asked for, as a sentence goes on: `patch serviceaccounts in namespace web`."""
        place = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.verb} {self.resource}{place}"

    @property
    def attempt(self) -> str:
        """What could not be done: `patch serviceaccount web/app`."""
        return f"{self.verb} {self.target.words}"

    @property
    def target(self) -> ResourceRef:
        """The thing itself."""
        return ResourceRef(self.resource.removesuffix("s"), self.name, self.namespace)


_ISSUER_PATH = "/.well-known/openid-configuration"
ISSUER = Request("get", _ISSUER_PATH, _ISSUER_PATH)
