# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a request acts as, by the flags or else the kubeconfig.

Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from ...errors import InvalidFile
from ...wording.text import Option
from .fields import Fields
from .options import ConnectionOptions


@dataclass(frozen=True)
class Impersonation:
    """Whom to act as; empty where nobody."""

    user: str = ""
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_impersonation(options: ConnectionOptions, user: Fields | None = None) -> Impersonation:
    """What the flags say, else the kubeconfig's `user`.

    Raises:
        InvalidFile: there is no user to whom the rest belongs.
    """
    extra = user.section("as-user-extra") if user else None
    found = Impersonation(
        user=options.as_user or (user.text("as") if user else ""),
        groups=options.as_groups or (user.texts("as-groups") if user else ()),
        uid=options.as_uid or (user.text("as-uid") if user else ""),
        extra={key: extra.texts(key) for key in extra.values} if extra else {},
    )
    if not found.user and (found.groups or found.uid or found.extra):
        raise InvalidFile(
            "groups, uid or extra are to be impersonated without a user", remedy="add " + Option("as", "USER")
        )
    return found


def impersonation_headers(who: Impersonation) -> list[tuple[str, str]]:
    """As Kubernetes reads them from a request."""
    headers = [("Impersonate-Group", group) for group in who.groups]
    if who.user:
        headers.append(("Impersonate-User", who.user))
    if who.uid:
        headers.append(("Impersonate-Uid", who.uid))
    for key, values in who.extra.items():
        # Only what RFC 7230 allows in a header's name may stand there as it is.
        name = quote(key.lower(), safe="!#$&'*+-.^_`|~")
        headers += [(f"Impersonate-Extra-{name}", value) for value in values]
    if any(not value.isprintable() for _name, value in headers):
        raise InvalidFile(
            "the user, group or uid to impersonate has control characters", remedy="give another"
        )
    return [(name, value.encode().decode("latin-1")) for name, value in headers]
