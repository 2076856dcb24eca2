"""`kubectl iamsa diff`: what create would change, with kubectl diff's exit codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import S3, SQS, Done, Shop
from e2e.trials import Files, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def diff(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("diff", shop, *more), **options)


def test_nothing_would_change(made: Shop) -> None:
    done = diff(made, "-p", S3)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_missing_role_is_all_new(shop: Shop, writes: Writes) -> None:
    lines = diff(shop, "-p", S3, code=1).stdout.splitlines()
    assert f"+arn: {shop.role_arn}" in lines
    assert f"+- arn:aws:iam::aws:policy/{S3}" in lines
    assert not [line for line in lines if line.startswith("-") and not line.startswith("--- ")]
    assert writes() == []


def test_what_create_would_repair_is_shown(made: Shop) -> None:
    made.set_trust(made.statement(audience="vault"))
    lines = diff(made, "-p", S3, code=1).stdout.splitlines()
    changed = [line.split()[-1] for line in lines if line[:1] in "+-" and ":aud:" in line]
    assert changed == ["vault", "sts.amazonaws.com"]
    assert lines[0] == f"--- role/{made.role_name} trust policy (current)"
    made.create()
    assert diff(made, "-p", S3).stdout == ""


def test_what_create_refuses_is_an_error(shop: Shop) -> None:
    shop.make_role(tags={"Terraform": "true"}, path="/iamsa/")
    assert "is managed by Terraform" in diff(shop, "-p", S3, code=3).stderr


def test_what_cannot_be_read_is_an_error(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:GetRole", {"error": "AccessDenied"})
    assert "AWS denied iam:GetRole" in diff(shop, "-p", S3, code=3).stderr


def test_argv_that_cannot_be_right_is_refused_as_everywhere(shop: Shop) -> None:
    assert "diff needs at least one --policy" in diff(shop, code=2).stderr


@pytest.mark.parametrize("command", ["diff", "diff -u", "diff -u -N --unified=1"])
def test_another_program_shows_it(made: Shop, files: Files, command: str) -> None:
    environ = {**made.world.environ, "KUBECTL_EXTERNAL_DIFF": command}
    found = diff(made, "-p", SQS, "-p", files.reader, code=1, environ=environ).stdout
    assert f"arn:aws:iam::aws:policy/{SQS}" in found
    assert diff(made, "-p", S3, environ=environ).stdout == ""


def test_no_shell_looks_at_the_program_s_words(made: Shop) -> None:
    environ = {**made.world.environ, "KUBECTL_EXTERNAL_DIFF": "diff ;echo $(id) -u"}
    found = diff(made, "-p", SQS, code=1, environ=environ)
    assert "uid=" not in found.stdout + found.stderr


def test_a_program_that_is_not_there_is_named(made: Shop) -> None:
    environ = {**made.world.environ, "KUBECTL_EXTERNAL_DIFF": "no-such-program"}
    done = diff(made, "-p", SQS, code=3, environ=environ)
    assert 'names "no-such-program", which cannot be run' in done.stderr


def test_a_program_that_fails_is_an_error(made: Shop) -> None:
    environ = {**made.world.environ, "KUBECTL_EXTERNAL_DIFF": "diff --no-such-option"}
    done = diff(made, "-p", SQS, code=3, environ=environ)
    assert "ended with exit code 2" in done.stderr
