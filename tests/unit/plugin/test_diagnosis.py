"""How the results of doctor are printed: the problems first, and nothing twice."""

from __future__ import annotations

import io

import pytest
from kubectl_iamsa.argv.kinds import KINDS
from kubectl_iamsa.render.diagnosis import print_diagnoses
from kubectl_iamsa.terminal.console import Console
from unit.fakes.examples import CLUSTER, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result, Verdict
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import Diagnosis
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option, Sentence

DENIED = "not allowed to list pods in namespace web"


def result(number: int, verdict: Verdict, what: Sentence, of: str = "pod web/a") -> Result:
    return Result(CHECKS[number], of, verdict, what)


def printed(*results: Result, verbose: bool = False) -> list[str]:
    out = io.StringIO()
    diagnosis = Diagnosis(CLUSTER, SUBJECT, results)
    print_diagnoses((diagnosis,), Console(out, io.StringIO()), output="text", verbose=verbose, is_list=False)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("verbose", [False, True])
def test_failures_come_before_warnings_and_skips(verbose: bool) -> None:
    lines = printed(
        result(0, "skipped", "first", of="cluster x"),
        result(1, "warn", "second"),
        result(2, "fail", "third"),
        verbose=verbose,
    )
    assert [one.split()[0] for one in lines if one[:2] == "  " and one[2] != " "] == ["fail", "warn", "skip"]
    assert lines[0] == "Pod web/a"


def test_what_is_the_same_for_many_pods_is_explained_once() -> None:
    lines = printed(result(0, "fail", "one"), result(0, "fail", "other", of="pod web/b"))
    assert len([one for one in lines if CHECKS[0].explanation in one]) == 1
    assert len([one for one in lines if one.strip().startswith("see https://")]) == 1


def test_a_check_that_passes_does_not_use_up_the_explanation() -> None:
    lines = printed(result(0, "ok", ""), result(0, "fail", "other", of="pod web/b"), verbose=True)
    assert [one for one in lines if CHECKS[0].explanation in one]


@pytest.mark.parametrize(
    "sentence",
    [
        f"{DENIED}; apply rbac-doctor.yaml",
        DENIED + "; give " + Option("namespace") + "; or ask",
    ],
    ids=["text", "with an option"],
)
def test_the_reason_of_a_skip_is_one_short_line(sentence: Sentence) -> None:
    short = printed(result(0, "skipped", sentence), result(1, "skipped", sentence))
    assert short[1].endswith(f"  {DENIED} (1 more skipped for the same reason, see -v)")
    assert printed(result(0, "skipped", sentence))[1].endswith(f"  {DENIED} (see -v)")
    assert printed(result(0, "skipped", DENIED))[1].endswith(f"  {DENIED}")
    assert "; " in printed(result(0, "skipped", sentence), verbose=True)[1]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("cronjob", "CronJob"), ("cj", "CronJob"), ("replicaset", "ReplicaSet"), ("rs", "ReplicaSet")],
)
def test_cron_jobs_and_replica_sets_are_kinds(word: str, kind: str) -> None:
    assert KINDS[word] == kind
