# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that botocore reads without looking what they are: a pipe holds it, a device has no end.

AWS's configuration, credentials and caches are no part of it: of those botocore reads regular files only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidFile

TOKEN_FILES = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
# What a shell puts in place of <(command): it ends when the command does.
_OPEN_FILES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


def check_files(session: Any, environ: Mapping[str, str], ca_bundle: str | None) -> None:
    """Look at each file that this botocore session may read; `ca_bundle` is one that the caller names.

    Raises:
        InvalidFile: one is there and is a pipe or a device.
    """
    for what, path in _named(session, environ, ca_bundle):
        try:
            mode = os.stat(os.path.expanduser(path)).st_mode
        except (OSError, ValueError):
            # One that is missing may never be asked for, and botocore names it if it is.
            continue
        is_command = stat.S_ISFIFO(mode) and path.startswith(_OPEN_FILES)
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or is_command or path == os.devnull):
            raise InvalidFile(
                f"{what}, {path!r}, is not a regular file",
                remedy="save what it holds to a file, and name that",
                resource=path,
            )


def _named(session: Any, environ: Mapping[str, str], ca_bundle: str | None) -> Iterator[tuple[str, str]]:
    bundle = ca_bundle or session.get_config_variable("ca_bundle")
    if bundle:
        yield "the CA bundle for AWS", bundle
    if environ.get("REQUESTS_CA_BUNDLE"):
        yield "REQUESTS_CA_BUNDLE", environ["REQUESTS_CA_BUNDLE"]
    for name in TOKEN_FILES:
        if environ.get(name):
            yield name, environ[name]
    for profile in _chain(session):
        if profile.get("web_identity_token_file"):
            yield "web_identity_token_file of the AWS profile", profile["web_identity_token_file"]


def _chain(session: Any) -> Iterator[Mapping[str, str]]:
    """The profile in use, and those that it takes its credentials from."""
    profiles = session.full_config.get("profiles", {})
    name = session.get_config_variable("profile") or "default"
    seen: set[str] = set()
    while name in profiles and name not in seen:
        seen.add(name)
        yield profiles[name]
        name = profiles[name].get("source_profile")
