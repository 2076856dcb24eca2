# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the checks on the evidence of one ServiceAccount, and composes the commands that fix findings."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping

from ..identity.keys import DEFAULT_AUDIENCE
from ..model.binding import Link
from ..model.pods import Pod
from ..wording.text import Command, Option, Sentence
from .chain import Chain
from .checks.check import Check, Finding, Result, Verdict
from .checks.mounted_token import audience_to_be
from .checks.overrides import ROLE_NAME, given_policy, names, no_room, overrides_for_the_rest
from .checks.registry import CHECKS
from .evidence import UNTRIED, Evidence, Part


def examine(evidence: Evidence, checks: Iterable[Check] = CHECKS) -> tuple[Result, ...]:
    """The results in the order of `checks`; a check that fails has one result for each finding.

    Every create among the remedies has the options for all findings: with fewer it would be refused.
    """
    return tuple(_Examination(evidence, tuple(checks)).results())


def is_well(results: Iterable[Result]) -> bool:
    """Whether no check failed, so that pods get their role; warnings are allowed."""
    return not any(result.verdict == "fail" for result in results)


# The connection options that kubectl does not have.
_AWS_OPTIONS = ("cluster_name", "region", "profile")


def problems(chain: Chain, where: tuple[Option, ...] = ()) -> tuple[Result, ...]:
    """The failures and warnings of the checks that need the chain alone, neither the cluster nor pods."""
    beyond: dict[Part, Sentence] = dict.fromkeys(_BEYOND, "not checked")
    beyond |= without_role(chain)
    beyond |= without_link(chain)
    seen = chain.associations
    if seen.unread:
        beyond["associations"] = seen.unread
    else:
        del beyond["associations"]
    results = examine(Evidence(chain, beyond, where=where, associations=seen.items))
    return tuple(result for result in results if result.verdict in ("fail", "warn"))


def without_role(chain: Chain) -> Mapping[Part, str]:
    """Why parts of the role are not read, by part; empty if the role should exist."""
    parts: tuple[Part, ...] = ("role", "policies", "boundary")
    if chain.elsewhere:
        return dict.fromkeys((*parts, "provider"), "the role is in another AWS account")
    if chain.associations.in_force and not chain.is_annotated and not chain.asked_role:
        # Tokens and trust policies are not used then, even if a role of iamsa still exists.
        return dict.fromkeys((*parts, "provider"), BY_AGENT)
    if not chain.role and not chain.named and not chain.asked_role:
        return dict.fromkeys(parts, "the ServiceAccount has no role")
    return {}


def without_link(chain: Chain) -> Mapping[Part, str]:
    """Why parts are not read that the ServiceAccount's kind of binding does not use, by part."""
    kind = chain.now.kind
    parts = [part for link, parts in _OF_LINK.items() if link not in kind.links for part in parts]
    return dict.fromkeys(parts, f"not used by its {kind.bond}")


_OF_LINK: Mapping[Link, tuple[Part, ...]] = {
    "oidcProvider": ("provider",),
    "webhook": ("webhooks", "probe", "told"),
}
# Why the parts that only tokens need are not read.
BY_AGENT = "pods get their role from Pod Identity"
_BEYOND: tuple[Part, ...] = (
    *("providers", "boundary", "quota", "webhooks", "namespace", "pods", "probe", "associations", "agent"),
    "exchange",
)


class _Examination:
    def __init__(self, evidence: Evidence, checks: tuple[Check, ...]) -> None:
        self._evidence = evidence
        self._checks = checks
        self._by_id = {check.id: check for check in checks}
        # By check and pod.
        self._found: dict[tuple[str, str], tuple[Finding, ...]] = {}

    def results(self) -> Iterator[Result]:
        rounds = list(self._rounds())
        found = [self._findings(check, pod) for check, pod in rounds]
        flags = tuple(dict.fromkeys(flag for some in found for one in some for flag in one.flags))
        for check, pod in rounds:
            yield from self._told(check, pod, flags)

    def _rounds(self) -> Iterator[tuple[Check, Pod | None]]:
        for check in self._checks:
            # If pods cannot be read, one result says so.
            if check.judge or self._lacks(check):
                yield check, None
        for pod in self._evidence.pods:
            for check in self._checks:
                if check.judge_pod and not self._lacks(check):
                    yield check, pod

    def _told(self, check: Check, pod: Pod | None, flags: tuple[Option, ...]) -> Iterator[Result]:
        what = object_of(check, self._evidence.chain, pod)
        first, lack, found = self._first(check, pod), self._lacks(check), self._findings(check, pod)
        if first or lack:
            why = f"{first} must pass first" if first else lack
            yield Result(check, what, "skipped", why, waits=bool(first) or lack == UNTRIED)
        elif not found:
            yield Result(check, what, "ok")
        for one in found:
            verdict: Verdict = one.verdict or ("warn" if check.warns else "fail")
            yield Result(check, what, verdict, *self._what_and_remedy(one, flags))

    def _what_and_remedy(self, found: Finding, flags: tuple[Option, ...]) -> tuple[Sentence, Sentence]:
        if not found.mends:
            return found.what, ""
        all_flags = tuple(dict.fromkeys((*flags, *found.own_flags)))
        all_flags = tuple(
            dict.fromkeys((*all_flags, *overrides_for_the_rest(self._evidence.chain, all_flags)))
        )
        lack = "" if found.remedy else no_room(self._evidence.chain, all_flags)
        if lack:
            return found.what + "; " + lack, ""
        command = found.remedy or _create(self._evidence, all_flags)
        if isinstance(command, Command):
            where = self._evidence.where
            return found.what, Command(command.verb, command.name, (*command.given, *where))
        return found.what, shlex.join((*command, *_where_for(command, self._evidence)))

    def _first(self, check: Check, pod: Pod | None) -> str:
        """The check that must pass before this one; "" if none."""
        first = next((name for name in check.after if self._is_stopped(name, pod)), "")
        if first or not check.unless or not check.judge or self._lacks(check):
            return first
        explained = [name for name in check.unless if self._fails(name)]
        return explained[0] if explained and any(check.judge(self._evidence)) else ""

    def _fails(self, name: str) -> bool:
        check = self._by_id.get(name)
        return bool(check and self._findings(check, None))

    def _lacks(self, check: Check) -> Sentence:
        return next(
            (self._evidence.unread[part] for part in check.needs if part in self._evidence.unread), ""
        )

    def _is_stopped(self, name: str, pod: Pod | None) -> bool:
        """Whether a check failed, or was skipped because of one that failed."""
        check = self._by_id.get(name)
        if check is None:
            return False
        whose = pod if check.judge_pod else None
        if self._first(check, pod):
            return True
        return bool(self._findings(check, whose))

    def _findings(self, check: Check, pod: Pod | None) -> tuple[Finding, ...]:
        key = (check.id, str(pod or ""))
        if key not in self._found:
            self._found[key] = tuple(self._judged(check, pod))
        return self._found[key]

    def _judged(self, check: Check, pod: Pod | None) -> Iterator[Finding]:
        if self._first(check, pod) or self._lacks(check):
            return
        if check.judge:
            yield from check.judge(self._evidence)
        elif check.judge_pod and pod:
            yield from check.judge_pod(self._evidence, pod)


def object_of(check: Check, chain: Chain, pod: Pod | None = None) -> str:
    """The kind and name of what a check is about, such as "role app"."""
    if pod:
        return str(pod)
    if check.subject in ("cluster", "oidcProvider"):
        return f"cluster {chain.facts.cluster.name}"
    if check.subject in ("role", "trust", "policies"):
        return f"role {chain.role_name}"
    return f"pods of {chain.subject}" if check.subject == "pod" else f"serviceaccount {chain.subject}"


def _create(evidence: Evidence, flags: tuple[Option, ...]) -> Command:
    """The create command; if the role has policies, it names one of them, so that it adds none."""
    chain = evidence.chain
    is_moved = names(flags, ROLE_NAME)
    policy = given_policy(evidence.own_role if is_moved else chain.seen) or "POLICY"
    given = [Option("policy", policy), Option("namespace", chain.subject.namespace)]
    if chain.asked_role and not is_moved:
        given.append(Option("role_name", chain.role_name))
    audience = audience_to_be(evidence)
    if audience != DEFAULT_AUDIENCE:
        given.append(Option("audience", audience))
    return Command("create", chain.subject.name, (*given, *flags))


def _where_for(words: tuple[str, ...], evidence: Evidence) -> Iterator[str]:
    """The connection options for another program: for kubectl those that it shares with iamsa."""
    if words[0] == "aws":
        # The profile may come from the kubeconfig, which aws does not read.
        yield from ("--" + "profile", evidence.profile) if evidence.profile else ()
        return
    for option in evidence.where:
        if option.name not in _AWS_OPTIONS:
            yield "--" + option.name.replace("_", "-")
            yield from () if option.value is None else (option.value,)


def verdicts(results: Iterable[Result]) -> Mapping[Verdict, int]:
    """The number of results by verdict, 0 included."""
    counts: dict[Verdict, int] = {"ok": 0, "warn": 0, "fail": 0, "skipped": 0}
    for result in results:
        counts[result.verdict] += 1
    return counts
