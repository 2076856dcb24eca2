# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of the module iam_serviceaccount, for one or many ServiceAccounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..cluster.access import Access
from ..errors import Absent, IamsaError, Unexpected, unexpected
from ..jobs.batch import BatchItem, Result, run_batch
from ..jobs.delete import remove
from ..jobs.reconcile import ensure
from ..jobs.run import DryRun
from ..jobs.verified import verified
from ..model.desired import DeleteRequest
from ..model.outcome import Outcome
from ..model.steps.step import Step
from ..model.verification import error_of
from ..plan.snapshot import Snapshot
from .access import opened
from .difference import difference
from .failures import error_result
from .requests import read_items
from .results import absent_result, delete_result, outcome_result
from .running import Failed, doing_of, exception_of
from .words import in_words


class Recorder:
    """Records the progress of a run.

    `is_writing` is True while a step can be partly done.
    """

    def __init__(self, *, dry_run: bool) -> None:
        self.difference: list[dict[str, Any]] = []
        self.steps: list[Step] = []
        self._dry_run = dry_run
        self._waiting = 0

    @property
    def is_writing(self) -> bool:
        return self._waiting > 0 and not self._dry_run

    def planned(self, steps: tuple[Step, ...], before: Snapshot, after: Snapshot) -> None:
        self.difference = difference(before, after)
        self._waiting = len(steps)

    def done(self, step: Step) -> None:
        self.steps.append(step)
        self._waiting -= 1

    def left(self, step: Step, why: str) -> None:  # noqa: ARG002
        self._waiting -= 1


def service_account_job(module: AnsibleModule) -> dict[str, Any]:
    """Check all options, then process the ServiceAccounts."""
    items = read_items(module.params, check_mode=module.check_mode)
    if not items:
        return _all([])
    access = opened(module, service_accounts=len(items))
    jobs = [
        BatchItem(item.in_namespace(access.namespace), Recorder(dry_run=module.check_mode), item.wait)
        for item in items
    ]
    dry_run: DryRun = "client" if module.check_mode else "none"
    if module.params["service_accounts"] is None:
        return _single(jobs[0], access, dry_run, doing_of(module))
    results = run_batch(jobs, access, dry_run=dry_run)
    return _all([_result(job, result, dry_run) for job, result in zip(jobs, results, strict=True)])


def _single(job: BatchItem, access: Access, dry_run: DryRun, doing: str) -> dict[str, Any]:
    result: Result
    try:
        if isinstance(job.asked, DeleteRequest):
            result = remove(job.asked, access, job.reporter, dry_run=dry_run)
        else:
            result = ensure(job.asked, access, job.reporter, dry_run=dry_run)
            if job.wait and dry_run == "none":
                result = verified(result, access, job.wait)
    except IamsaError as error:
        result = error
    except Exception as error:  # a bug; the result still lists the completed steps
        result = unexpected(error, doing)
    told = _result(job, result, dry_run)
    if told.pop("failed"):
        raise Failed(told)
    return told


def _result(job: BatchItem, result: Result, dry_run: DryRun) -> dict[str, Any]:
    subject = job.desired.subject
    recorder = job.reporter
    if not isinstance(recorder, Recorder):
        raise AssertionError("each job of a task has its own recorder")
    if isinstance(result, Outcome) and result.verification and result.verification.verdict != "yes":
        result = error_of(result.verification, "to find the cause, run iamsa.eks.iam_serviceaccount_info")
    if isinstance(result, Outcome):
        told = {**outcome_result(result, dry_run), "warnings": [in_words(one) for one in result.notices]}
    elif not isinstance(result, IamsaError):
        told = {**delete_result(result, dry_run), "warnings": [in_words(one) for one in result.notices]}
    elif _is_gone(job, result):
        told = absent_result(subject.name, subject.namespace)
    else:
        if isinstance(result, Unexpected):
            result.uncertain = recorder.is_writing
        service_account = {"name": subject.name, "namespace": subject.namespace}
        told = {**error_result(result, recorder.steps), **exception_of(result)}
        return {**told, "service_account": service_account, "failed": True}
    return {**told, "diff": recorder.difference, "failed": False}


def _all(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the result of the task. Each warning names its ServiceAccount."""
    warnings = []
    for one in results:
        warnings += [f"{_whose(one)}: {warning}" for warning in one.pop("warnings", ())]
    told = {
        "changed": any(one["changed"] for one in results),
        "diff": [part for one in results for part in one.pop("diff", ())],
        "results": list(results),
        "warnings": warnings,
    }
    failed = [one for one in results if one["failed"]]
    if failed:
        bugs = [one.pop("exception") for one in failed if "exception" in one]
        exception = {"exception": "\n".join(bugs)} if bugs else {}
        raise Failed({**told, "msg": _failures(failed, results), **exception})
    return {**told, "msg": _counts(results)}


def _failures(failed: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> str:
    """The failures come first, because callbacks and log viewers cut long messages."""
    each = ". ".join(f"{_whose(one)}: {one['msg']}" for one in failed)
    return f"{each}. {_counts(results)}"


def _counts(results: Sequence[dict[str, Any]]) -> str:
    failed = sum(one["failed"] for one in results)
    changed = sum(one["changed"] and not one["failed"] for one in results)
    parts = (
        (failed, "failed"),
        (changed, "changed"),
        (len(results) - failed - changed, "unchanged"),
    )
    words = ", ".join(f"{count} {word}" for count, word in parts if count)
    noun = "ServiceAccount" if len(results) == 1 else "ServiceAccounts"
    return f"{len(results)} {noun}: {words}" if results else "service_accounts is empty"


def _whose(result: dict[str, Any]) -> str:
    service_account = result["service_account"]
    return f"{service_account['namespace']}/{service_account['name']}"


def _is_gone(job: BatchItem, error: IamsaError) -> bool:
    """Return whether there was nothing to delete, which is a success for state absent."""
    return isinstance(job.asked, DeleteRequest) and isinstance(error, Absent)
