"""What `list` and `describe` refuse from argv alone, and what they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.requests.target import where_options
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option


def said(*argv: str) -> Any:
    return parse(build_parser(), argv)[1]


def test_list_takes_no_name_or_one() -> None:
    assert said("list").name is None
    assert said("list", "app").name == "app"


def test_all_namespaces_in_short_and_long() -> None:
    assert said("list", "-A").all_namespaces
    assert said("list", "--all-namespaces").all_namespaces
    assert not said("list").all_namespaces


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ("list a b", 'list accepts at most one NAME, got 2: "a", "b"; see "kubectl iamsa list --help"'),
        ("list a -A", "-A cannot be combined with a NAME; use -n NAMESPACE instead"),
        ("list --role-name r", '--role-name requires a NAME; see "kubectl iamsa list --help"'),
        ("list a -o wide", '-o wide cannot be combined with a NAME; see "kubectl iamsa list --help"'),
        (
            "list -o xml",
            'invalid value "xml" for -o: must be one of text, wide, name, json, yaml;'
            ' see "kubectl iamsa list --help"',
        ),
        ("-A list", "flag -A must follow its command; write it after list, verify or doctor"),
        (
            "list a --role-name b/c",
            'invalid value "b/c" for --role-name: must contain only letters, digits and',
        ),
        ("list a --timeout 0", 'invalid value "0" for --timeout: '),
        ("list A", 'invalid value "A" for the ServiceAccount\'s name: must be a valid Kubernetes name'),
        ("describe", 'describe requires a NAME; see "kubectl iamsa describe --help"'),
        (
            "describe A",
            'invalid value "A" for the ServiceAccount\'s name: must be a valid Kubernetes name',
        ),
        (
            "describe a -o name",
            'invalid value "name" for -o: must be one of text, json, yaml;'
            ' see "kubectl iamsa describe --help"',
        ),
    ],
)
def test_what_is_said_to_a_mistake(iamsa: Callable[..., Any], argv: str, sentence: str) -> None:
    done = iamsa(*argv.split())
    assert done.code == 2
    assert done.error.startswith(sentence)


def test_a_remedy_repeats_where_to_work_but_never_the_token() -> None:
    args = said(
        *("describe", "app", "--context", "a b", "--token", "SECRET", "--region=eu-west-1", "--as", "me"),
        *("--as-group", "x", "--as-group", "y", "--insecure-skip-tls-verify", "-n", "web"),
    )
    assert where_options(args) == (
        Option("region", "eu-west-1"),
        Option("context", "a b"),
        Option("as", "me"),
        Option("as_group", "x"),
        Option("as_group", "y"),
        Option("insecure_skip_tls_verify"),
    )
