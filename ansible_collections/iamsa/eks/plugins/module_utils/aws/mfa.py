# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS profiles that require an MFA code: prompt for it, and cache the session that it yields.

The cache is that of the AWS CLI, so that each reuses the other's sessions:
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import Any

from ..errors import Unlocated
from ..wording.text import RUN_AGAIN

# Takes a prompt and how many seconds to wait for the answer; returns None if there is no terminal.
AskCode = Callable[[str, float], "str | None"]

CACHE = Path("~/.aws/cli/cache")
_CODE = re.compile(r"[0-9]{6}")
_PROMPT = re.compile(r"Enter MFA code for (\S+): ")


def device_of(profiles: Mapping[str, Mapping[str, Any]], profile: str) -> str:
    """The `mfa_serial` of the profile, or of the profile that its credentials come from; or "" """
    seen: list[str] = []
    while profile and profile not in seen:
        seen.append(profile)
        settings = profiles.get(profile, {})
        if settings.get("role_arn") and settings.get("mfa_serial"):
            return str(settings["mfa_serial"])
        profile = str(settings.get("source_profile") or "") if settings.get("role_arn") else ""
    return ""


def asked_device(prompt: str) -> str:
    """The device in botocore's own prompt, or "": each source profile may have a different one."""
    found = _PROMPT.fullmatch(prompt)
    return found[1] if found else ""


def install(session: Any, prompt: Callable[[str], str]) -> None:
    """Make a botocore session ask `prompt` for MFA codes, and cache the sessions.

    The prompter is private to botocore; a test checks it with the lowest supported version.
    """
    provider = session.get_component("credential_provider").get_provider("assume-role")
    provider.cache = _Cache(CACHE.expanduser())
    provider._prompter = prompt


def checked_code(answer: str | None, device: str, profile: str) -> str:
    """The MFA code in the answer; `answer` is None if there was no terminal.

    Raises:
        Unlocated: there was no terminal, or the answer is not an MFA code.
    """
    if answer is None:
        raise Unlocated(
            f"AWS profile {profile} requires an MFA code for {device}, "
            "but there is no terminal to enter it on",
            remedy=f"first run aws sts get-caller-identity --profile {quote(profile)}, "
            f"whose session is then reused, or run this command under aws-vault exec {quote(profile)} --",
            resource=f"profile {profile}",
        )
    code = answer.strip()
    if not _CODE.fullmatch(code):
        raise Unlocated(
            f"AWS profile {profile} requires a six-digit MFA code for {device}, "
            f"but {'something else' if code else 'nothing'} was entered",
            remedy=RUN_AGAIN + " and enter the code that the device shows",
            resource=f"profile {profile}",
        )
    return code


class _Cache:
    """botocore's file cache of sessions; without write access, the next run prompts again."""

    def __init__(self, folder: Path) -> None:
        from botocore.utils import JSONFileCache  # noqa: PLC0415

        self._files = JSONFileCache(str(folder))

    def __contains__(self, key: str) -> bool:
        return key in self._files

    def __getitem__(self, key: str) -> Any:
        return self._files[key]

    def __setitem__(self, key: str, value: Any) -> None:
        with suppress(OSError):
            self._files[key] = value
