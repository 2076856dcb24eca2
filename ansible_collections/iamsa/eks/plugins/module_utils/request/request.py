# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked for one ServiceAccount, as the user said it, whichever front end it was said to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ..model.desired import RoleNameStyle
from ..wording.text import Sentence

# What a refusal calls a field: `--max-session-duration` or `max_session_duration`.
FieldNames = Callable[[str], Sentence]
# A name, an ARN or a file; or an inline policy: {name: …, document: {…}}.
# Union[…], because ansible-test's pylint takes what is outside of annotations for Python 3.8.
Policy = Union[str, Mapping[str, Any]]  # noqa: UP007


@dataclass(frozen=True)
class Request:
    """The values of the options, unchecked. None, nothing or False: not asked.

    Without a namespace, the kubeconfig's is meant. `tags` are keys and values in the order in which they were
    given; durations are texts such as 1h. What lifts a refusal, from `adopt` on, means for a delete what
    DeleteOverrides says.
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
