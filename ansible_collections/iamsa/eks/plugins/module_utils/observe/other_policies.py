# SPDX-License-Identifier: GPL-3.0-or-later

"""The inline policies that leave less room for one that is put: IAM limits all of a role's together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..aws.iam.client import Iam
from ..concurrency import bounded, few_at_a_time
from ..deadline import Deadline
from ..errors import Denied
from ..model.observed import Observed
from ..policy.equality import Document


def read_others(
    iam: Iam, observed: Observed, names: Sequence[str] | None, deadline: Deadline
) -> Mapping[str, Document | None] | None:
    """The documents that `observed` lacks; `names` are all inline policies, None where they are not listed.

    None stands for a document that may not be read, and in place of all where not even their names may.
    """
    role = observed.role_name
    if names is None:
        try:
            names = bounded(f"reading role {role}", lambda: iam.policies.inline_names(role), deadline)
        except Denied:
            return None
    unread = [name for name in names if observed.inline.get(name) is None]
    works = [lambda name=name: _read(iam, role, name) for name in unread]
    found = few_at_a_time(f"reading role {role}", deadline, works) if works else ()
    # One that was deleted meanwhile takes no room.
    return {name: document for name, (document, is_there) in zip(unread, found, strict=True) if is_there}


def _read(iam: Iam, role: str, name: str) -> tuple[Document | None, bool]:
    try:
        document = iam.policies.inline(role, name)
    except Denied:
        return None, True
    return document, document is not None
