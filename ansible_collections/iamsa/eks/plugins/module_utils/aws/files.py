# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the files that botocore opens unchecked: reading a pipe may block, and a device never ends.

The AWS configuration, credentials and caches need no check: botocore reads them from regular files only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidFile, quoted

TOKEN_FILES = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
# What a shell substitutes for <(command); reading it ends when the command does.
_OPEN_FILES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


def check_files(session: Any, environ: Mapping[str, str], ca_bundle: str | None) -> None:
    """Check each file that this botocore session may read; `ca_bundle` overrides the configured one.

    Raises:
        InvalidFile: a file is a pipe or a device.
    """
    for what, path in _named(session, environ, ca_bundle):
        try:
            mode = os.stat(os.path.expanduser(path)).st_mode
        except (OSError, ValueError):
            # A missing file may never be needed; if it is, botocore's error names it.
            continue
        is_command = stat.S_ISFIFO(mode) and path.startswith(_OPEN_FILES)
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or is_command or path == os.devnull):
            raise InvalidFile(
                f"{what} {quoted(path)} is not a regular file",
                remedy="save its contents to a file, and use that file",
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
    """The profile in use, and the profiles along its source_profile settings."""
    profiles = session.full_config.get("profiles", {})
    name = session.get_config_variable("profile") or "default"
    seen: set[str] = set()
    while name in profiles and name not in seen:
        seen.add(name)
        yield profiles[name]
        name = profiles[name].get("source_profile")
