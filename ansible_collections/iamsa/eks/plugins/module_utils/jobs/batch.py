# SPDX-License-Identifier: GPL-3.0-or-later

"""Process many ServiceAccounts in one run: what they share is read once, and the rest runs concurrently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Union

from ..bindings.writer import Writers
from ..bindings.writers import WRITERS
from ..cluster.access import Access
from ..concurrency import few_at_a_time
from ..errors import IamsaError, unexpected
from ..model.desired import DeleteRequest, Desired
from ..model.outcome import DeleteResult, Outcome
from ..observe.batch import batch_access
from .delete import remove
from .reconcile import ensure
from .run import DryRun, Reporter
from .verified import verified

# Seconds after the deadline in which the items under way end with their own errors.
_LAST_WORDS_SECONDS = 3.0

# Union[…], because ansible-test's pylint checks code outside of annotations against Python 3.8.
Result = Union[Outcome, DeleteResult, IamsaError]  # noqa: UP007


@dataclass(frozen=True)
class BatchItem:
    """One ServiceAccount to process.

    `reporter` receives its progress. `wait` is how many seconds to wait until its role is assumable.
    """

    asked: Desired | DeleteRequest
    reporter: Reporter
    wait: float = 0.0

    @property
    def desired(self) -> Desired:
        """What is requested of the ServiceAccount."""
        return self.asked.desired if isinstance(self.asked, DeleteRequest) else self.asked

    @property
    def namespace(self) -> str:
        """The namespace of the ServiceAccount."""
        return self.desired.subject.namespace


class NotStarted(IamsaError):
    """The run was stopped before this item began."""

    kind = "not_started"


class Watcher:
    """Follows a batch, from any thread; this one does nothing."""

    def is_stopped(self) -> bool:
        """Whether to start no further item."""
        return False

    def finished(self, place: int, result: Result) -> None:
        """The item at this place, from 0, has ended."""


UNWATCHED = Watcher()


def run_batch(
    items: Sequence[BatchItem],
    access: Access,
    *,
    dry_run: DryRun = "none",
    kinds: Writers = WRITERS,
    watcher: Watcher = UNWATCHED,
) -> tuple[Result, ...]:
    """Return the result or the error of each item, in their order; a failed item does not stop the others.

    Items that may create the OIDC provider or a namespace run first, so that each is created once, in a dry
    run as well. After the deadline, the error of each item that has not ended is TimedOut. `access` can be
    that of `batch_access`.

    Raises:
        IamsaError: the cluster cannot be reached or identified. Nothing was written.
    """
    shared = access if access.answers else batch_access(access)
    return _Batch(items, shared, dry_run, kinds, watcher).run()


class _Batch:
    def __init__(
        self, items: Sequence[BatchItem], access: Access, dry_run: DryRun, kinds: Writers, watcher: Watcher
    ) -> None:
        self._kinds = kinds
        self._watcher = watcher
        self._items = items
        self._access = access
        self._dry_run = dry_run
        self._results: dict[int, Result] = {}
        self._made: set[str] = set()

    def run(self) -> tuple[Result, ...]:
        for place, item in enumerate(self._items):
            if self._makes_provider(item):
                self._run_together([place])
        self._run_together(self._first_of_each_new_namespace())
        self._run_together(place for place in range(len(self._items)) if place not in self._results)
        return tuple(self._results[place] for place in range(len(self._items)))

    def _makes_provider(self, item: BatchItem) -> bool:
        if isinstance(item.asked, DeleteRequest) or not item.asked.overrides.create_oidc_provider:
            return False
        provider = self._access.known.provider if self._access.known else None
        return provider is None or item.asked.audience not in provider.audiences

    def _first_of_each_new_namespace(self) -> list[int]:
        places: dict[str, int] = {}
        for place, item in enumerate(self._items):
            if place in self._results or isinstance(item.asked, DeleteRequest):
                continue
            if item.asked.overrides.create_namespace and item.namespace not in self._made:
                places.setdefault(item.namespace, place)
        return list(places.values())

    def _run_together(self, places: Iterable[int]) -> None:
        order = list(places)
        works = [lambda place=place: self._watched(place) for place in order]
        results = few_at_a_time(
            "processing the ServiceAccounts", self._access.deadline, works, last_words=_LAST_WORDS_SECONDS
        )
        for place, result in zip(order, results, strict=True):
            self._results[place] = result
            if isinstance(result, Outcome):
                self._learn(result)

    def _watched(self, place: int) -> Result:
        if self._watcher.is_stopped():
            return NotStarted("not started")
        result = self._run_one(self._items[place])
        self._watcher.finished(place, result)
        return result

    def _run_one(self, item: BatchItem) -> Result:
        try:
            if isinstance(item.asked, DeleteRequest):
                return remove(
                    item.asked, self._access, item.reporter, dry_run=self._dry_run, kinds=self._kinds
                )
            return self._ensured(item, item.asked)
        except IamsaError as error:
            return error
        except Exception as error:  # a bug in one item must not hide the results of the others
            doing = f"processing serviceaccount {item.namespace}/{item.desired.subject.name}"
            return unexpected(error, doing)

    def _ensured(self, item: BatchItem, desired: Desired) -> Outcome:
        wanted = self._after_the_others(desired)
        outcome = ensure(wanted, self._access, item.reporter, dry_run=self._dry_run, kinds=self._kinds)
        if not item.wait or self._dry_run != "none":
            return outcome
        return verified(outcome, self._access, item.wait, self._kinds)

    def _after_the_others(self, desired: Desired) -> Desired:
        """Assume in a dry run that a namespace exists if an earlier item would have created it."""
        if self._dry_run == "none" or desired.subject.namespace not in self._made:
            return desired
        return replace(desired, overrides=replace(desired.overrides, assume_namespace=True))

    def _learn(self, outcome: Outcome) -> None:
        self._access = replace(self._access, known=outcome.facts)
        self._made |= {step.target.name for step in outcome.steps if step.target.kind == "namespace"}
