# SPDX-License-Identifier: GPL-3.0-or-later

"""What all parts of IAM share: how a write is sent, how "missing" becomes None, and how tags are spelled."""

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


DELETE_CONFLICT = "DeleteConflict"


# The most that one page may hold; IAM may send fewer and say that there are more.
PAGE = 1000


def write(
    action: str, resource: ResourceRef, call: Callable[[], Any], deadline: Deadline, *, words: str = ""
) -> Any:
    """What IAM answers; called again while another change of the same entity is under way.

    Raises:
        Denied, RemoteError, TimedOut: it was refused, or nobody knows whether it was done.
    """

    def once() -> Any:
        with translated(action, resource, words=words):
            return call()

    # No retry mode of botocore's retries this one.
    return retried(
        once, deadline, f"retrying {action}", seconds=CONCURRENT_SECONDS, when=has_code(CONCURRENT)
    )


def role_ref(name: str) -> ResourceRef:
    return ResourceRef("role", name)


@contextmanager
def none_if_missing() -> Iterator[list[Any]]:
    """A list that stays empty where AWS says NoSuchEntity."""
    found: list[Any] = []
    try:
        yield found
    except RemoteError as error:
        if error.code != MISSING:
            raise
        found.clear()


def tags_of(found: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}


def tag_list(tags: Mapping[str, str]) -> Any:
    """Tags as IAM's requests spell them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def ignore_missing(call: Callable[[], None]) -> None:
    try:
        call()
    except IamsaError as error:
        if not has_code(MISSING)(error):
            raise
