# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which checks run, and which are skipped until another passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of
from unit.fakes.examples import our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check, Finding
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine, is_well, verdicts
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import Pod, PodTemplate
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Command, Option

EVIDENCE = Evidence(chain_of(service_account(), SeenRole(our_role())))


def finds(*what: str) -> Any:
    def judge(*_: Any) -> Iterator[Finding]:
        for one in what:
            yield Finding(one, remedy=("kubectl", "get", one))

    return judge


def check(name: str, judge: Any = None, **more: Any) -> Check:
    about = {"looks_at": "", "symptom": "", "explanation": "", "page": "", "mend": ""}
    key = "judge_pod" if more.pop("pods", False) else "judge"
    subject = "pod" if key == "judge_pod" else "role"
    return Check(id=name, subject=subject, **about, **{key: judge or finds()}, **more)


def pod(name: str) -> Pod:
    return Pod("web", name, PodTemplate("my-sa"))


def told(evidence: Evidence, *checks: Check) -> list[tuple[str, str, str]]:
    return [(one.check.id, one.verdict, spelled(one.what)) for one in examine(evidence, checks)]


def test_what_finds_nothing_is_ok() -> None:
    assert told(EVIDENCE, check("a")) == [("a", "ok", "")]


def test_everything_that_is_found_is_told_one_by_one() -> None:
    assert told(EVIDENCE, check("a", finds("x", "y"))) == [("a", "fail", "x"), ("a", "fail", "y")]


def test_a_check_that_warns_does_not_make_it_unwell() -> None:
    results = examine(EVIDENCE, (check("a", finds("x"), warns=True),))
    assert (results[0].verdict, is_well(results)) == ("warn", True)


def test_a_check_waits_for_what_would_be_its_cause_also_beyond_one_that_waits_itself() -> None:
    first, second = check("a", finds("x")), check("b", finds("y"), after=("a",))
    third = check("c", finds("z"), after=("b",))
    assert told(EVIDENCE, third, second, first) == [
        ("c", "skipped", "b must pass first"),
        ("b", "skipped", "a must pass first"),
        ("a", "fail", "x"),
    ]


def test_a_check_that_may_not_be_made_keeps_no_other_from_being_made() -> None:
    evidence = replace(EVIDENCE, unread={"providers": "denied"})
    first, second = check("a", finds("x"), needs=("providers",)), check("b", finds("y"), after=("a",))
    assert told(evidence, first, second) == [("a", "skipped", "denied"), ("b", "fail", "y")]


def test_a_check_of_pods_is_made_for_each_and_waits_pod_by_pod() -> None:
    def old(_: Evidence, one: Pod) -> Iterator[Finding]:
        if one.name == "old":
            yield Finding("it is old")

    evidence = replace(EVIDENCE, pods=(pod("old"), pod("new")))
    checks = (check("age", old, pods=True), check("role", finds("no role"), pods=True, after=("age",)))
    assert [(one.object, one.check.id, one.verdict) for one in examine(evidence, checks)] == [
        ("pod web/old", "age", "fail"),
        ("pod web/old", "role", "skipped"),
        ("pod web/new", "age", "ok"),
        ("pod web/new", "role", "fail"),
    ]


def test_pods_that_may_not_be_listed_are_told_of_once() -> None:
    evidence = replace(EVIDENCE, unread={"pods": "denied"})
    assert told(evidence, check("age", pods=True, needs=("pods",))) == [("age", "skipped", "denied")]


def test_verdicts_are_counted() -> None:
    results = examine(EVIDENCE, (check("a"), check("b", finds("x", "y")), check("c", after=("b",))))
    assert verdicts(results) == {"ok": 1, "warn": 0, "fail": 2, "skipped": 1}


def test_each_program_is_told_where_to_work_in_its_own_words() -> None:
    where = (
        Option("region", "eu-west-1"),
        Option("profile", "p"),
        Option("context", "c"),
        Option("insecure_skip_tls_verify"),
    )

    def three(_: Evidence) -> Iterator[Finding]:
        yield Finding("", remedy=Command("x"))
        yield Finding("", remedy=("kubectl", "x"))
        yield Finding("", remedy=("aws", "x"))

    evidence = replace(EVIDENCE, where=where, profile="p")
    assert [spelled(one.remedy) for one in examine(evidence, (check("a", three),))] == [
        "kubectl iamsa x --region eu-west-1 --profile p --context c --insecure-skip-tls-verify",
        "kubectl x --context c --insecure-skip-tls-verify",
        "aws x --profile p",
    ]


def test_a_profile_that_only_the_kubeconfig_names_is_told_to_aws() -> None:
    def one(_: Evidence) -> Iterator[Finding]:
        yield Finding("", remedy=("aws", "x"))
        yield Finding("", remedy=Command("x"))

    remedies = [
        spelled(found.remedy) for found in examine(replace(EVIDENCE, profile="dev"), (check("a", one),))
    ]
    assert remedies == ["aws x --profile dev", "kubectl iamsa x"]
