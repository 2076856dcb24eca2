# SPDX-License-Identifier: GPL-3.0-or-later

"""`aws eks get-token` in a kubeconfig, which iamsa can answer itself.

`aws eks update-kubeconfig` writes that command, and starting it takes longer than all the rest of a run. What
it prints is made of nothing but the AWS credentials at hand:
https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from ...errors import IamsaError
from .exec_section import ExecSection

Made = TypeVar("Made")

_PROFILE = "AWS_PROFILE"


class GetToken(NamedTuple):
    """Which cluster the token is for; `profile` is None where the environment says it."""

    cluster: str
    region: str
    profile: str | None = None


def read_get_token(section: ExecSection) -> GetToken | None:
    """The command, if it is exactly what `aws eks update-kubeconfig` writes.

    None for anything else: another program or one with a path, a role to assume, further variables.
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
    """A token of our own making first; the plugin's where there can be none, or it was not taken."""
    has_made = False

    def fetch() -> Made:
        nonlocal has_made
        if has_made:
            return ask()
        has_made = True
        try:
            return make()
        except IamsaError:
            # The AWS CLI knows more ways to log in, and says what is wrong with them.
            return ask()

    return fetch
