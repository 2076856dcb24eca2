"""Which flags the verbs share with create, and that each verb checks what it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.verb_tree import build_parser

MANIFESTS = {
    *("-f", "--filename", "-k", "--kustomize", "-R", "--recursive", "--allow-outside", "--expect-cluster"),
}
OUTPUT = {"-o", "--output", "--dry-run", "--diff", "--wait"}
STRANGE = ["a\x07b", "\x1b[31mred", "a\nerror: b", "app\n", "a\0b", "a\udcffb", "x" * 100_000, "", " "]
IDS = ["bell", "escape", "newline", "trailing-newline", "nul", "no-utf-8", "too-long", "empty", "blank"]


def flags(verb: str) -> set[str]:
    return set(build_parser().verbs()[verb].flags())


def valued(verb: str) -> list[str]:
    """The long flags that take a value, but for those of the connection and of manifests."""
    found, shared = build_parser().verbs()[verb].flags(), build_parser().flags()
    return sorted(
        flag
        for flag, action in found.items()
        if flag.startswith("--") and action.nargs != 0 and flag not in {*shared, *MANIFESTS}
    )


def test_diff_takes_what_create_takes_but_for_the_output() -> None:
    assert flags("diff") - MANIFESTS == flags("create") - OUTPUT


@pytest.mark.parametrize("verb", ["apply", "diff", "delete", "verify"])
def test_the_verbs_that_read_manifests_share_their_flags(verb: str) -> None:
    assert flags(verb) >= MANIFESTS


def test_update_takes_what_create_takes_but_for_what_makes_new_and_with_what_takes_away() -> None:
    more, less = flags("update") - flags("create"), flags("create") - flags("update")
    assert more == {"-a", "--action", "--remove-tag", "--purge-tags", "--remove-permissions-boundary"}
    assert less == {"--create-namespace", "--purge"}


def test_delete_has_besides_flags_of_create_only_what_keeps_and_what_asks() -> None:
    assert flags("delete") - flags("create") - MANIFESTS == {
        *("--keep-service-account", "--keep-role", "--ignore-not-found", "-y", "--yes"),
    }


@pytest.mark.parametrize(
    ("verb", "flag", "value"),
    [
        pytest.param(verb, flag, value, id=f"{verb}-{flag}-{name}")
        for verb in ("update", "delete")
        for flag in valued(verb)
        for value, name in zip(STRANGE, IDS, strict=True)
        if flag != "--description"
    ],
)
def test_no_verb_takes_strange_characters(
    iamsa: Callable[..., Any], verb: str, flag: str, value: str
) -> None:
    policy = () if verb == "delete" else ("-p", "ReadOnlyAccess")
    done = iamsa(verb, "app", *policy, "--cluster-name=dev", "--region=eu-west-1", f"{flag}={value}")
    assert done.code == 2
    assert flag in done.error
    assert done.error.isprintable()
    assert len(done.error) < 500


@pytest.mark.parametrize("verb", ["update", "delete", "diff"])
def test_a_wrong_name_is_refused_with_the_right_one(iamsa: Callable[..., Any], verb: str) -> None:
    policy = () if verb == "delete" else ("-p", "ReadOnlyAccess")
    done = iamsa(verb, "App", *policy)
    assert done.code == 2
    assert done.error.startswith('invalid value "App" for the ServiceAccount\'s name: ')
    assert 'use "app"' in done.error
