# SPDX-License-Identifier: GPL-3.0-or-later

"""Replaces the `aws eks get-token` of a kubeconfig by a token that iamsa makes itself.

`aws eks update-kubeconfig` writes that command, and it takes longer than the rest of a run. Its output
depends only on the AWS credentials.
Source: https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from ...errors import IamsaError
from .exec_section import ExecSection

Made = TypeVar("Made")

_PROFILE = "AWS_PROFILE"


class GetToken(NamedTuple):
    """The cluster that the token is for; `profile` is None if the environment selects the credentials."""

    cluster: str
    region: str
    profile: str | None = None


def read_get_token(section: ExecSection) -> GetToken | None:
    """Return the command if it is exactly what `aws eks update-kubeconfig` writes.

    None for anything else: another program, a program with a path, a role to assume, other variables.
    """
    if section.argv[0] != "aws" or section.env.keys() - {_PROFILE}:
        return None
    options: dict[str, str] = {}
    words = list(section.argv[1:])
    verb = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            verb.append(word)
        elif word in options or not words:
            return None
        else:
            options[word] = words.pop(0)
    known = {"--region", "--cluster-name", "--profile", "--output"}
    region, cluster = options.get("--region"), options.get("--cluster-name")
    if verb != ["eks", "get-token"] or options.keys() - known or not region or not cluster:
        return None
    return GetToken(cluster, region, options.get("--profile") or section.env.get(_PROFILE) or None)


def made_or_asked_for(make: Callable[[], Made], ask: Callable[[], Made]) -> Callable[[], Made]:
    """Return a function that calls `make` first, and `ask` if `make` fails and on every later call.

    The later calls follow a 401, so a token that iamsa made was rejected.
    """
    has_made = False

    def fetch() -> Made:
        nonlocal has_made
        if has_made:
            return ask()
        has_made = True
        try:
            return make()
        except IamsaError:
            # The AWS CLI supports more ways to log in, and reports what is wrong with them.
            return ask()

    return fetch
