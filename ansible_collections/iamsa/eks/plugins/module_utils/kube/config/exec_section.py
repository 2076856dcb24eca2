# SPDX-License-Identifier: GPL-3.0-or-later

"""The exec section of a kubeconfig's user: the credential plugin and how to run it.

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
    """A validated exec section.

    `folder` is the kubeconfig's, `owner` names the user entry in errors, such as `user alice`.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    api_version: str
    folder: Path
    owner: str
    provide_cluster_info: bool = False
    install_hint: str = ""

    @property
    def command(self) -> str:
        """The program to run; a path is relative to the kubeconfig's folder."""
        name = self.argv[0]
        has_separator = os.sep in name or (os.altsep or os.sep) in name
        return str(self.folder / name) if has_separator else name


def parse_exec(user: Fields) -> ExecSection | None:
    """Return the exec section of a user entry, or None if it has none.

    Raises:
        InvalidFile: the section is not valid, or the plugin requires a terminal.
    """
    section = user.section("exec")
    if section is None:
        return None
    command = section.text("command")
    if not command:
        raise section.wrong("has no command", "recreate the entry with aws eks update-kubeconfig")
    version = section.text("apiVersion")
    if version not in API_VERSIONS:
        raise section.wrong(
            f"has an apiVersion that is not supported; use {' or '.join(API_VERSIONS)}",
            "recreate the entry with a current version of aws eks update-kubeconfig",
        )
    if section.text("interactiveMode") == "Always":
        raise section.wrong(
            "runs a plugin that requires a terminal (interactiveMode: Always)",
            "log in beforehand and set interactiveMode to IfAvailable, or specify " + Option("token"),
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
    problem = section.wrong(
        "has an env that is not a list of names and values", "write each name and value as a string"
    )
    if not isinstance(items, list):
        raise problem
    pairs = []
    for item in items:
        name, value = (item.get("name"), item.get("value")) if isinstance(item, dict) else (None, None)
        value = "" if value is None else value
        if not isinstance(name, str) or not name or "=" in name or not isinstance(value, str):
            raise problem
        pairs.append((name, value))
    return pairs
