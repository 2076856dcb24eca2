# SPDX-License-Identifier: GPL-3.0-or-later

"""The exec section of a kubeconfig's user: which credential plugin to run, and how.

Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...wording.text import Option
from .fields import Fields

API_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
CLUSTER_EXTENSION = "client.authentication.k8s.io/exec"


@dataclass(frozen=True)
class ExecSection:
    """A checked exec section; `owner` and `file` are for messages."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    api_version: str
    folder: Path
    owner: str
    provide_cluster_info: bool = False
    install_hint: str = ""

    @property
    def command(self) -> str:
        """The command as it is run: one with a separator in it starts from the kubeconfig's folder."""
        name = self.argv[0]
        has_separator = os.sep in name or (os.altsep or os.sep) in name
        return str(self.folder / name) if has_separator else name


def parse_exec(user: Fields) -> ExecSection | None:
    """The user's exec section, or None where there is none."""
    section = user.section("exec")
    if section is None:
        return None
    command = section.text("command")
    if not command:
        raise section.wrong("has no command", "write the entry again with aws eks update-kubeconfig")
    version = section.text("apiVersion")
    if version not in API_VERSIONS:
        raise section.wrong(
            "has an apiVersion that is neither client.authentication.k8s.io/v1 nor …/v1beta1",
            "write the entry again with a current aws eks update-kubeconfig",
        )
    if section.text("interactiveMode") == "Always":
        raise section.wrong(
            "runs a plugin that must ask on the terminal (interactiveMode: Always)",
            "log in beforehand and use IfAvailable, or give " + Option("token"),
        )
    argv = (command, *section.texts("args"))
    env = dict(_variables(section))
    if any("\0" in word for word in (*argv, *env, *env.values())):
        raise section.wrong("has a NUL character in command, args or env", "remove it")
    return ExecSection(
        argv=argv,
        env=env,
        api_version=version,
        folder=user.folder,
        owner=user.owner,
        provide_cluster_info=section.flag("provideClusterInfo"),
        install_hint=section.text("installHint"),
    )


def _variables(section: Fields) -> list[tuple[str, str]]:
    items = section.values.get("env")
    if items is None:
        return []
    problem = section.wrong("has an env that is not a list of name and value", "write both as strings")
    if not isinstance(items, list):
        raise problem
    pairs = []
    for item in items:
        name, value = (item.get("name"), item.get("value", "")) if isinstance(item, dict) else (None, None)
        if not isinstance(name, str) or not name or "=" in name or not isinstance(value, str):
            raise problem
        pairs.append((name, value))
    return pairs
