# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of a run."""

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
    """What a delete did, or would do; `role_arn` is None where there was no role.

    `finalizers` hold the ServiceAccount, which is marked for deletion and not gone; () where nothing does.
    `via` is the kind of binding.
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
    """What a run did, or would do, and what is there then.

    `attached` maps the ARNs of the role's managed policies to their names; `inline` and `knows_inline` are
    those of Observed; `restarts` are the commands that make running pods take the role; `verification` is the
    proof that it is assumable, where that was asked for; with one of the `associations` pods get their role
    by that. `via` is the kind of binding, `audience` that of the tokens that it gives pods, and `binding` is
    what a document's `spec` says of it beside.
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
