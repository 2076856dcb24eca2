"""What `verify` and `--wait` refuse from argv alone, and what they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.verb_tree import build_parser

HELP = 'see "kubectl iamsa verify --help"'


def said(*argv: str) -> Any:
    return parse(build_parser(), argv)[1]


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ("verify", f"verify requires a NAME, -l, --all, -A or -f; {HELP}"),
        ("verify a b", f'verify accepts at most one NAME, got 2: "a", "b"; {HELP}'),
        ("verify a --all", f"--all cannot be combined with a NAME; {HELP}"),
        ("verify a -A", f"-A cannot be combined with a NAME; {HELP}"),
        ("verify a -l x=y", f"-l cannot be combined with a NAME; {HELP}"),
        ("verify a --on *", f"--on requires --can; {HELP}"),
        (
            "verify a --can s3:*",
            'invalid value "s3:*" for --can: must be an IAM action; use the form s3:GetObject, without *',
        ),
        ("verify a --can s3:Get --on shop", 'invalid value "shop" for --on: must be an ARN; use the form '),
        ("verify a --wait=0", 'invalid value "0" for --wait: '),
        ("verify a --wait=2h", 'invalid value "2h" for --wait: '),
        ("verify a --wait=soon", 'invalid value "soon" for --wait: '),
        ("verify A", 'invalid value "A" for the ServiceAccount\'s name: must be a valid Kubernetes name'),
        (
            "verify a -o xml",
            f'invalid value "xml" for -o: must be one of text, wide, name, json, yaml; {HELP}',
        ),
        (
            "verify a --wait 60s",
            'verify accepts at most one NAME, got 2: "a", "60s"; if "60s" is the value of --wait, ',
        ),
        ("create a -p b --wait=0", 'invalid value "0" for --wait: '),
        ("update a --wait=x", 'invalid value "x" for --wait: '),
        ("delete a --wait", "unknown flag --wait; "),
        ("diff a -p b --wait", "unknown flag --wait; "),
    ],
)
def test_what_is_said_to_a_mistake(iamsa: Callable[..., Any], argv: str, sentence: str) -> None:
    done = iamsa(*argv.split())
    assert done.code == 2
    assert done.error.startswith(sentence)


def test_wait_alone_is_a_minute() -> None:
    assert said("verify", "a").wait is None
    assert said("verify", "a", "--wait").wait == "60s"
    assert said("create", "a", "-p", "b", "--wait=5m").wait == "5m"


def test_can_and_on_repeat() -> None:
    found = said("verify", "a", "--can", "s3:GetObject", "--can=s3:PutObject", "--on", "arn:x", "--on=*")
    assert (found.can, found.on) == (["s3:GetObject", "s3:PutObject"], ["arn:x", "*"])


def test_gen3_s_list_is_still_its_own() -> None:
    """`-l` without a verb lists a role's policies; after `verify` it selects."""
    assert said("verify", "-l", "app=web").selector == "app=web"
