# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes to an OIDC provider. Each is safe to repeat after a lost response or a concurrent change."""

from __future__ import annotations

from functools import partial

from ..aws.iam.call import EXISTS, MISSING, ignore_missing
from ..aws.iam.client import Iam
from ..aws.retry import (
    CATCH_UP_SECONDS,
    HIDDEN_SECONDS,
    found_within,
    may_be_sent_again,
    retried,
    shown_in_time,
)
from ..deadline import Deadline
from ..errors import IamsaError, RemoteError
from ..model.role import Provider
from ..model.steps.base import never
from ..model.steps.provider import (
    AddAudience,
    CreateProvider,
    DeleteProvider,
    ProviderStep,
    RemoveAudience,
    TagProvider,
    UntagProvider,
)
from .retry_on_conflict import changed_concurrently


class ProviderWrites:
    """Applies the steps of one provider; `seen` is the provider that was read for the plan."""

    def __init__(self, arn: str, seen: Provider | None, iam: Iam, deadline: Deadline) -> None:
        self._arn = arn
        self._seen = seen
        self._iam = iam
        self._deadline = deadline

    def write(self, step: ProviderStep) -> None:
        """Apply one step.

        Raises:
            RemoteError: with the code CONFLICT if the provider has changed since it was planned.
        """
        try:
            self._write(step)
        except RemoteError as error:
            if error.code != MISSING:
                raise
            raise self._changed(f"{step.target} was deleted by another process") from error

    def _write(self, step: ProviderStep) -> None:
        match step:
            case CreateProvider():
                self._create(step)
            case DeleteProvider():
                self._delete()
            case AddAudience():
                self._iam.providers.add_audience(self._arn, step.audience)
            case RemoveAudience():
                self._iam.providers.remove_audience(self._arn, step.audience)
            case TagProvider():
                self._iam.providers.set_tags(self._arn, step.tags)
            case UntagProvider():
                self._iam.providers.remove_tags(self._arn, list(step.keys))
            case _:
                never(step)

    def _create(self, step: CreateProvider) -> None:
        try:
            self._iam.providers.create(step.issuer, list(step.audiences), step.tags)
        except RemoteError as error:
            if error.code != EXISTS:
                raise
            doing = f"waiting until IAM shows {step.target}"
            look = partial(self._iam.providers.read, self._arn)
            found = found_within(HIDDEN_SECONDS, look, self._deadline, doing)
            # If it is as requested, a request of ours created it and the response was lost. Otherwise, the
            # run plans again with what the provider has.
            if not found or not _is_as_made(found, step):
                raise self._changed(f"{step.target} was created by another process") from error

    def _delete(self) -> None:
        """Before a retry, check that the provider is still the same one and was not created again."""
        may_be_done: bool | None = None

        def once() -> None:
            nonlocal may_be_done
            if may_be_done is not None and not _is_same(self._iam.providers.read(self._arn), self._seen):
                if may_be_done:
                    return
                raise self._changed(f"the OIDC provider {self._arn} was deleted by another process")
            try:
                ignore_missing(lambda: self._iam.providers.delete(self._arn))
            except IamsaError as error:
                may_be_done = bool(may_be_done) or error.uncertain
                raise

        doing = f"waiting until the OIDC provider {self._arn} can be deleted"
        retried(once, self._deadline, doing, seconds=CATCH_UP_SECONDS, when=may_be_sent_again)

    def _changed(self, problem: str) -> RemoteError:
        return changed_concurrently(problem, self._arn)


def wait_until_provider_visible(
    iam: Iam, arn: str, before: Provider | None, after: Provider | None, deadline: Deadline
) -> tuple[str, ...]:
    """Wait until IAM shows the changes from `before` to `after`; returns a notice if it still does not."""

    def look() -> bool:
        return _is_visible(iam.providers.read(arn), before, after)

    notice = shown_in_time(f"the OIDC provider {arn}", look, deadline)
    return (notice,) if notice else ()


def _is_visible(found: Provider | None, before: Provider | None, after: Provider | None) -> bool:
    """Additions by other processes are ignored."""
    if after is None:
        return not _is_same(found, before)
    if found is None:
        return False
    gone = before or Provider(after.arn, ())
    return (
        set(after.audiences) <= set(found.audiences)
        and after.tags.items() <= found.tags.items()
        and not (set(gone.audiences) - set(after.audiences)) & set(found.audiences)
        and not (gone.tags.keys() - after.tags.keys()) & found.tags.keys()
    )


def _is_same(found: Provider | None, seen: Provider | None) -> bool:
    """Whether the provider exists and was not deleted and created again."""
    return found is not None and seen is not None and found.created == seen.created


def _is_as_made(found: Provider, step: CreateProvider) -> bool:
    return set(found.audiences) == set(step.audiences) and dict(found.tags) == dict(step.tags)
