# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..identity.subject import Subject
from ..policy.equality import Document
from ..wording.text import Sentence
from .association import UNASKED, SeenAssociations
from .observed import ClusterFacts
from .role import Role
from .steps.step import Step

if TYPE_CHECKING:
    from .verification import Verification


@dataclass(frozen=True)
class DeleteResult:
    """What a delete did, or would do in a dry run; `role_arn` is None if there was no role.

    `finalizers` block the deletion of a ServiceAccount that is marked for deletion; otherwise (). `via` is
    the kind of binding.
    """

    facts: ClusterFacts
    subject: Subject
    role_name: str
    role_arn: str | None
    steps: tuple[Step, ...]
    via: str
    finalizers: tuple[str, ...] = ()
    notices: tuple[Sentence, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.steps)


@dataclass(frozen=True)
class Outcome:
    """What a run did, or would do in a dry run, and the state after it.

    `attached`, `inline` and `knows_inline`: see Observed.
    `via`: the kind of binding; `binding`: its fields in a document's `spec`.
    `audience`: the audience of the pods' tokens.
    `restarts`: commands that make running pods use the role.
    `verification`: the result of the check that the role is assumable, if it was requested.
    `associations`: if there is one, it gives pods their role, not the annotation.
    """

    facts: ClusterFacts
    subject: Subject
    role: Role
    attached: Mapping[str, str]
    inline: Mapping[str, Document | None]
    annotations: Mapping[str, str]
    steps: tuple[Step, ...]
    via: str
    audience: str
    binding: Mapping[str, Any]
    restarts: tuple[str, ...] = ()
    notices: tuple[Sentence, ...] = ()
    verification: Verification | None = None
    associations: SeenAssociations = UNASKED
    knows_inline: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.steps)
