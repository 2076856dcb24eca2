"""`kubectl iamsa diff` in the world, and through other programs. The rest is in unit/runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import S3, SQS, Done, Shop
from e2e.trials import Files, words

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def diff(shop: Shop, *more: str, **options: Any) -> Done:
    return shop.iamsa(*words("diff", shop, *more), **options)


def test_what_create_would_repair_is_shown(made: Shop) -> None:
    made.set_trust(made.statement(audience="vault"))
    lines = diff(made, "-p", S3, code=1).stdout.splitlines()
    changed = [line.split()[-1] for line in lines if line[:1] in "+-" and ":aud:" in line]
    assert changed == ["vault", "sts.amazonaws.com"]
    assert lines[0] == f"--- role/{made.role_name} trust policy (current)"
    made.create()
    assert diff(made, "-p", S3).stdout == ""


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
