# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to IAM's policy simulator about a role's permissions, and its answers.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
Limiter = Literal["", "boundary", "organization"]


class Question(NamedTuple):
    """Actions and resources: every pair is simulated. Without an action, nothing is."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)


NO_QUESTION = Question()


class Permission(NamedTuple):
    """One answer. `limiter` is what denies the action, if not the role's own policies.

    `missing_context` are condition keys in the policies for which the simulator had no value.
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
        """`allowed`, or `denied` with the reason."""
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
        return f" (no value known for {keys})" if keys else ""
