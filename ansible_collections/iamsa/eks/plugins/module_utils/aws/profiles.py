# SPDX-License-Identifier: GPL-3.0-or-later

"""Look into the AWS configuration of a profile without opening a session."""

from __future__ import annotations

import os

from ..deadline import Deadline
from . import credential_process
from .call import translated
from .files import check_files


def has_credentials(profile: str, deadline: Deadline) -> bool:
    """Whether the profile itself has credentials; those of the machine or the pod do not count."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    session = Session(profile=profile)
    with translated("reading the AWS configuration"):
        if profile not in session.available_profiles:
            return False
        check_files(session, os.environ, None)
        credential_process.bound(session, deadline)
    resolver = session.get_component("credential_provider")
    for method in ("container-role", "iam-role"):
        resolver.remove(method)
    try:
        return session.get_credentials() is not None
    except (BotoCoreError, OSError, ValueError):
        return False
