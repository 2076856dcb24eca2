"""The form of gen3 iam-serviceaccount: when it is meant, and what its words say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.gen3.argv import build_parser, is_meant, parsable
from kubectl_iamsa.verb_tree import PROG


def said(*argv: str) -> dict[str, Any]:
    return vars(parse(build_parser(PROG), parsable(argv))[1])


@pytest.mark.parametrize(
    "line",
    [
        "-c app -p reader.json",
        "-capp -p reader.json",
        "-c=app -p reader.json",
        "--create app -p reader.json",
        "--create=app -p reader.json",
        "-u app -p reader.json -a a",
        "--update=app",
        "-l app",
        "--list app",
        "-p reader.json -c app",
        "-preader.json -c app",
        "-a d -p reader.json -u app",
        "-n web -l app",
        "-nweb -l app",
        "--namespace web -l app",
        "--namepace web -l app",
        "--role-name mine -l app",
        "--timeout 5m -l app",
        "--context dev --insecure-skip-tls-verify -s https://host -l app",
        "--adopt -c app",
        "--force-conflicts -c app",
        "-h -l app",
        "-l",
        "-n -l app",
    ],
)
def test_it_is_meant_by_its_flags_wherever_they_stand(line: str) -> None:
    assert is_meant(line.split())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--help",
        "--version",
        "create app -p reader.json",
        "list -l app",
        "-n web list app",
        "-n=web create app --create x",
        "-- -c app",
        "-n web app -c",
        "--created app",
        "--context -c-is-no-flag list",
        "--context --cut list",
        "--unknown app",
    ],
)
def test_it_is_not_meant_after_a_verb_or_without_its_flags(line: str) -> None:
    assert not is_meant(line.split())


@pytest.mark.parametrize("namespace", ["-c", "--list", "-u"])
def test_a_flag_of_its_own_is_never_a_value(namespace: str) -> None:
    assert is_meant(["-n", namespace, "app"])


@pytest.mark.parametrize(("job", "short"), [("create", "-c"), ("update", "-u"), ("list", "-l")])
def test_what_to_do_in_each_spelling(job: str, short: str) -> None:
    spellings = [(short, "app"), (f"{short}=app",), (f"{short}app",), (f"--{job}", "app"), (f"--{job}=app",)]
    for words in spellings:
        assert said(*words)[job] == "app", words


@pytest.mark.parametrize(
    ("key", "short", "long"),
    [("policy", "-p", "--policy"), ("action", "-a", "--action"), ("namespace", "-n", "--namespace")],
)
def test_its_other_flags_in_each_spelling(key: str, short: str, long: str) -> None:
    wanted: Any = ["a"] if key == "policy" else "a"
    for words in [(short, "a"), (f"{short}=a",), (f"{short}a",), (long, "a"), (f"{long}=a",)]:
        assert said("-l", "app", *words)[key] == wanted, words


@pytest.mark.parametrize("words", [("--namepace", "web"), ("--namepace=web",)])
def test_the_misspelling_of_its_usage_text_is_taken(words: tuple[str, ...]) -> None:
    assert said("-l", "app", *words)["namespace"] == "web"


WRONG = [
    ("-c", 'flag -c requires a value; see "kubectl iamsa -l NAME --help"'),
    ("-c -p x", 'flag -c requires a value; see "kubectl iamsa -l NAME --help"'),
    ("-n -c app -p x", 'flag -n requires a value; see "kubectl iamsa -l NAME --help"'),
    ("-c app", "-c requires exactly one -p, got 0; add -p POLICY"),
    ("-c app -p x -p y", "-c requires exactly one -p, got 2; add the other policies with -u"),
    ("-c app -p x -a a", "-a cannot be combined with -c; remove it, or use -u instead of -c"),
    ("-c app -p x -u app", "-c and -u cannot be combined; use one of them"),
    ("-c app -u app -l app", "-c and -u and -l cannot be combined; use one of them"),
    ("-u app -a a", "-u requires a policy; add -p POLICY"),
    ("-u app -p x", "-u requires an action; add -a a to add the policy, or -a d to delete it"),
    (
        "-u app -p x -a z",
        'invalid value "z" for -a: must be one of a, add, u, update, d, delete;'
        ' see "kubectl iamsa -l NAME --help"',
    ),
    (
        "-u app -p x -a A",
        'invalid value "A" for -a: must be one of a, add, u, update, d, delete;'
        ' see "kubectl iamsa -l NAME --help"',
    ),
    ("-l app -p x", "-p cannot be combined with -l; remove it, or use -u instead of -l"),
    ("-l app -a d", "-a cannot be combined with -l; remove it, or use -u instead of -l"),
    ("-l app --adopt", "--adopt cannot be combined with -l; remove it, or use -u instead of -l"),
    (
        "-l app --force-conflicts",
        "--force-conflicts cannot be combined with -l; remove it, or use -u instead of -l",
    ),
    (
        "-l app other",
        'iam-serviceaccount accepts no arguments, got 1: "other"; see "kubectl iamsa -l NAME --help"',
    ),
    (
        "-l app --nmespace web",
        "unknown flag --nmespace; did you mean --namespace?",
    ),
    (
        "-c App -p x",
        'invalid value "App" for the ServiceAccount\'s name: must be a valid Kubernetes name; use "app"',
    ),
    (
        "-l app -n Web",
        'invalid value "Web" for --namespace: must be a valid Kubernetes name; use "web"',
    ),
    (
        "-l app --role-name a/b",
        'invalid value "a/b" for --role-name: must contain only letters, digits and _ + = , . @ -; remove',
    ),
    ("-l app --timeout never", 'invalid value "never" for --timeout: '),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG, ids=[line for line, _ in WRONG])
def test_one_sentence_for_each_wrong_use(iamsa: Callable[..., Any], line: str, sentence: str) -> None:
    done = iamsa(*line.split())
    assert done.code == 2
    assert done.error.startswith(sentence)


@pytest.mark.parametrize("words", [("-c", "", "-p", "x"), ("--create=", "-p", "x"), ("-l=",)])
def test_a_name_may_not_be_empty(iamsa: Callable[..., Any], words: tuple[str, ...]) -> None:
    done = iamsa(*words)
    assert done.code == 2
    assert 'invalid value "" for the ServiceAccount\'s name: must not be empty' in done.error


def test_an_empty_namespace_is_not_replaced_by_the_environment_s(iamsa: Callable[..., Any]) -> None:
    done = iamsa("-l", "app", "-n", "", KUBECTL_NAMESPACE="web")
    assert done.code == 2
    assert done.error.startswith('invalid value "" for --namespace: must not be empty')


def test_a_namespace_of_the_environment_that_cannot_be_right(iamsa: Callable[..., Any]) -> None:
    done = iamsa("-l", "app", KUBECTL_NAMESPACE="Web")
    assert done.code == 1
    assert (
        done.error == 'invalid value "Web" for KUBECTL_NAMESPACE: must be a valid Kubernetes name; use "web"'
    )


@pytest.mark.parametrize("line", ["-l app --help", "-h -c app", "-u app -h"])
def test_it_has_a_help_of_its_own(iamsa: Callable[..., Any], line: str) -> None:
    done = iamsa(*line.split())
    assert (done.code, done.err) == (0, "")
    assert "\nUsage:\n  kubectl iamsa -c NAME" in done.out
    for flag in ("-u, --update", "-l, --list", "-a, --action", "--adopt", "--namepace"):
        assert flag in done.out
