# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM adapter: roles, policies, OIDC providers and the policy simulator."""

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
    """IAM in one account. Thread-safe."""

    def __init__(self, session: AwsSession, deadline: Deadline) -> None:
        self.roles = Roles(session, deadline)
        self.policies = Policies(session, deadline)
        self.providers = Providers(session, deadline)
        self._session = session

    @property
    def simulator(self) -> Simulator:
        """Imported on first use, because only `verify` needs it."""
        from .simulate import Simulator  # noqa: PLC0415

        return Simulator(self._session)
