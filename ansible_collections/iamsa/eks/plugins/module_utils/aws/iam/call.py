# SPDX-License-Identifier: GPL-3.0-or-later

"""What all parts of the IAM adapter share: writes, missing entities, and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ...deadline import Deadline
from ...errors import IamsaError, RemoteError, ResourceRef
from ..call import translated
from ..retry import CONCURRENT, CONCURRENT_SECONDS, has_code, retried

MISSING = "NoSuchEntity"


EXISTS = "EntityAlreadyExists"


MALFORMED = "MalformedPolicyDocument"


DELETE_CONFLICT = "DeleteConflict"


# The largest page; IAM may return fewer items and set IsTruncated.
PAGE = 1000


def write(
    action: str, resource: ResourceRef, call: Callable[[], Any], deadline: Deadline, *, words: str = ""
) -> Any:
    """IAM's answer; retries while another change of the same entity is in progress.

    Raises:
        Denied, RemoteError, TimedOut: the write was rejected, or, if the error is `uncertain`, may have
            taken effect.
    """

    def once() -> Any:
        with translated(action, resource, words=words):
            return call()

    # None of botocore's retry modes retries ConcurrentModification.
    return retried(
        once, deadline, f"retrying {action}", seconds=CONCURRENT_SECONDS, when=has_code(CONCURRENT)
    )


def role_ref(name: str) -> ResourceRef:
    """The role as errors name it."""
    return ResourceRef("role", name)


@contextmanager
def none_if_missing() -> Iterator[list[Any]]:
    """Yields a list to fill, which is emptied if AWS answers NoSuchEntity."""
    found: list[Any] = []
    try:
        yield found
    except RemoteError as error:
        if error.code != MISSING:
            raise
        found.clear()


def tags_of(found: Any) -> dict[str, str]:
    """The tags in an IAM response, key to value."""
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}


def tag_list(tags: Mapping[str, str]) -> Any:
    """Tags in the form of IAM's requests: `[{"Key": …, "Value": …}]`."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def ignore_missing(call: Callable[[], None]) -> None:
    """Run `call`, and ignore NoSuchEntity."""
    try:
        call()
    except IamsaError as error:
        if not has_code(MISSING)(error):
            raise
