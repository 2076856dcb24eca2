# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM as this program needs it, by parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...deadline import Deadline
from ..session import AwsSession
from .policies import Policies
from .providers import Providers
from .roles import Roles

if TYPE_CHECKING:
    from .simulate import Simulator


class Iam:
    """For any number of threads."""

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self.roles = Roles(session, deadline)
        self.policies = Policies(session, deadline)
        self.providers = Providers(session, deadline)
        self._session = session

    @property
    def simulator(self) -> Simulator:
        """Loaded where it is asked: only a proof has a question for it."""
        from .simulate import Simulator  # noqa: PLC0415

        return Simulator(self._session)
