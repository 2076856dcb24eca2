# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sentences of the core, which name the command line's options, in terms of a task's."""

from __future__ import annotations

import re

from .arguments import ACCOUNT_ARGUMENTS, AWS_ARGUMENTS, K8S_ARGUMENTS, RENAMED

_TRUE = frozenset(name for name, option in ACCOUNT_ARGUMENTS.items() if option["type"] == "bool")
_KNOWN = frozenset({*ACCOUNT_ARGUMENTS, *AWS_ARGUMENTS, *K8S_ARGUMENTS, *RENAMED.values()})
_COMMANDS = (
    (re.compile(r"\brun the same command again\b"), "run the same task again"),
    (re.compile(r"\bcreate it with kubectl iamsa create\b"), "create it with state: present"),
    (re.compile(r" of kubectl iamsa update\b"), ""),
    (re.compile(r", or --ignore-not-found if that is well"), ""),
    (
        re.compile(r"\bthe traceback that IAMSA_DEBUG=1 shows"),
        "the one that ANSIBLE_DISPLAY_TRACEBACK=error shows",
    ),
    (re.compile(r"(?<![\w-])-n(?![\w-])"), "namespace"),
    (re.compile(r"(?<![\w-])-p(?![\w-])"), "policies"),
)
# The flags of the AWS CLI are its own.
_FLAG = re.compile(
    r"\baws [a-z-]+ [a-z-]+(?: --[a-z-]+ [^\s;]+)*|(?<![\w-])--([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])"
)


def in_options(sentence: str) -> str:
    """`add --create-namespace` becomes `add create_namespace: true`, `--role-name` becomes `role_name`."""
    for pattern, words in _COMMANDS:
        sentence = pattern.sub(words, sentence)
    return _FLAG.sub(_option, sentence)


def _option(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    word = found[1].replace("-", "_")
    name = RENAMED.get(word, word)
    if name == "k8s_validate_certs":
        return f"{name}: false"
    if name in _TRUE:
        return f"{name}: true"
    return name if name in _KNOWN else found[0]
