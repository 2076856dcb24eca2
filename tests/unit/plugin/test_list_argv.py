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
        ("list a b", "list takes one NAME, and 'b' is one too many; see kubectl iamsa list --help"),
        ("list a -A", "-A goes without a NAME; give -n NAMESPACE instead, or see kubectl iamsa list --help"),
        ("list --role-name r", "--role-name needs a NAME; see kubectl iamsa list --help"),
        ("list a -o wide", "-o wide goes without a NAME; see kubectl iamsa list --help"),
        ("list -o xml", "-o 'xml' is none of text, wide, name, json, yaml; see kubectl iamsa list --help"),
        ("-A list", "flag -A belongs to a verb; write it after list or verify or doctor, not before"),
        ("list a --role-name b/c", "--role-name 'b/c' is not a role name"),
        ("list a --timeout 0", "--timeout '0' "),
        ("list A", "the ServiceAccount's name 'A' is no name that Kubernetes accepts"),
        ("describe", "describe needs a NAME; see kubectl iamsa describe --help"),
        ("describe A", "the ServiceAccount's name 'A' is no name that Kubernetes accepts"),
        ("describe a -o name", "-o 'name' is none of text, json, yaml; see kubectl iamsa describe --help"),
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
