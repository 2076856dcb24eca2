# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sentences that name options, in the words of the command line, of a task and of nobody."""

from __future__ import annotations

import pytest
from kubectl_iamsa.spelling import spelled

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.task.words import in_words
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import (
    THE_PROGRAM,
    THE_TRACEBACK,
    THIS_RUN,
    Command,
    Either,
    Option,
    Phrase,
    Text,
    joined,
)

PLACE = (Option("namespace", "web"), Option("policy", "a b"))
SENTENCES = {
    "a switch": (
        "add " + Option("adopt") + " to adopt it",
        "add --adopt to adopt it",
        "add adopt: true to adopt it",
        "add <adopt> to adopt it",
    ),
    "a name": ("give " + Option("role_name"), "give --role-name", "give role_name", "give <role_name>"),
    "another name": (
        "give " + Option("certificate_authority"),
        "give --certificate-authority",
        "give ca_cert",
        "give <certificate_authority>",
    ),
    "a switch that is on by default": (
        "leave out " + Option("insecure_skip_tls_verify"),
        "leave out --insecure-skip-tls-verify",
        "leave out k8s_validate_certs: false",
        "leave out <insecure_skip_tls_verify>",
    ),
    "a value": (Option("role_name", "x"), "--role-name x", "role_name: x", "<role_name=x>"),
    "a value to be quoted": (
        Option("audience", "a b"),
        "--audience 'a b'",
        'audience: "a b"',
        "<audience=a b>",
    ),
    "one of a list": (
        Option("policy", "x") + " is not there",
        "--policy x is not there",
        "policies: [x] is not there",
        "<policy=x> is not there",
    ),
    "a command": (
        "create it with " + Command("create"),
        "create it with kubectl iamsa create",
        "create it with state: present",
        "create it with <create>",
    ),
    "a command in full": (
        Command("update", "app", (*PLACE, Option("rebind"))),
        "kubectl iamsa update app -n web -p 'a b' --rebind",
        'state: present, name: app, namespace: web, policies: ["a b"], rebind: true',
        "<update app namespace=web policy=a b rebind>",
    ),
    "a deletion": (Command("delete", "app"), "kubectl iamsa delete app", "state: absent, name: app", None),
    "this run": ("run " + THIS_RUN + " again", "run the same command again", "run the same task again", None),
    "the program": (THE_PROGRAM, "kubectl iamsa …", "ansible-playbook …", None),
    "the traceback": (
        THE_TRACEBACK,
        "the traceback that IAMSA_DEBUG=1 shows",
        "the one that ANSIBLE_DISPLAY_TRACEBACK=error shows",
        None,
    ),
    "two ways": (
        Either("wait", "give " + Option("timeout")),
        "wait, or give --timeout",
        "wait, or give timeout",
        "wait, or give <timeout>",
    ),
    "three ways, of which a task has two": (
        Either("wait", "go", Option("ignore_not_found") + " if that is well"),
        "wait, go, or --ignore-not-found if that is well",
        "wait, or go",
        None,
    ),
    "a last way": (
        "a " + Either(Option("user"), Option("context"), last=" or "),
        "a --user or --context",
        "a context",
        "a <user> or <context>",
    ),
    "one letter": (
        "check " + Option("namespace", brief=True),
        "check -n",
        "check namespace",
        "check <namespace>",
    ),
    "two ways, of which the command line has one": (
        Either("wait", "set " + Option("force") + " to go on"),
        "wait",
        "wait, or set force: true to go on",
        "wait, or set <force> to go on",
    ),
    "a module's": (
        "set " + Option("purge_audiences"),
        "set purge_audiences: true of the module iam_oidc_provider",
        "set purge_audiences: true",
        "set <purge_audiences>",
    ),
    "another verb's": (
        Option("rebind", of="update"),
        "--rebind of kubectl iamsa update",
        "rebind: true",
        "<rebind>",
    ),
    "one way": (Either("wait"), "wait", "wait", "wait"),
    "other programs' flags": ("run aws eks --adopt", "run aws eks --adopt", "run aws eks --adopt", None),
    "a list": (
        joined(", ", ["a", Option("adopt"), "b"]),
        "a, --adopt, b",
        "a, adopt: true, b",
        "a, <adopt>, b",
    ),
}


@pytest.mark.parametrize(
    ("sentence", "command_line", "task", "neutral"), SENTENCES.values(), ids=SENTENCES.keys()
)
def test_each_front_end_has_its_words(
    sentence: str | Phrase, command_line: str, task: str, neutral: str | None
) -> None:
    assert spelled(sentence) == command_line
    assert in_words(sentence) == task
    assert neutral in (None, str(sentence))


def test_sentences_that_say_the_same_are_equal() -> None:
    one, same, other = (Text("add ", Option(name), ".") for name in ("adopt", "adopt", "rebind"))
    assert one == same == "add " + Option("adopt") + "."
    assert len({one, same, other}) == 2


def test_no_phrase_is_taken_for_another_kind() -> None:
    assert Option("adopt") != Text("adopt")
    assert Option("adopt") != "adopt"


def test_a_sentence_of_nothing_is_false() -> None:
    assert not Text("", Text())
    assert Text("", Option("adopt"))


def test_it_is_known_which_options_a_sentence_names() -> None:
    sentence = "run " + Command("create", given=PLACE) + Either("or ", Option("adopt"))
    assert [one.name for one in sentence.options()] == ["namespace", "policy", "adopt"]


def test_an_error_is_one_sentence() -> None:
    error = Refused("role x is there", remedy="add " + Option("adopt"))
    error.add("no" + Option("rebind"))
    assert spelled(error.sentence) == "role x is there; also, no--rebind; add --adopt"
    assert str(error) == "role x is there; also, no<rebind>; add <adopt>"


def test_a_value_is_named_by_its_option() -> None:
    error = InvalidValue(Option("tag"), "x", "has no '='", remedy="write key=value")
    assert spelled(error.sentence) == "invalid value \"x\" for --tag: has no '='; write key=value"
    assert in_words(error.sentence) == "invalid value \"x\" for tags: has no '='; write key=value"
    assert in_words(error.resource) == "tags"
