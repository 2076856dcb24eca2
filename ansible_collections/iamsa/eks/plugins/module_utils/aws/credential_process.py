# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential_process of AWS profiles, for which botocore has no timeout.

https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from ..deadline import Deadline
from ..errors import RemoteError, TimedOut
from ..local.programs import TooMuchOutput, output_of

_SETTING = "credential_process"
_STRINGS = ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")


def bound(session: Any, deadline: Deadline) -> None:
    """Make a botocore session stop such programs at the deadline, and when this process ends.

    The hooks are private to botocore; a test checks them with the lowest supported version.
    """
    profiles = session.full_config.get("profiles", {})
    if not any(_SETTING in profile for profile in profiles.values()):
        return
    from botocore.credentials import ProcessProvider  # noqa: PLC0415

    def provider(profile: str) -> Any:
        return ProcessProvider(profile, lambda: session.full_config, popen=popen)

    def popen(argv: Sequence[str], **_: Any) -> _Program:
        return _Program(argv, deadline)

    resolver = session.get_component("credential_provider")
    resolver.get_provider("custom-process")._popen = popen
    # For a role's source_profile.
    resolver.get_provider("assume-role")._profile_provider_builder._create_process_provider = provider


class _Program:
    """The part of subprocess.Popen that botocore uses."""

    def __init__(self, argv: Sequence[str], deadline: Deadline) -> None:
        self._argv = argv
        self._deadline = deadline
        self.returncode = 0

    def communicate(self) -> tuple[bytes, bytes]:
        what = f"the {_SETTING} of the AWS profile"
        if not self._argv:
            raise _wrong(f"{what} is empty", "set it to a command, or remove the setting")
        # Without a terminal it cannot prompt, so it gets its own session, which can be killed as a whole.
        may_ask = os.isatty(0) or os.isatty(2)
        try:
            self.returncode, stdout, stderr = output_of(
                self._argv, os.environ, what, self._deadline, may_ask=may_ask
            )
        except TooMuchOutput:
            raise _wrong(f"{what} printed too much to be credentials") from None
        except TimedOut:
            raise TimedOut(
                f"{what} returned no credentials within {self._deadline.seconds:g} s",
                remedy="run it by hand: it may be waiting for a login",
                resource=_SETTING,
            ) from None
        if self.returncode == 0 and not _is_read_by_botocore(stdout):
            raise _wrong(f"{what} did not print valid credentials")
        return stdout, stderr


def _is_read_by_botocore(stdout: bytes) -> bool:
    """Whether it is an object of strings; for other JSON, botocore fails with an unrelated exception."""
    try:
        found = json.loads(stdout)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(isinstance(found.get(name) or "", str) for name in _STRINGS)


def _wrong(problem: str, remedy: str = "run it by hand to see why") -> RemoteError:
    return RemoteError(problem, code="Credentials", remedy=remedy)
