"""argv as kubectl reads it: flags anywhere, with = or without, and one sentence for each mistake."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.parser import UsageError
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue

CREATE = ("create", "app", "-p", "x")


def said(*argv: str) -> dict[str, Any]:
    return vars(parse(build_parser(), argv)[1])


def shared_flags() -> dict[str, argparse.Action]:
    """The flags that may stand before the verb, under their long names."""
    parser = build_parser()
    return {
        flag: action
        for flag, action in parser.flags().items()
        if flag.startswith("--") and flag not in ("--help", "--version")
    }


@pytest.mark.parametrize("flag", sorted(shared_flags()))
def test_a_shared_flag_means_the_same_before_and_after_the_verb(flag: str) -> None:
    words = (flag,) if shared_flags()[flag].nargs == 0 else (flag, "value")
    before, after = said(*words, *CREATE), said(*CREATE, *words)
    assert before == after
    assert before != said(*CREATE)


def test_a_flag_that_repeats_is_collected_from_both_sides_of_the_verb() -> None:
    given = said("--as-group", "a", "create", "app", "--as-group=b", "-p", "x", "-p=y", "-pz")
    assert (given["as_group"], given["policy"]) == (["a", "b"], ["x", "y", "z"])


def test_of_a_flag_with_one_value_the_last_counts() -> None:
    assert said("-n", "a", *CREATE, "-n=b", "--namespace", "c")["namespace"] == "c"


@pytest.mark.parametrize(
    ("words", "namespace"),
    [
        (("-n", "web"), "web"),
        (("-n=web",), "web"),
        (("-nweb",), "web"),
        (("--namespace", "web"), "web"),
        (("--namespace=web",), "web"),
        (("--namespace=a=b",), "a=b"),
        (("--namespace=",), ""),
        (("--namespace", ""), ""),
        (("--namespace", "-web"), "-web"),
    ],
)
def test_ways_to_write_a_value(words: tuple[str, ...], namespace: str) -> None:
    assert said(*CREATE, *words)["namespace"] == namespace


@pytest.mark.parametrize(
    ("words", "adopt"),
    [
        ((), False),
        (("--adopt",), True),
        (("--adopt=true",), True),
        (("--adopt=false",), False),
        (("--adopt", "--adopt=false"), False),
        (("--adopt=false", "--adopt"), True),
    ],
)
def test_ways_to_write_a_switch(words: tuple[str, ...], adopt: bool) -> None:
    assert said(*CREATE, *words)["adopt"] is adopt


@pytest.mark.parametrize(
    ("words", "dry_run"),
    [
        ((), "none"),
        (("--dry-run",), "client"),
        (("--dry-run=server",), "server"),
        (("--dry-run=none",), "none"),
        (("--dry-run", "--dry-run=server"), "server"),
    ],
)
def test_an_optional_value_needs_the_equals_sign(words: tuple[str, ...], dry_run: str) -> None:
    assert said("create", *words, "app", "-p", "x")["dry_run"] == dry_run


def test_after_two_dashes_all_are_names() -> None:
    assert said("create", "-p", "x", "--", "-app")["name"] == "-app"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ("create", 'create requires a NAME and at least one --policy; see "kubectl iamsa create --help"'),
        ("create app", 'create requires at least one --policy; see "kubectl iamsa create --help"'),
        ("create -p x", 'create requires a NAME; see "kubectl iamsa create --help"'),
        ("create --foo", 'unknown flag --foo; see "kubectl iamsa create --help"'),
        ("create --foo=bar", 'unknown flag --foo; see "kubectl iamsa create --help"'),
        ("create --polcy x", "unknown flag --polcy; did you mean --policy?"),
        ("create --poli x", "unknown flag --poli; did you mean --policy?"),
        ("create -zSECRET", 'unknown flag -z; see "kubectl iamsa create --help"'),
        ("--foo create", 'unknown flag --foo; see "kubectl iamsa --help"'),
        (
            "--create-namespace x",
            "flag --create-namespace must follow its command; write it after create, diff or apply",
        ),
        ("creat app", 'unknown command "creat"; did you mean create?'),
        ("dele app", 'unknown command "dele"; did you mean delete?'),
        ("get", 'unknown command "get"; did you mean list?'),
        ("rm app", 'unknown command "rm"; did you mean delete?'),
        (
            "create --attach-policy-arn x",
            "unknown flag --attach-policy-arn; did you mean --policy?",
        ),
        (
            "create --client-ke x",
            "unknown flag --client-ke; did you mean --client-key?",
        ),
        (
            "create --labels a=b",
            "unknown flag --labels; iamsa sets no labels; use kubectl label serviceaccount",
        ),
        ("verify --labels a=b", "unknown flag --labels; did you mean --selector?"),
        ("create --approve", "unknown flag --approve; omit it: iamsa writes, unless you add --dry-run"),
        ("create --name app", "unknown flag --name; write the name without a flag"),
        (
            "create --role-arn x",
            "unknown flag --role-arn;"
            " name the role with --role-name, and add --adopt if iamsa did not create it",
        ),
        (
            "create --force",
            "unknown flag --force; each override has its own flag, under Overrides in the help",
        ),
        (
            "delete --force",
            "unknown flag --force; did you mean --yes? To delete more, see Overrides in the help",
        ),
        ("create -f x", "unknown flag -f; only apply, diff, delete and verify read manifests"),
        ("frobnicate", 'unknown command "frobnicate"; see "kubectl iamsa --help"'),
        ("-n web", 'a command is required; see "kubectl iamsa --help"'),
        ("create app -p", 'flag -p requires a value; see "kubectl iamsa create --help"'),
        ("create app -p --adopt", 'flag -p requires a value; see "kubectl iamsa create --help"'),
        ("create app -p -n web", 'flag -p requires a value; see "kubectl iamsa create --help"'),
        ("-n", 'flag -n requires a value; see "kubectl iamsa --help"'),
        (
            "create app b -p x",
            'create requires exactly one NAME, got 2: "app", "b"; see "kubectl iamsa create --help"',
        ),
        (
            "create app -p x --dry-run server",
            'create requires exactly one NAME, got 2: "app", "server";'
            ' if "server" is the value of --dry-run, write --dry-run=server',
        ),
        (
            "create app -p x -o foo",
            'invalid value "foo" for -o: must be one of text, name, json, yaml;'
            ' see "kubectl iamsa create --help"',
        ),
        (
            "create app -p x --output=foo",
            'invalid value "foo" for --output: must be one of text, name, json, yaml;'
            ' see "kubectl iamsa create --help"',
        ),
        (
            "create app -p x --dry-run=maybe",
            'invalid value "maybe" for --dry-run: must be one of none, client, server;'
            ' see "kubectl iamsa create --help"',
        ),
        (
            "create app -p x --role-name-style=",
            'invalid value "" for --role-name-style: must be one of derived, gen3;'
            ' see "kubectl iamsa create --help"',
        ),
        (
            "create app -p x --adopt=maybe",
            'invalid value "maybe" for --adopt: must be true or false; use --adopt or --adopt=false',
        ),
    ],
)
def test_what_is_said_to_a_mistake(argv: str, sentence: str) -> None:
    with pytest.raises((UsageError, InvalidValue)) as caught:
        said(*argv.split(" "))
    assert str(caught.value) == sentence


@pytest.mark.parametrize("word", ["--x\ny", "--\x1b[31m", "--\udcff", "--" + "x" * 5000, "--é"])
def test_a_strange_flag_is_named_on_one_short_line(iamsa: Callable[..., Any], word: str) -> None:
    done = iamsa("create", word)
    assert done.code == 2
    assert done.error.startswith("unknown flag ")
    assert done.error.isprintable()
    assert len(done.error) < 200


@pytest.mark.parametrize("argv", [(), ("--help",), ("-h",), ("--help", "nonsense"), ("-n", "web", "-h")])
def test_help_for_the_program(iamsa: Callable[..., Any], argv: tuple[str, ...]) -> None:
    done = iamsa(*argv)
    assert (done.code, done.err) == (0, "")
    assert "\nUsage:\n  kubectl iamsa COMMAND [options]\n" in done.out


@pytest.mark.parametrize("argv", ["create -h", "create --help", "create app -h", "-n web create -hx"])
def test_help_for_a_verb_wins_over_what_is_missing(iamsa: Callable[..., Any], argv: str) -> None:
    done = iamsa(*argv.split())
    assert (done.code, done.err) == (0, "")
    assert "\nUsage:\n  kubectl iamsa create NAME -p POLICY" in done.out


@pytest.mark.parametrize("argv", ["--version", "--version create"])
def test_the_version(iamsa: Callable[..., Any], argv: str) -> None:
    done = iamsa(*argv.split())
    assert done.code == 0
    assert done.out.startswith("kubectl iamsa ")


NAMED = [
    ("app", None, "app"),
    ("sa/app", None, "app"),
    ("SA/app", None, "app"),
    ("serviceaccount/app", None, "app"),
    ("serviceaccounts/app", None, "app"),
    ("web/app", "web", "app"),
]
VERBS_WITH_NAME = (
    "create {} -p x",
    "diff {} -p x",
    "update {}",
    "delete {}",
    "describe {}",
    "list {}",
    "verify {}",
)


@pytest.mark.parametrize("argv", VERBS_WITH_NAME)
@pytest.mark.parametrize(("typed", "namespace", "name"), NAMED)
def test_a_name_is_read_as_kubectl_and_iamsa_print_it(
    argv: str, typed: str, namespace: str | None, name: str
) -> None:
    given = said(*argv.format(typed).split())
    assert (given.get("namespace"), given["name"]) == (namespace, name)


def test_the_same_namespace_may_be_given_twice() -> None:
    assert said("list", "web/app", "-n", "web")["namespace"] == "web"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (
            "list web/app -n prod",
            '"web/app" is not in the namespace "prod" of -n; omit one of the two namespaces',
        ),
        (
            "list deploy/app",
            '"deploy/app" is not a ServiceAccount;'
            " use the name of its ServiceAccount; doctor also accepts workloads",
        ),
    ],
)
def test_a_name_that_contradicts_is_refused(argv: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        said(*argv.split())
    assert str(caught.value) == sentence
