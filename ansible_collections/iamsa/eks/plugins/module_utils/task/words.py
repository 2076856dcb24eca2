# SPDX-License-Identifier: GPL-3.0-or-later

"""Spells the options and commands in the core's messages as options of a task."""

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
# Flags that only the command has, and the words for them in messages of a task.
ONE_SIDED = {
    "allow_outside": "a copy of the file",
    "can": "the actions",
    "cluster": "context",
    "ignore_not_found": "state: absent",
    "on": "the resources",
    "recursive": "the files of subfolders",
    "user": "context",
}
# A string that YAML needs no quotes for.
_PLAIN = re.compile(r"[A-Za-z/][\w./:@+=-]*")


class TaskWords:
    """Spells options as `adopt: true`, `role_name` or `role_name: x`, and commands as a list of options."""

    def knows(self, option: Option) -> bool:
        return option.name not in ONE_SIDED and name_of(option) in _OPTIONS

    def option(self, option: Option) -> str:
        name = name_of(option)
        kind = _OPTIONS.get(name, {}).get("type")
        if kind == "bool":
            # An option that is true by default is named with false.
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
    """Return the name of the option in a task."""
    return ONE_SIDED.get(option.name) or RENAMED.get(option.name, option.name)


def in_words(sentence: Sentence) -> str:
    """Return the message with the options of a task."""
    return say(sentence, WORDS)


def worded(part: Any) -> Any:
    """Return the document, or a part of one, with the options of a task in its messages."""
    if isinstance(part, Phrase):
        return in_words(part)
    if isinstance(part, Mapping):
        return {key: worded(value) for key, value in part.items()}
    return [worded(one) for one in part] if isinstance(part, (list, tuple)) else part
