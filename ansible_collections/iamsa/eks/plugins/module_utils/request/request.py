# SPDX-License-Identifier: GPL-3.0-or-later

"""The request for one ServiceAccount, as given to either front end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ..model.desired import RoleNameStyle
from ..wording.text import Sentence

# A field's name in error messages: `--max-session-duration` or `max_session_duration`.
FieldNames = Callable[[str], Sentence]
# A name, an ARN or a file; or an inline policy: {name: …, document: {…}}.
# Union[…], because ansible-test's pylint checks code outside annotations for Python 3.8.
Policy = Union[str, Mapping[str, Any]]  # noqa: UP007


@dataclass(frozen=True)
class Request:
    """The unchecked values of the options. None, an empty value or False: not requested.

    If `namespace` is None, the kubeconfig's namespace is used. `tags` are pairs of key and value in the given
    order; durations are texts such as 1h. For a delete, see DeleteOverrides for the meaning of the overrides,
    from `adopt` on.
    """

    name: str
    namespace: str | None = None
    role_name: str | None = None
    role_name_style: RoleNameStyle | None = None
    path: str | None = None
    policies: Sequence[Policy] = ()
    policies_absent: Sequence[str] = ()
    permissions_boundary: str | None = None
    remove_permissions_boundary: bool = False
    tags: Sequence[tuple[str, str]] = ()
    remove_tags: Sequence[str] = ()
    purge_tags: bool = False
    description: str | None = None
    max_session_duration: str | None = None
    audience: str | None = None
    sts_regional_endpoints: bool | None = None
    token_expiration: str | None = None
    field_manager: str | None = None
    create_role: bool = True
    keep_role: bool = False
    keep_service_account: bool = False
    adopt: bool = False
    replace_trust: bool = False
    rebind: bool = False
    force_conflicts: bool = False
    purge: bool = False
    create_oidc_provider: bool = False
    create_namespace: bool = False
    assume_namespace: bool = False
