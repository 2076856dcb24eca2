# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a role may do something, as IAM's policy simulator tells it.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..errors import InvalidValue, excerpt
from ..wording.text import Option, Sentence

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
Limiter = Literal["", "boundary", "organization"]

_ACTION = re.compile(r"[a-z0-9-]{2,63}:[A-Za-z0-9]{1,64}")
_RESOURCE = re.compile(r"\*|arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9a-z*]*:[!-~]{1,1800}")


class Question(NamedTuple):
    """Actions and resources, each pair of which is asked about; without an action nothing is."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)


NO_QUESTION = Question()


class Permission(NamedTuple):
    """One answer. `limiter` is what withholds an action beside the role's own policies.

    `missing_context` are condition keys in the policies of which the simulator knew no value.
    """

    action: str
    resource: str
    decision: Decision
    limiter: Limiter = ""
    missing_context: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        return self.decision == "allowed"

    @property
    def words(self) -> str:
        """`allowed`, or `denied` with what denies it."""
        if self.is_allowed:
            return "allowed" + self._unknown
        by = {
            "boundary": "the permissions boundary does not allow it",
            "organization": "a policy of the organization does not allow it",
            "": "a statement denies it" if self.decision == "explicitDeny" else "no policy allows it",
        }
        return f"denied, {by[self.limiter]}{self._unknown}"

    @property
    def _unknown(self) -> str:
        keys = ", ".join(self.missing_context)
        return f" (with nothing known of {keys})" if keys else ""


def check_question(
    actions: Sequence[str],
    resources: Sequence[str],
    *,
    fields: tuple[Sentence, Sentence] = (Option("can"), Option("on")),
) -> Question:
    """Raises InvalidValue for what is no action or no resource of IAM."""
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise InvalidValue(
                fields[0], excerpt(action), "is no action", remedy="write it as s3:GetObject, without a *"
            )
    for resource in resources:
        if not _RESOURCE.fullmatch(resource):
            raise InvalidValue(
                fields[1],
                excerpt(resource),
                "is no ARN",
                remedy="write it as arn:aws:s3:::bucket/key, or * for all",
            )
    return Question(tuple(dict.fromkeys(actions)), tuple(dict.fromkeys(resources)) or ("*",))
