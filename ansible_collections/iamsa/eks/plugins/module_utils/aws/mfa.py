# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS profiles that want a code (MFA): who is asked for it, and where the session that it gives is kept.

The session is kept as the AWS CLI keeps it, so that each uses the other's:
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

# A question and for how many seconds to wait for its answer; None where there is nobody to ask.
AskCode = Callable[[str, float], "str | None"]

CACHE = Path("~/.aws/cli/cache")
_CODE = re.compile(r"[0-9]{6}")
_PROMPT = re.compile(r"Enter MFA code for (\S+): ")


def device_of(profiles: Mapping[str, Mapping[str, Any]], profile: str) -> str:
    """The serial number of the device that the profile, or one whose credentials it uses, names; or "" """
    seen: list[str] = []
    while profile and profile not in seen:
        seen.append(profile)
        settings = profiles.get(profile, {})
        if settings.get("role_arn") and settings.get("mfa_serial"):
            return str(settings["mfa_serial"])
        profile = str(settings.get("source_profile") or "") if settings.get("role_arn") else ""
    return ""


def asked_device(prompt: str) -> str:
    """The device in botocore's own question, or "": each profile along the sources may name another."""
    found = _PROMPT.fullmatch(prompt)
    return found[1] if found else ""


def install(session: Any, prompt: Callable[[str], str]) -> None:
    """Have a botocore session ask `prompt` for codes, and keep what they give.

    The prompter is private to botocore: a test holds it at the lowest version that we support.
    """
    provider = session.get_component("credential_provider").get_provider("assume-role")
    provider.cache = _Cache(CACHE.expanduser())
    provider._prompter = prompt


def checked_code(answer: str | None, device: str, profile: str) -> str:
    """The code in what was answered, if somebody was there to answer.

    Raises:
        Unlocated: nobody was, or what was answered is not a code.
    """
    if answer is None:
        raise Unlocated(
            f"AWS profile {profile} requires an MFA code for {device}, "
            "and there is no terminal to ask for it on",
            remedy=f"run aws sts get-caller-identity --profile {quote(profile)} first, "
            f"whose session is then used, or run this under aws-vault exec {quote(profile)} --",
            resource=f"profile {profile}",
        )
    code = answer.strip()
    if not _CODE.fullmatch(code):
        raise Unlocated(
            f"AWS profile {profile} requires an MFA code of six digits for {device}, "
            f"and {'something else' if code else 'nothing'} was entered",
            remedy=RUN_AGAIN + " and enter the code that the device shows",
            resource=f"profile {profile}",
        )
    return code


class _Cache:
    """botocore's cache of sessions in files; a folder that cannot be written only costs the next question."""

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
