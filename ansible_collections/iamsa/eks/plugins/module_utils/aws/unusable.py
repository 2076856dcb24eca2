# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors about credentials that botocore cannot load or refresh, and that AWS cannot check.

Sources: botocore/exceptions.py, botocore/credentials.py (aws login needs awscrt), and
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from ..errors import IamsaError, MissingLibrary, RemoteError
from ..wording.text import RUN_AGAIN, Option, Sentence

NEW_CREDENTIALS = "log in again (aws sso login), renew the access keys, or use another " + Option("profile")
_KINDS = re.compile(r"SSO|Token|Credential|Login")
_CLOCK = re.compile(
    r"Signature (?:expired|not yet current): (?P<ours>\d{8}T\d{6}Z) is .*\((?P<theirs>\d{8}T\d{6}Z) [+-]"
)


def unusable(error: BaseException, text: str, profile: str = "") -> IamsaError | None:
    """Return the error for credentials that cannot be loaded; None if `error` is about something else.

    `text` is the error's own text. `profile` is the AWS profile in use, "" if it is not known.
    """
    kind = type(error).__name__
    if kind == "MissingDependencyException":
        of = f" {profile}" if profile else ""
        return MissingLibrary("awscrt", f"the AWS profile{of} logs in with aws login")
    if not _KINDS.search(kind):
        return None
    remedy: Sentence = NEW_CREDENTIALS
    login = "login" if "Login" in kind else "sso login" if "SSO" in kind or "Token" in kind else ""
    if login and profile:
        remedy = f"run aws {login} --profile {profile}, or use another " + Option("profile")
    of = f" of the profile {profile}" if profile else ""
    return RemoteError(f"the AWS credentials{of} cannot be used: {text}", code=kind, remedy=remedy)


def refuse_unprintable(keys: Iterable[str | None], profile: str) -> None:
    """Raise RemoteError for keys that cannot be sent in a header, without their values.

    `keys` are the access key ID, the secret access key and the session token. `profile` is the profile that
    they are from, "" for the environment.
    """
    names = ("access key ID", "secret access key", "session token")
    variables = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    for name, variable, key in zip(names, variables, keys):  # noqa: B905  # keys can be ()
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise RemoteError(
                f"the AWS {name} contains a space, a line break or another character that no key has",
                code="Credentials",
                remedy=f"check the profile {profile}" if profile else f"check {variable}",
            )


def clock_error(action: str, code: str, message: str) -> RemoteError | None:
    """Return the error for a signature with a wrong time; None if the message is about something else.

    Its form: `Signature expired: OURS is now earlier than LIMIT (THEIRS - 15 min.)`.
    """
    found = _CLOCK.search(message)
    if not found:
        return None
    ours, theirs = (datetime.strptime(found[name], "%Y%m%dT%H%M%SZ") for name in ("ours", "theirs"))
    minutes = round(abs((ours - theirs).total_seconds()) / 60)
    side = "behind" if ours < theirs else "ahead of"
    return RemoteError(
        f"the clock of this machine is {minutes} minutes {side} that of AWS ({action}: {code})",
        code=code,
        remedy="set the clock, and " + RUN_AGAIN,
    )
