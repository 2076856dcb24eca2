# SPDX-License-Identifier: GPL-3.0-or-later

"""The user, groups and UID to impersonate, from the flags or else the kubeconfig.

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
    """Whom to impersonate; all fields are empty for nobody."""

    user: str = ""
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_impersonation(options: ConnectionOptions, user: Fields | None = None) -> Impersonation:
    """Return the flags' values, or else those of the kubeconfig's user entry.

    Raises:
        InvalidFile: groups, UID or extra fields are given without a user.
    """
    extra = user.section("as-user-extra") if user else None
    given: dict[str, tuple[str, ...]] = {}
    for pair in options.as_user_extra:
        key, _separator, value = pair.partition("=")
        given[key] = (*given.get(key, ()), value)
    found = Impersonation(
        user=options.as_user or (user.text("as") if user else ""),
        groups=options.as_groups or (user.texts("as-groups") if user else ()),
        uid=options.as_uid or (user.text("as-uid") if user else ""),
        extra=given or ({key: extra.texts(key) for key in extra.values} if extra else {}),
    )
    if not found.user and (found.groups or found.uid or found.extra):
        raise InvalidFile(
            "groups, UID and extra fields cannot be impersonated without a user",
            remedy="add " + Option("as", "USER"),
        )
    return found


def impersonation_headers(who: Impersonation) -> list[tuple[str, str]]:
    """Return the Impersonate-* headers of a request.

    Raises:
        InvalidFile: a value contains control characters.
    """
    headers = [("Impersonate-Group", group) for group in who.groups]
    if who.user:
        headers.append(("Impersonate-User", who.user))
    if who.uid:
        headers.append(("Impersonate-Uid", who.uid))
    for key, values in who.extra.items():
        # Characters that RFC 7230 does not allow in a header's name are percent-encoded.
        name = quote(key.lower(), safe="!#$&'*+-.^_`|~")
        headers += [(f"Impersonate-Extra-{name}", value) for value in values]
    if any(not value.isprintable() for _name, value in headers):
        raise InvalidFile(
            "the user, group, UID or extra field to impersonate contains control characters",
            remedy="remove them",
        )
    return [(name, value.encode().decode("latin-1")) for name, value in headers]
