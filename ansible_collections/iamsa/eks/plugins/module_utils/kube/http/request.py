# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to the API server as a record, with the terms that errors need."""

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
# The page size of kubectl.
PAGE = 500


@dataclass(frozen=True)
class Request:
    """A request; `verb` and `resource` are RBAC's, and a non-resource URL is its own `resource`.

    `path` is the path on the server, `content_type` that of a patch.
    """

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
        """The HTTP method."""
        return _METHODS[self.verb]

    @property
    def changes_nothing(self) -> bool:
        """Whether it is safe to repeat: a read, a dry run, a token request or an access review."""
        asks = self.resource == TOKENS or self.resource.endswith("reviews")
        return self.method == "GET" or "dryRun" in self.query or asks

    @property
    def action(self) -> str:
        """The action as RBAC names it: `patch serviceaccounts in namespace web`."""
        place = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.verb} {self.resource}{place}"

    @property
    def attempt(self) -> str:
        """The action as errors name it: `patch serviceaccount web/app`."""
        return f"{self.verb} {self.target.words}"

    @property
    def target(self) -> ResourceRef:
        """The object that the request is about."""
        return ResourceRef(self.resource.removesuffix("s"), self.name, self.namespace)


_ISSUER_PATH = "/.well-known/openid-configuration"
ISSUER = Request("get", _ISSUER_PATH, _ISSUER_PATH)
