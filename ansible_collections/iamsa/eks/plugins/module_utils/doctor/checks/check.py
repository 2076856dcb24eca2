# SPDX-License-Identifier: GPL-3.0-or-later

"""A check, its findings and its result."""

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
    """A problem, in one sentence.

    `flags` are the options with which create fixes it. If create does not, `remedy` is the command that does:
    argv of another program, or a command of iamsa. `mends` is False if no command fixes it. `verdict`
    overrides the check's own.

    `own_flags` are further options of the create for this finding alone. The commands for other findings work
    without them, and must not change more than is necessary.
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
    """One question about one link of the chain. `judge` is pure and yields a finding for each problem.

    `looks_at` states what is true if the check passes, as it completes "checks that". `needs` are the parts
    of the evidence that it reads: if one of them could not be read, the check is skipped. `after` are the
    checks whose failure would cause this one to fail: if one of them fails, this one is skipped. `unless`
    are the checks whose failure explains a failure of this one, which is then skipped instead. `warns`: its
    findings do not prevent pods from using their role.

    `symptom` is one of SYMPTOMS. `explanation` is two sentences, and `page` is the URL of a page of AWS or
    Kubernetes. `mend` says how to fix any finding of the check.
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
    unless: tuple[str, ...] = ()
    warns: bool = False


def create_command(*options: Option) -> Sentence:
    """The create command as `mend` shows it, in backticks."""
    return "`" + Command("create", "NAME", (Option("policy", "POLICY"), *options)) + "`"


@dataclass(frozen=True)
class Result:
    """The result of a check for one `object`; `remedy` is a command line, "" if no command fixes it.

    `what` is the finding, or the reason why the check was skipped; "" if it passed. `waits` is True if it was
    skipped only because another check must pass first.
    """

    check: Check
    object: str
    verdict: Verdict
    what: Sentence = ""
    remedy: Sentence = ""
    waits: bool = False
