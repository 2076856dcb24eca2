# SPDX-License-Identifier: GPL-3.0-or-later

"""The options and commands that sentences of the core name, as a task has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..wording.text import THE_PROGRAM, THE_TRACEBACK, THIS_RUN, Command, Option, Phrase, Sentence, Term, say
from .arguments import (
    AWS_ARGUMENTS,
    INFO_ARGUMENTS,
    K8S_ARGUMENTS,
    PROVIDER_ARGUMENTS,
    RENAMED,
    SERVICE_ACCOUNT_ARGUMENTS,
)

_OPTIONS = {
    **PROVIDER_ARGUMENTS,
    **INFO_ARGUMENTS,
    **SERVICE_ACCOUNT_ARGUMENTS,
    **AWS_ARGUMENTS,
    **K8S_ARGUMENTS,
}
_STATES = {"create": "present", "update": "present", "delete": "absent"}
_TERMS = {
    THIS_RUN: "the same task",
    THE_PROGRAM: "ansible-playbook …",
    THE_TRACEBACK: "the one that ANSIBLE_DISPLAY_TRACEBACK=error shows",
}
# What only the command line has, and what a task says where a sentence names it all the same.
ONE_SIDED = {
    "can": "the actions",
    "cluster": "context",
    "ignore_not_found": "state: absent",
    "on": "the resources",
    "user": "context",
}
# What YAML takes for a text as it stands.
_PLAIN = re.compile(r"[A-Za-z/][\w./:@+=-]*")


class TaskWords:
    """`adopt: true`, `role_name`, `role_name: x`; a command is a list of options."""

    def knows(self, option: Option) -> bool:
        return option.name not in ONE_SIDED and name_of(option) in _OPTIONS

    def option(self, option: Option) -> str:
        name = name_of(option)
        kind = _OPTIONS.get(name, {}).get("type")
        if kind == "bool":
            # A switch that is on by default is named for being turned off.
            return f"{name}: {str(not _OPTIONS[name].get('default')).lower()}"
        if option.value is None:
            return name
        value = option.value if _PLAIN.fullmatch(option.value) else json.dumps(option.value)
        return f"{name}: [{value}]" if kind == "list" else f"{name}: {value}"

    def command(self, command: Command) -> str:
        given = [f"name: {command.name}"] if command.name else []
        return ", ".join((f"state: {_STATES[command.verb]}", *given, *map(self.option, command.given)))

    def term(self, term: Term) -> str:
        return _TERMS[term]


WORDS = TaskWords()


def name_of(option: Option) -> str:
    """What a task calls it."""
    return ONE_SIDED.get(option.name) or RENAMED.get(option.name, option.name)


def in_words(sentence: Sentence) -> str:
    """The sentence as a task says it."""
    return say(sentence, WORDS)


def worded(part: Any) -> Any:
    """A document, or a part of one, in a task's words."""
    if isinstance(part, Phrase):
        return in_words(part)
    if isinstance(part, Mapping):
        return {key: worded(value) for key, value in part.items()}
    return [worded(one) for one in part] if isinstance(part, (list, tuple)) else part
