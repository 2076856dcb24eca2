# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check is, what it may find, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ...model.pods import Pod
from ...wording.text import Command, Option, Sentence
from ..evidence import Evidence, Part

Subject = Literal["cluster", "serviceAccount", "role", "trust", "policies", "oidcProvider", "pod"]
Verdict = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, in a sentence.

    `flags` are what a create needs to mend it; where a create does not, `remedy` is the command that does, in
    the words of another program or one of ours. If no command can, `mends` is False. `verdict` is the check's
    own unless something else is said.

    `own_flags` are those that the create for this finding has besides. The commands for other findings leave
    them out, because they work without, and must not do more than is asked.
    """

    what: Sentence
    flags: tuple[Option, ...] = ()
    own_flags: tuple[Option, ...] = ()
    remedy: tuple[str, ...] | Command = ()
    mends: bool = True
    verdict: Verdict | None = None


Judge = Callable[[Evidence], Iterator[Finding]]
PodJudge = Callable[[Evidence, Pod], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """One question about one link of the chain. `judge` is pure; it yields what is wrong, and nothing where
    all is well.

    `needs` are the parts that it looks at: where one of them could not be read, it is skipped. `after`
    are the checks that would be the cause of its own failure: where one of them has found something, it is
    skipped too. `warns`: what it finds does not keep a pod from its role.

    `symptom` is what somebody sees who does not know the cause yet; `explanation` are two sentences, and
    `page` is where AWS or Kubernetes explains it. `mend` says what mends it, whatever was found.
    """

    id: str
    subject: Subject
    looks_at: str
    symptom: str
    explanation: str
    page: str
    mend: Sentence
    judge: Judge | None = None
    judge_pod: PodJudge | None = None
    needs: tuple[Part, ...] = ()
    after: tuple[str, ...] = ()
    warns: bool = False


def create_command(*options: Option) -> Sentence:
    """How `mend` shows it."""
    return "`" + Command("create", "NAME", (Option("policy", "POLICY"), *options)) + "`"


@dataclass(frozen=True)
class Result:
    """What a check came to for one thing, `object`; `remedy` is a command line, "" where none can mend it.

    `what` says what was found, or why the check was skipped; "" where all is well. It `waits` if it was
    skipped only because something else comes first.
    """

    check: Check
    object: str
    verdict: Verdict
    what: Sentence = ""
    remedy: Sentence = ""
    waits: bool = False
